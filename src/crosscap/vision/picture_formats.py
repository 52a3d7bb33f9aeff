"""The formats of pictures that are read, and names for files that are something else."""

from __future__ import annotations

from pathlib import Path

FORMATS = ("JPEG", "PNG", "WEBP", "GIF", "BMP")
"""Pillow's names of what is read. Its other forty decoders see little use and are surface to attack, and TIFF means a
large library for what no set of photographs is published in. Multi-picture files (MPO) are read as JPEG."""

SUFFIXES = (".jpg", ".jpeg", ".png", ".webp", ".gif", ".bmp")

UNREAD_SUFFIXES = (".heic", ".heif", ".avif", ".tif", ".tiff", ".jxl", ".jp2", ".svg")
"""Of pictures in other formats: nobody should wonder where they went."""

_HEAD = 512
_SIGNATURES = (
    (b"II*\0", "a TIFF picture"),
    (b"MM\0*", "a TIFF picture"),
    (b"II+\0", "a TIFF picture"),
    (b"MM\0+", "a TIFF picture"),
    (b"\0\0\0\x0cJXL ", "a JPEG XL picture"),
    (b"\xff\x0a", "a JPEG XL picture"),
    (b"\0\0\0\x0cjP  ", "a JPEG 2000 picture"),
    (b"\xff\xd8\xff", "a damaged JPEG picture"),
    (b"\x89PNG", "a damaged PNG picture"),
    (b"GIF8", "a damaged GIF picture"),
    (b"8BPS", "a Photoshop file"),
    (b"%PDF", "a PDF document"),
    (b"version https://git-lfs", "a pointer to a file in Git LFS"),
    (b"PK\x03\x04", "a ZIP archive"),
    (b"\x1f\x8b", "a gzip archive"),
)  # fmt: skip
_BRANDS = {b"avif": "an AVIF picture", b"avis": "an AVIF picture"} | dict.fromkeys(
    (b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1"), "a HEIC picture"
)


def name_of(path: Path) -> str:
    """What a file that is no picture we read seems to be: ``a HEIC picture``, ``an SVG drawing``, ``an empty file``, …

    Raises:
        OSError: it cannot be read.
    """
    with open(path, "rb") as stream:
        head = stream.read(_HEAD)
    if not head:
        return "an empty file"
    for signature, name in _SIGNATURES:
        if head.startswith(signature):
            return name
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return "a damaged WebP picture"
    if head[4:8] == b"ftyp":
        return _BRANDS.get(head[8:12], "a video")
    text = head.removeprefix(b"\xef\xbb\xbf").lstrip().lower()
    if text.startswith(b"<"):
        return "an SVG drawing" if b"<svg" in text else "a web page or XML"
    return "data that is no picture"
