"""Captions of images as people publish them: Flickr8k's lines, COCO's JSON, AI Challenger's JSON."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from crosscap.errors import InputError
from crosscap.text.encodings import broken_byte, conversion, probable_encoding
from crosscap.text.json_stream import iterate_array
from crosscap.text.lines import read_text_lines
from crosscap.text.parallel import Pair, kept_pair
from crosscap.text.source_file import SourceFile

# ``IMAGE.jpg#enc#0 caption`` (Flickr8k-CN) or ``IMAGE.jpg#0<TAB>caption`` (Flickr8k)
CAPTION_LINE = re.compile(r"(?P<image>[^#\s]+)#(?:[^#\s]+#)?(?P<index>\d{1,9})\s+(?P<text>\S.*)", re.ASCII | re.DOTALL)

NO_IMAGE = "-"  # stands for the image of a caption that has none


@dataclass(frozen=True, slots=True)
class Caption:
    """One caption. ``image`` is the picture's file name without its suffix, ``line`` where it stood."""

    image: str
    index: int
    text: str
    line: int

    @property
    def key(self) -> str:
        """What a caption and its translations share: ``IMAGE#INDEX``."""
        return f"{self.image}#{self.index}"


def read_caption_lines(file: SourceFile, images: Collection[str] | None) -> Iterator[Caption]:
    """Captions from lines such as ``IMAGE.jpg#enc#0 A dog runs .``, of ``images`` alone if given.

    Raises:
        InputError: the file is not UTF-8, or most of its lines are no such lines.
    """
    for number, line in enumerate(file.lines(), 1):
        file.read += 1
        text = file.text(number, line)
        if text is None:
            continue
        match = CAPTION_LINE.fullmatch(text.strip())
        if match is None:
            file.set_aside(number, "no `IMAGE#INDEX caption` line", text, malformed=bool(text.strip()))
        elif caption := _selected(file, images, Path(match["image"]).stem, int(match["index"]), match["text"], number):
            yield caption
    file.finish()


def read_plain_captions(file: SourceFile) -> Iterator[Caption]:
    """Captions that stand one a line, of no image.

    Raises:
        InputError: the file is not UTF-8, or has no line that could be kept.
    """
    for number, line in enumerate(file.lines(), 1):
        file.read += 1
        text = file.text(number, line)
        if text is not None and (caption := _selected(file, None, NO_IMAGE, 0, text, number)):
            yield caption
    file.finish()


def read_coco_captions(file: SourceFile, images: Collection[str] | None) -> Iterator[Caption]:
    """Captions of a COCO captions JSON; ``line`` is the annotation's number, ``index`` counts an image's captions.

    The file is read whole: its images may stand behind its annotations.

    Raises:
        InputError: no such file, or annotations without an image's name or a caption.
    """
    file.unit = "annotations"
    value = _whole_json(file)
    try:
        names = {image["id"]: Path(image.get("file_name", str(image["id"]))).stem for image in value["images"]}
        found = [(names[note["image_id"]], str(note["caption"])) for note in value["annotations"]]
    except (KeyError, TypeError, AttributeError) as error:
        found_instead = f"{type(error).__name__} {error}"
        expected = "COCO captions: images [{id, file_name}] and annotations [{image_id, caption}]"
        raise InputError(file.path, found_instead, expected) from None
    yield from _numbered(file, images, enumerate(found, 1))
    file.finish()


def _whole_json(file: SourceFile) -> Any:
    content = b"".join(file.blocks(lambda: 1))
    try:
        return json.loads(content.decode())
    except UnicodeDecodeError as error:
        remedy = conversion(file.path, probable_encoding(content))
        raise InputError(file.path, broken_byte(error), "UTF-8 text", remedy) from None
    except json.JSONDecodeError as error:
        raise InputError(file.path, f"{error.msg} at column {error.colno}", "valid JSON", record=error.lineno) from None
    except (RecursionError, ValueError) as error:  # a number of thousands of digits
        raise InputError(file.path, str(error), "COCO captions") from None


def read_challenger_captions(file: SourceFile, images: Collection[str] | None) -> Iterator[Caption]:
    """Captions of AI Challenger's ``caption_train_annotations_20170902.json``, in constant memory.

    The file is an array of ``{"image_id": "8f00….jpg", "caption": [five sentences], "url": …}``.

    Raises:
        InputError: no JSON array in UTF-8, or most of its elements are no such objects.
    """
    file.unit = "captions"
    yield from _numbered(file, images, _challenger_captions(file))
    file.finish()


def _challenger_captions(file: SourceFile) -> Iterator[tuple[int, tuple[str, str]]]:
    for number, element in iterate_array(file):
        entry: dict[str, Any] = element if isinstance(element, dict) else {}
        image, captions = entry.get("image_id"), entry.get("caption")
        if isinstance(image, str) and isinstance(captions, list) and all(isinstance(c, str) for c in captions):
            for caption in captions:
                yield number, (Path(image).stem, caption)
        else:
            file.read += 1
            file.set_aside(number, "no image_id with a list of captions", str(element), malformed=True)


def _numbered(
    file: SourceFile, images: Collection[str] | None, found: Iterator[tuple[int, tuple[str, str]]]
) -> Iterator[Caption]:
    """Captions that follow each other image by image or not, each with its number among its image's."""
    seen: dict[str, int] = {}
    for number, (image, text) in found:
        file.read += 1
        index = seen[image] = seen.get(image, -1) + 1
        if caption := _selected(file, images, image, index, text, number):
            yield caption


def _selected(
    file: SourceFile, images: Collection[str] | None, image: str, index: int, text: str, number: int
) -> Caption | None:
    text = " ".join(text.split())
    if images is not None and image not in images:
        file.unselected += 1
    elif not text or not image:
        file.set_aside(number, "empty caption" if image else "no name of an image", text)
    else:
        try:
            (image + text).encode()
        except UnicodeEncodeError:
            file.set_aside(number, "half of a surrogate pair", repr(text))
            return None
        file.kept += 1
        return Caption(image, index, text, number)
    return None


def read_caption_pairs(source: SourceFile, target: SourceFile, images: Collection[str] | None) -> Iterator[Pair]:
    """Two Flickr8k caption files, in which captions of one image and index belong together.

    The target's selected captions are held in memory, as they may stand in another order.

    Args:
        images: names (without suffix) of the images whose captions to take; None takes all.

    Raises:
        InputError: a file is not UTF-8, or holds other lines.
    """
    translations: dict[str, Caption] = {}
    for caption in read_caption_lines(target, images):
        first = translations.setdefault(caption.key, caption)
        if first is not caption:
            _return(target, caption, f"stands twice: {caption.key}, first on line {first.line}")
    used = set[str]()
    for caption in read_caption_lines(source, images):
        translation = translations.get(caption.key)
        if translation is None:
            _return(source, caption, f"no partner: {caption.key} in {target.name}")
        elif caption.key in used:
            _return(source, caption, f"stands twice: {caption.key}")
        else:
            used.add(caption.key)
            source.kept -= 1  # kept_pair counts it again
            pair = kept_pair(source, caption.line, caption.text, translation.text, caption.key)
            if pair:
                yield pair
    for key, caption in translations.items():
        if key not in used:
            _return(target, caption, f"no partner: {caption.key} in {source.name}")
    source.finish()
    target.finish()


def _return(file: SourceFile, caption: Caption, reason: str) -> None:
    """Set aside a caption that counts as kept."""
    file.kept -= 1
    file.set_aside(caption.line, reason, caption.text)


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
