"""Drawings as PNG, for where an SVG cannot be shown."""

from __future__ import annotations

import re

import resvg_py

from crosscap.errors import InputError

VARIABLE = re.compile(r"var\(--[a-z-]+,([^()]*)\)")
SIZE = re.compile(r'width="(\d+)" height="(\d+)"')
ZOOM = 2.0
MAX_PIXELS = 100_000_000
PROBE = '<svg xmlns="http://www.w3.org/2000/svg" width="16" height="16"><text y="14">M</text></svg>'


def png_of(svg: str) -> bytes:
    """Render a drawing, twice as large as it says or less where that would be huge.

    Text is set in the fonts of the system; a script without a font (Chinese needs one, such as Noto Sans CJK) leaves
    gaps.

    Raises:
        InputError: there is no font at all.
    """
    # Names without letters would be a picture that lies.
    blank = resvg_py.svg_to_bytes(svg_string=PROBE.replace("M", ""), skip_system_fonts=True)
    if resvg_py.svg_to_bytes(svg_string=PROBE) == blank:
        raise InputError("the system's fonts", "none", "at least one", "Write an SVG, or install DejaVu or Noto fonts.")
    size = SIZE.search(svg)
    pixels = int(size[1]) * int(size[2]) if size else 1
    zoom = min(ZOOM, (MAX_PIXELS / max(pixels, 1)) ** 0.5)
    return bytes(resvg_py.svg_to_bytes(svg_string=VARIABLE.sub(r"\1", svg), zoom=zoom))
