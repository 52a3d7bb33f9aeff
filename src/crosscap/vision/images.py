"""Reading pictures that may be hostile: each becomes upright RGB within stated time and memory, or a clear error."""

from __future__ import annotations

import errno
import stat
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageChops, UnidentifiedImageError

from crosscap.errors import InputError
from crosscap.vision.picture_formats import FORMATS, name_of

Picture = NDArray[np.uint8]
"""Upright RGB, [height, width, 3]."""

MAX_PIXELS = 128_000_000
"""Larger pictures are refused by their header, since a small file can unpack to gigabytes. Phones' 12,000 x 9,000 pass.
Decoding takes up to 4 bytes a pixel (progressive JPEG: 6), so 0.8 GB at most."""

WEBP_SHARE = 4
"""WebP's decoder holds four copies: such pictures may have but `MAX_PIXELS` over this."""

FULL_PIXELS = 16_000_000
"""Larger ones come reduced by 2, 4 or 8 to at most this: four times what a detector's 2,000 x 2,000 could use."""

MAX_RATIO = 32
"""Of the long side to the short one. What is thinner shows no object, and a detector would shrink it to nothing."""

MAX_BYTES = 1_000_000_000
"""Of a file: no picture of `MAX_PIXELS` needs more, and what stands before the pixels must be read, too."""

MAX_SCANNED = 4_000_000_000
"""Pixels times scans of a JPEG. Each scan goes over the whole picture and needs but some bytes of the file, so a
thousand would take minutes. Progressive ones have about ten."""

_REMEDY = "Remove the file or save it again as JPEG or PNG."
_STRIP_PIXELS = 4_000_000
_ORIENTATION = 0x0112
_UPRIGHT = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
# Of the machine, not of the picture: to go on would call good pictures bad.
_EXHAUSTED = (errno.EMFILE, errno.ENFILE, errno.ENOMEM)


@dataclass(frozen=True)
class OpenedPicture:
    """A decoded picture and its size in the file.

    Attributes:
        pixels: upright RGB, reduced where the picture has more than `FULL_PIXELS`.
        width, height: of the upright picture before it was reduced.
    """

    pixels: Picture
    width: int
    height: int

    def to_original(self, boxes: NDArray[np.float32]) -> NDArray[np.float32]:
        """Boxes [N, 4] ``x0, y0, x1, y1`` in ``pixels`` -> in the picture as it was before it was reduced."""
        return boxes * self._scale()

    def to_pixels(self, boxes: NDArray[np.float32]) -> NDArray[np.float32]:
        """The other way."""
        return boxes / self._scale()

    def _scale(self) -> NDArray[np.float32]:
        height, width = self.pixels.shape[:2]
        return np.array((self.width / width, self.height / height) * 2, dtype=np.float32)


def load_picture(path: str | Path) -> Picture:
    """The pixels of `open_picture`, for who does not ask where in the file something is."""
    return open_picture(path).pixels


def open_picture(path: str | Path) -> OpenedPicture:
    """Decode a picture of any mode (palette, gray, 16 bit, CMYK, transparent) and turn it as its EXIF data say.

    Transparent parts become white; of an animation or several pages the first counts; colour profiles are ignored, as
    detectors are trained without them. Links are followed: data sets are often made of them.

    Raises:
        InputError: missing, no regular file, of no format in `FORMATS`, damaged, or beyond one of the limits above.
        OSError: the machine has no memory or no file handle left.
    """
    path = Path(path)
    with _opened(path) as image:
        width, height = image.size
        factor = next(factor for factor in (1, 2, 4, 8) if width * height <= FULL_PIXELS * factor**2)
        if factor > 1:
            # A JPEG can be decoded at a part of its size; other formats keep theirs.
            image.draft(None, (width // factor, height // factor))
            factor = max(1, factor * image.width // width)
        image.load()
        orientation = _orientation(image)
        pixels = _rgb(image, factor)
    if orientation in _UPRIGHT:
        pixels = pixels.transpose(_UPRIGHT[orientation])
    if orientation >= 5:
        width, height = height, width
    return OpenedPicture(np.array(pixels, dtype=np.uint8), width, height)


def picture_size(path: str | Path) -> tuple[int, int]:
    """Width and height of the upright picture, of most formats without decoding it.

    Raises:
        InputError: as `open_picture`, but damage behind the header may go unnoticed.
    """
    with _opened(Path(path)) as image:
        width, height = image.size
        return (height, width) if _orientation(image) >= 5 else (width, height)


@contextmanager
def _opened(path: Path) -> Iterator[Image.Image]:
    """The picture's header, checked; what goes wrong in the block is the picture's fault and becomes an InputError."""
    try:
        status = path.stat()
        if not stat.S_ISREG(status.st_mode):
            # Opening a pipe would wait forever.
            raise InputError(path, "a folder" if stat.S_ISDIR(status.st_mode) else "no regular file", "a picture")
        if status.st_size > MAX_BYTES:
            raise InputError(path, f"{status.st_size} bytes", f"a picture of at most {MAX_BYTES} bytes", _REMEDY)
        with warnings.catch_warnings():
            # Odd metadata, and large pictures that Pillow would rather not open; our own limit comes next.
            warnings.simplefilter("ignore")
            with Image.open(path, formats=FORMATS) as image:
                _check_size(path, *image.size, MAX_PIXELS // (WEBP_SHARE if image.format == "WEBP" else 1))
                if image.format in ("JPEG", "MPO"):
                    _check_scans(path, image.width * image.height)
                yield image
    except (InputError, MemoryError):
        raise
    except UnidentifiedImageError:
        raise InputError(path, name_of(path), "a picture (JPEG, PNG, …)", _REMEDY) from None
    except Image.DecompressionBombError:
        raise InputError(path, "too many pixels", f"at most {MAX_PIXELS}", "Shrink it.") from None
    except FileNotFoundError:
        raise InputError(path, "no such file", "a picture") from None
    except OSError as error:
        if error.errno in _EXHAUSTED:
            raise
        found = (
            f"a damaged picture ({error})" if error.errno is None else f"a file that cannot be read: {error.strerror}"
        )
        raise InputError(path, found, "a whole picture", _REMEDY) from None
    except Exception as error:
        # Decoders stumble over broken data in every way (struct.error, KeyError, SyntaxError, ZeroDivisionError, …).
        found = f"a damaged picture ({type(error).__name__}: {error})"
        raise InputError(path, found, "a whole picture", _REMEDY) from None


def _check_size(path: Path, width: int, height: int, most: int) -> None:
    if width * height > most:
        raise InputError(path, f"{width} x {height} pixels", f"at most {most} pixels", "Shrink it.")
    if max(width, height) > MAX_RATIO * min(width, height):
        expected = f"sides of at most {MAX_RATIO} to 1"
        raise InputError(path, f"{width} x {height} pixels", expected, "Crop it.")


def _check_scans(path: Path, pixels: int) -> None:
    # Inside of compressed data a 0xFF is followed by 0x00 or a restart marker: this counts scans and nothing else
    # but those of embedded previews.
    scans = path.read_bytes().count(b"\xff\xda")
    if scans * pixels > MAX_SCANNED:
        raise InputError(path, f"{scans} scans in a JPEG", "about ten", _REMEDY)


def _orientation(image: Image.Image) -> int:
    try:
        orientation = image.getexif().get(_ORIENTATION, 1)
    except Exception:  # damaged EXIF data: the picture may be whole, and most stand upright
        return 1
    return orientation if isinstance(orientation, int) and 1 <= orientation <= 8 else 1


def _rgb(image: Image.Image, factor: int) -> Image.Image:
    """``image`` in RGB, reduced by ``factor``, without a second whole copy of a large one."""
    if factor == 1:
        return _to_rgb(image)
    if image.mode in ("L", "RGB", "CMYK") and "transparency" not in image.info:
        return _to_rgb(image.reduce(factor))
    # Other modes have to be converted before pixels can be averaged, so strip by strip.
    rows = max(1, _STRIP_PIXELS // image.width // factor) * factor
    small = Image.new("RGB", (-(-image.width // factor), -(-image.height // factor)))
    for top in range(0, image.height, rows):
        strip = image.crop((0, top, image.width, min(top + rows, image.height)))
        small.paste(_to_rgb(strip).reduce(factor), (0, top // factor))
    return small


def _to_rgb(image: Image.Image) -> Image.Image:
    transparency = image.info.get("transparency")
    if image.mode.startswith("I"):  # 16 bit gray
        values = np.asarray(image)
        gray = (values / 65535 * 255).clip(0, 255).astype(np.uint8)
        gray[values == transparency] = 255
        return Image.fromarray(gray).convert("RGB")
    if image.mode == "CMYK" and "adobe" not in image.info:
        # Pillow takes every CMYK for Adobe's, which stores it inverted.
        return ImageChops.invert(image).convert("RGB")
    if image.mode in ("RGBA", "LA", "PA") or transparency is not None:
        rgba = image.convert("RGBA")
        return Image.alpha_composite(Image.new("RGBA", image.size, "white"), rgba).convert("RGB")
    return image.convert("RGB")
