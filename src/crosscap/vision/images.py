"""Reading pictures safely: every picture becomes upright RGB, everything else a clear error."""

from __future__ import annotations

import warnings
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageOps, UnidentifiedImageError

from crosscap.errors import InputError

Picture = NDArray[np.uint8]
"""Upright RGB, [height, width, 3]."""

MAX_PIXELS = 64_000_000
"""Larger pictures are refused before they are decoded: a small file can unpack to gigabytes."""

_REMEDY = "Remove the file or save it again as JPEG or PNG."


def load_picture(path: str | Path) -> Picture:
    """Decode a picture of any mode (palette, gray, 16 bit, CMYK, transparent) and turn it as its EXIF data say.

    Transparent parts become white.

    Raises:
        InputError: missing, no picture, truncated, empty, or of more than `MAX_PIXELS` pixels.
    """
    path = Path(path)
    try:
        with warnings.catch_warnings():
            # Pillow only warns below twice its own limit; ours is checked from the header, before decoding.
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)
            with Image.open(path) as image:
                width, height = image.size
                if width * height > MAX_PIXELS:
                    raise InputError(path, f"{width} x {height} pixels", f"at most {MAX_PIXELS} pixels", "Shrink it.")
                return np.array(_to_rgb(ImageOps.exif_transpose(image)), dtype=np.uint8)
    except FileNotFoundError:
        raise InputError(path, "no such file", "a picture") from None
    except IsADirectoryError:
        raise InputError(path, "a folder", "a picture") from None
    except UnidentifiedImageError:
        raise InputError(path, "data that is no picture", "a picture (JPEG, PNG, …)", _REMEDY) from None
    except Image.DecompressionBombError:
        raise InputError(path, "too many pixels", f"at most {MAX_PIXELS} pixels", "Shrink it.") from None
    except (OSError, SyntaxError, ValueError, EOFError) as error:
        # Pillow reports a file that ends early, or broken chunks, by any of these.
        raise InputError(path, f"a damaged picture ({error})", "a whole picture", _REMEDY) from None


def _to_rgb(image: Image.Image) -> Image.Image:
    if image.mode.startswith("I;16") or image.mode in ("I", "F"):
        values = np.asarray(image, dtype=np.float64)
        # 16 bit by the mode; "I" holds 16-bit PNGs too. Floats are taken as 0..1 where they fit.
        full = 65535.0 if image.mode != "F" else max(1.0, float(values.max(initial=0.0)))
        return Image.fromarray((values / full * 255).clip(0, 255).astype(np.uint8)).convert("RGB")
    if image.mode in ("RGBA", "LA", "PA") or "transparency" in image.info:
        image = image.convert("RGBA")
        paper = Image.new("RGBA", image.size, "white")
        return Image.alpha_composite(paper, image).convert("RGB")
    return image.convert("RGB")
