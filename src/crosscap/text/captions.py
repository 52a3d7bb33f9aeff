"""Captions of images as people publish them: Flickr8k's lines and COCO's JSON."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from pathlib import Path

from crosscap.errors import InputError
from crosscap.io.artifacts import read_json
from crosscap.text.lines import Decoder, Quarantined, read_lines, read_text_lines

# ``IMAGE.jpg#enc#0 caption`` (Flickr8k-CN) or ``IMAGE.jpg#0<TAB>caption`` (Flickr8k)
_CAPTION_LINE = re.compile(r"(?P<image>[^#\s]+)#(?:[^#\s]+#)?(?P<index>\d+)\s+(?P<text>\S.*)")


@dataclass(frozen=True)
class Caption:
    """One caption. ``image`` is the picture's file name without its suffix, ``line`` where it stood."""

    image: str
    index: int
    text: str
    line: int


def read_caption_file(
    path: str | Path, images: Collection[str] | None, quarantine: list[Quarantined]
) -> Iterator[Caption]:
    """Captions from lines such as ``IMAGE.jpg#enc#0 A dog runs .``, of ``images`` alone if given.

    Raises:
        InputError: the file is not UTF-8.
    """
    path = Path(path)
    decoder = Decoder(path, quarantine)
    for number, line in read_lines(path):
        text = decoder.text(number, line)
        if text is None:
            continue
        match = _CAPTION_LINE.fullmatch(text.strip())
        if match is None:
            quarantine.append(Quarantined(path.name, number, "no `IMAGE#INDEX caption` line"))
            continue
        image = Path(match["image"]).stem
        if images is None or image in images:
            yield Caption(image, int(match["index"]), match["text"], number)
    decoder.check()


def read_coco_captions(path: str | Path, images: Collection[str] | None = None) -> Iterator[Caption]:
    """Captions of a COCO captions JSON; ``line`` is the annotation's number, ``index`` counts an image's captions.

    Raises:
        InputError: no such file, or annotations without an image's name or a caption.
    """
    value = read_json(path)
    try:
        names = {image["id"]: Path(image.get("file_name", str(image["id"]))).stem for image in value["images"]}
        seen: dict[str, int] = {}
        for number, annotation in enumerate(value["annotations"], 1):
            name = names[annotation["image_id"]]
            index = seen[name] = seen.get(name, -1) + 1
            if images is None or name in images:
                yield Caption(name, index, str(annotation["caption"]), number)
    except (KeyError, TypeError) as error:
        found = f"{type(error).__name__} {error}"
        expected = "COCO captions: images [{id, file_name}] and annotations [{image_id, caption}]"
        raise InputError(path, found, expected) from None


def read_image_list(path: str | Path) -> list[str]:
    """Names of images, one a line, without folder and suffix, in the file's order and each once."""
    stems = (Path(line.strip()).stem for _, line in read_text_lines(path) if line.strip())
    return list(dict.fromkeys(stems))


def image_number(name: str) -> int:
    """A COCO image id for an image's name: the number in it, else a number made of its letters.

    ``COCO_val2014_000000412975`` → 412975, ``1000268201_693b08cb0e`` → 1000268201.
    """
    numbers = [part for part in name.split("_") if part.isdecimal() and len(part) >= 4]
    if numbers or name.isdecimal():
        return int(numbers[0] if numbers else name)
    return int(hashlib.sha256(name.encode()).hexdigest()[:13], 16)  # 52 bits: exact in every JSON reader
