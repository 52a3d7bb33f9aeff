"""The user's pictures, captions and graphs → ``data/raw/``."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from crosscap.collection.annotated_pictures import collect_split
from crosscap.collection.caption_files import read_captions
from crosscap.collection.manifest import Manifest
from crosscap.config.collect import EvaluationCaptions, Files, GraphFile, Split
from crosscap.errors import InputError
from crosscap.graph.tables import from_row, to_row
from crosscap.io.artifacts import write_json, write_lines
from crosscap.text.captions import image_number
from crosscap.text.lines import read_text_lines
from crosscap.vision.annotations.vocabulary import Vocabulary

SPLITS: tuple[Split, ...] = ("train", "val", "test")


class ImageNames:
    """The names behind image ids, so that two images never share one."""

    def __init__(self) -> None:
        self._names: dict[int, str] = {}

    def number(self, name: str, path: str | Path) -> int:
        """The id of image ``name``, which stands in file ``path``.

        Raises:
            InputError: another image has the same number in its name.
        """
        number = image_number(name)
        other = self._names.setdefault(number, name)
        if other != name:
            raise InputError(path, f"images {other} and {name}, both of id {number}", "names with different numbers")
        return number


def collect_images(files: Files, names: ImageNames, manifest: Manifest) -> None:
    """Copy the pictures of each split and write its annotations; see `collect_split`.

    Later splits take the names of classes, attributes and predicates from the first that has annotations.

    Raises:
        InputError: a folder that does not exist, or annotations that are broken or of none of its pictures.
    """
    shared: Vocabulary | None = None
    for split in SPLITS:
        found, shared = collect_split(split, files.images.get(split), shared, names.number, manifest)
        manifest.images[split] = [image.id for image in found.images]


def collect_captions(files: Files, targets: Sequence[str], names: ImageNames, manifest: Manifest) -> None:
    """Write ``captions/captions_{val,test}_T.json``, empty where none are given, and enter their images."""
    for split in ("val", "test"):
        for target in targets:
            given = [c for c in files.captions if c.split == split and c.target == target]
            coco = _coco_captions(given, names, manifest)
            path = manifest.folder / "captions" / f"captions_{split}_{target}.json"
            write_json(path, coco)
            manifest.add(path, len(coco["annotations"]), (c.licence for c in given), (c.path for c in given))
            enter_images(manifest, split, [image["id"] for image in coco["images"]])


def _coco_captions(given: Sequence[EvaluationCaptions], names: ImageNames, manifest: Manifest) -> dict[str, Any]:
    images: dict[int, str] = {}
    annotations: list[dict[str, Any]] = []
    for file in given:
        for caption in read_captions(file, f"captions {file.split} {file.target}", manifest):
            number = names.number(caption.image, file.path)
            images[number] = f"{caption.image}.jpg"
            annotations.append({"id": len(annotations) + 1, "image_id": number, "caption": caption.text})
    return {"images": [{"id": n, "file_name": images[n]} for n in sorted(images)], "annotations": annotations}


def collect_graphs(files: Files, names: ImageNames, manifest: Manifest) -> None:
    """Write ``image_graphs/graphs_*.jsonl`` and ``sentences_*.jsonl``, empty where none are given.

    Raises:
        InputError: a line that is no valid scene graph.
    """
    for split in SPLITS:
        graphs = files.image_graphs.get(split)
        rows = list(_graph_lines(graphs)) if graphs else []
        if graphs:
            manifest.add_checked_input(graphs.path, f"image graphs {split}", graphs.licence, len(rows))
        path = manifest.folder / "image_graphs" / f"graphs_{split}.jsonl"
        write_lines(path, (line for _, line in rows))
        manifest.add(path, len(rows), [graphs.licence] if graphs else [], [graphs.path] if graphs else [])
        enter_images(manifest, split, [int(key) for key, _ in rows if key.isdecimal()])

        captions = files.image_sentences.get(split)
        sentences: dict[int, list[str]] = {}
        if captions:
            for caption in read_captions(captions, f"image sentences {split}", manifest):
                sentences.setdefault(names.number(caption.image, captions.path), []).append(caption.text)
        path = manifest.folder / "image_graphs" / f"sentences_{split}.jsonl"
        lines = (json.dumps({"id": n, "sentences": sentences[n]}, ensure_ascii=False) for n in sorted(sentences))
        write_lines(path, lines)
        manifest.add(path, len(sentences), [captions.licence] if captions else [], [captions.path] if captions else [])
        enter_images(manifest, split, list(sentences))


def _graph_lines(file: GraphFile) -> Iterator[tuple[str, str]]:
    for number, line in read_text_lines(file.path):
        if not line.strip():
            continue
        try:
            row = to_row(from_row(json.loads(line)))
        except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
            raise InputError(file.path, f"{type(error).__name__}: {error}", "a scene graph", record=number) from None
        yield row["id"], json.dumps(row, ensure_ascii=False)


def enter_images(manifest: Manifest, split: str, numbers: Sequence[int]) -> None:
    manifest.images[split] = sorted({*manifest.images.get(split, ()), *numbers})
