"""The captions that are judged: a run's, a COCO results file's, or those that people wrote."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import Any

from crosscap.errors import InputError
from crosscap.evaluation.captions import read_results
from crosscap.io.artifacts import read_json
from crosscap.text.tokenizers import tokenizer

REFERENCES = "references"
"""Names captions that people wrote as a system to judge, the paper's GT."""

FULL_STOPS = (".", "。", "．")


@dataclass(frozen=True)
class System:
    """What is judged: its name, where its captions stand, and a caption of each of its images."""

    name: str
    source: str
    captions: Mapping[str, str]


@dataclass(frozen=True)
class Images:
    """COCO captions: the file of each picture and what people wrote about it, by the image's id."""

    path: Path
    files: Mapping[str, str]
    references: Mapping[str, Sequence[str]]

    @classmethod
    def read(cls, path: Path) -> Images:
        """Read ``{"images": [{"id", "file_name"}], "annotations": [{"image_id", "caption"}]}``.

        Raises:
            InputError: the file is no such JSON, or names a picture outside of its folder.
        """
        value = read_json(path)
        expected = "COCO captions: images [{id, file_name}] and annotations [{image_id, caption}]"
        references: dict[str, list[str]] = {}
        try:
            files = {_id(image["id"]): image["file_name"] for image in value["images"]}
            for note in value["annotations"]:
                references.setdefault(_id(note["image_id"]), []).append(_one_line(note["caption"]))
        except (KeyError, TypeError) as error:
            raise InputError(path, f"{type(error).__name__} {error}", expected) from None
        for id, name in files.items():
            if not isinstance(name, str) or Path(name).is_absolute() or ".." in Path(name).parts:
                raise InputError(
                    path, f"the file name {name!r}", "one inside the pictures' folder", record=f"image {id}"
                )
        return cls(path, files, references)


def read_system(words: str, folder: Path, images: Images, seed: int) -> System:
    """A system from ``[NAME=]SOURCE``: a results file, ``RUN[/SET]`` in ``folder``, or `REFERENCES`.

    Args:
        folder: with a folder of results files a run: ``data/captions/T``.
        seed: chooses which of an image's references is judged.

    Raises:
        InputError: there is no such source, or it holds no captions of images, or two of one image.
    """
    name, given, source = words.partition("=")
    if not given or Path(words).is_file():  # a file's name may hold the sign
        name, source = "", words
    if source == REFERENCES:
        chosen = {id: Random(f"{seed}/{id}").choice(texts) for id, texts in sorted(images.references.items()) if texts}
        return System(name or REFERENCES, f"{images.path}, one an image", chosen)
    path = _path(source, folder)
    captions = {id: _one_line(text) for id, text in read_results(path).items()}
    return System(name or (Path(source).stem if path == Path(source) else source), str(path), captions)


def presented(caption: str, language: str) -> str:
    """A caption as every system's is shown: lowercase, spaces as the language has them, no full stop at the end.

    Segmentation, capitals and the last full stop are habits that would tell systems and people apart at a glance.
    """
    words = tokenizer(language)
    tokens = words.tokenize(caption)
    while tokens and tokens[-1] in FULL_STOPS:
        tokens.pop()
    return words.detokenize(tokens)


def _path(source: str, folder: Path) -> Path:
    if Path(source).is_file():
        return Path(source)
    run, _, sentences = source.partition("/")
    path = folder / run / f"{sentences or 'with_phase2'}.json"
    if run in ("", ".", "..") or "/" in sentences or not path.is_file():
        runs = ", ".join(sorted(file.parent.name for file in folder.glob("*/with_phase2.json"))) or "none here"
        expected = f"a results file, RUN or RUN/SET (runs: {runs}), or `{REFERENCES}`, each with NAME= before it or not"
        raise InputError("crosscap judge sheets", f"the system {source!r}", expected, "Name what is to be judged.")
    return path


def _id(value: Any) -> str:
    if isinstance(value, bool) or not isinstance(value, int | str):
        raise TypeError(f"an image id that is {value!r}")
    return str(value)


def _one_line(caption: str) -> str:
    # Half a character (a lone surrogate) could be written into no file.
    return " ".join(str(caption).encode("utf-8", "replace").decode().split())
