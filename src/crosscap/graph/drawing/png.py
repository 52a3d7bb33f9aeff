"""Drawings as PNG, for where an SVG cannot be shown."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import resvg_py
from PIL import ImageFont

from crosscap.errors import InputError
from crosscap.graph.drawing.svg import FONTS

VARIABLE = re.compile(r"var\(--[a-z-]+,([^()]*)\)")
SIZE = re.compile(r'width="(\d+)" height="(\d+)"')
ZOOM = 2.0
MAX_PIXELS = 100_000_000
PROBE = (
    '<svg xmlns="http://www.w3.org/2000/svg" width="16" height="16"><text y="14" style="font-family:{}">{}</text></svg>'
)
FONT_FOLDERS = ("/usr/share/fonts", "/usr/local/share/fonts", "~/.local/share/fonts", "~/.fonts", "/Library/Fonts")


def png_of(svg: str) -> bytes:
    """Render a drawing, twice as large as it says or less where that would be huge.

    Text is set in the fonts of the system; a script without a font (Chinese needs one, such as Noto Sans CJK) leaves
    gaps.

    Raises:
        InputError: there is no font at all.
    """
    size = SIZE.search(svg)
    pixels = int(size[1]) * int(size[2]) if size else 1
    zoom = min(ZOOM, (MAX_PIXELS / max(pixels, 1)) ** 0.5)
    return _rendered(VARIABLE.sub(r"\1", svg), zoom=zoom, **_font())


def _font() -> dict[str, str]:
    """What makes the renderer write: it leaves text out where it knows none of the families that a drawing names."""
    blank = _rendered(PROBE.format(FONTS, ""), skip_system_fonts=True)
    if _rendered(PROBE.format(FONTS, "M")) != blank:
        return {}
    for family in _families():
        if _rendered(PROBE.format(FONTS, "M"), sans_serif_family=family) != blank:
            return {"sans_serif_family": family}
    # Nodes without names would be a picture that lies.
    raise InputError("the system's fonts", "none", "at least one", "Write an SVG, or install DejaVu or Noto fonts.")


def _families() -> Iterator[str]:
    """The families of installed fonts, each once."""
    seen: set[str] = set()
    for folder in FONT_FOLDERS:
        for path in sorted(Path(folder).expanduser().rglob("*.[to]t[fc]")):
            try:
                family = ImageFont.truetype(path).getname()[0]
            except OSError:  # no font, or one that is damaged
                continue
            if family and family not in seen:
                seen.add(family)
                yield family


def _rendered(svg: str, **options: Any) -> bytes:
    return bytes(resvg_py.svg_to_bytes(svg_string=svg, **options))
