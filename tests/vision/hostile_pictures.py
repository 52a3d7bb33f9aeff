"""A folder as people have them: pictures of every kind, and what only looks like one."""

from __future__ import annotations

import io
import os
import struct
import zlib
from pathlib import Path

import numpy as np
from PIL import Image


def jpeg(image: Image.Image, **options: object) -> bytes:
    stream = io.BytesIO()
    image.save(stream, "JPEG", **options)
    return stream.getvalue()


def png_claiming(width: int, height: int) -> bytes:
    """A PNG of a few bytes that says it were so large."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + header + chunk(b"IDAT", zlib.compress(b"")) + chunk(b"IEND", b"")


def write_readable(folder: Path, base: Image.Image) -> list[str]:
    """``base`` in every form that can be read, upright of its size; returns the files' names."""
    turned = Image.Exif()
    turned[0x0112] = 6
    black = Image.new("RGB", base.size)
    depth = Image.fromarray(np.asarray(base.convert("L")).astype(np.uint16) * 257)
    forms: dict[str, tuple[Image.Image, dict[str, object]]] = {
        "plain.jpg": (base, {}),
        "progressive.jpg": (base, {"progressive": True}),
        "cmyk.jpg": (base.convert("CMYK"), {}),
        "gray.jpeg": (base.convert("L"), {}),
        "rotated.jpg": (base.transpose(Image.Transpose.ROTATE_90), {"exif": turned}),
        "damaged-exif.jpg": (base, {"exif": b"Exif\0\0II*\0\xff\xff\xff\xff"}),
        "profile.jpg": (base, {"icc_profile": b"no profile"}),
        "several.jpg": (base, {"format": "MPO", "save_all": True, "append_images": [black]}),
        "sixteen-bits.png": (depth, {}),
        "palette.png": (base.quantize(8), {}),
        "transparent-palette.png": (base.quantize(8), {"transparency": 0}),
        "alpha.png": (base.convert("RGBA"), {}),
        "gray-alpha.png": (base.convert("LA"), {}),
        "one-bit.png": (base.convert("1"), {}),
        "animated.gif": (base, {"save_all": True, "append_images": [black]}),
        "animated.webp": (base, {"save_all": True, "append_images": [black]}),
        "animated.png": (base, {"save_all": True, "append_images": [black]}),
        "PLAIN.BMP": (base, {}),
    }
    for name, (image, options) in forms.items():
        image.save(folder / name, **options)
    (folder / "link.jpg").symlink_to("plain.jpg")
    (folder / "png-inside.jpg").write_bytes((folder / "alpha.png").read_bytes())
    return [*forms, "link.jpg", "png-inside.jpg"]


def write_unreadable(folder: Path, base: Image.Image) -> dict[str, str]:
    """What is no picture to us; returns of each the reason, as far as it is always the same."""
    whole = jpeg(base)
    contents = {
        "truncated.jpg": (whole[:-90], "a damaged picture (image file is truncated"),
        "empty.jpg": (b"", "an empty file"),
        "text.jpg": (b"no picture", "data that is no picture"),
        "page.jpg": (b"<!DOCTYPE html><title>404</title>", "a web page or XML"),
        "drawing.jpg": (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "an SVG drawing"),
        "phone.heic": (b"\0\0\0\x18ftypheic\0\0\0\0mif1heic", "a HEIC picture"),
        "bomb.png": (png_claiming(60_000, 60_000), "too many pixels"),
        "flood.png": (png_claiming(12_000, 11_000), "12000 x 11000 pixels"),
        "hollow.png": (png_claiming(*base.size), "a damaged picture ("),
    }
    for name, (content, _) in contents.items():
        (folder / name).write_bytes(content)
    Image.new("RGB", (1, 5000)).save(folder / "thread.png")
    base.save(folder / "pages.tif", save_all=True, append_images=[base])
    (folder / "folder.jpg").mkdir()
    os.mkfifo(folder / "pipe.jpg")
    (folder / "passwords.jpg").symlink_to("/etc/passwd")
    (folder / "nowhere.jpg").symlink_to("nothing")
    others = {
        "thread.png": "1 x 5000 pixels",
        "pages.tif": "a TIFF picture",
        "folder.jpg": "a folder",
        "pipe.jpg": "no regular file",
        "passwords.jpg": "data that is no picture",
        "nowhere.jpg": "no such file",
    }
    return {name: reason for name, (_, reason) in contents.items()} | others
