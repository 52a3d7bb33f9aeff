"""What a run left about each test image: graph, references, and every system's caption with its scores."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from crosscap.evaluation.score_table import METRICS
from crosscap.graph.scene_graph import SceneGraph
from crosscap.graph.tables import read_graphs
from crosscap.io.artifacts import read_json
from crosscap.io.tables import read_table
from crosscap.text.tokenizers import tokenizer

# Caption sets of a run, in the order in which they stand under a picture; the last where there are gold graphs.
SETS = {"with_phase2": "with phase 2", "without_phase2": "without phase 2", "gold_graphs": "from gold graphs"}
RANKED_BY = "CIDEr"
BETAS = {"beta_G": "β_G", "beta_C": "β_C"}
ABSENT = "objects not there"
CONTENT = ("words", "gloss", "english", "CHAIR objects", *BETAS)


@dataclass(frozen=True)
class EvaluatedImage:
    """One test image.

    Attributes:
        file: the picture below the project's folder; it may not exist (imported graphs) or be damaged.
        references: what people wrote.
    """

    id: str
    file: Path
    graph: SceneGraph
    references: Sequence[str]


@dataclass(frozen=True)
class System:
    """One system's captions: a run with or without phase 2, or from gold graphs. Lists go with the images.

    Attributes:
        captions: as the language is written.
        words: the caption's words as they were scored, one entry's together, of which ``glosses`` are; empty lists
            where no gloss is known.
        scores: metric → the captions' scores; None where it was not computed.
        glosses: for each word its English, "" where unknown.
        english: the caption translated back; "" where it was not.
        absent: objects that the caption names and nothing else does; None where that is not known.
    """

    name: str
    captions: Sequence[str]
    words: Sequence[Sequence[str]]
    scores: Mapping[str, Sequence[float | None]]
    glosses: Sequence[Sequence[str]]
    english: Sequence[str]
    absent: Sequence[Sequence[str] | None]


def read_images(root: Path, target: str) -> list[EvaluatedImage]:
    """The test images of ``target`` in the order of their file.

    Raises:
        InputError: an artifact is missing or is not what the contracts say.
    """
    graphs = {graph.id: graph for graph in read_graphs(root / "data/image_graphs/test.parquet")}
    content = read_json(root / f"data/raw/captions/captions_test_{target}.json")
    references: dict[str, list[str]] = {str(image["id"]): [] for image in content["images"]}
    for annotation in content["annotations"]:
        references[str(annotation["image_id"])].append(annotation["caption"])
    folder = Path("data/raw/images/test")
    return [
        EvaluatedImage(id, folder / image["file_name"], graphs.get(id, SceneGraph(id)), references[id])
        for image in content["images"]
        for id in [str(image["id"])]
    ]


def read_systems(root: Path, target: str, variants: Sequence[str], ids: Sequence[str]) -> list[System]:
    """All systems of the runs ``variants``, those of one run together; errors as `read_images`."""
    systems = []
    for variant in variants:
        scores = _rows(root / f"data/scores/{target}_{variant}.parquet", METRICS)
        contents: dict[tuple[str, str], dict[str, Any]] = {}
        for kind in ("content", "trees"):
            path = root / f"data/scores/{kind}_{target}_{variant}.parquet"
            for key, row in _rows(path, CONTENT).items() if path.exists() else ():
                contents[key] = {**contents.get(key, {}), **row}
        for set, title in SETS.items():
            path = root / f"data/captions/{target}/{variant}/{set}.json"
            if set == "gold_graphs" and not path.exists():
                continue
            captions = {str(entry["image_id"]): str(entry["caption"]).split() for entry in read_json(path)}
            systems.append(
                _system(
                    title if len(variants) == 1 else f"{variant}, {title}",
                    target,
                    [captions.get(id, []) for id in ids],
                    [scores.get((set, id), {}) for id in ids],
                    [contents.get((set, id), {}) for id in ids],
                )
            )
    return systems


def _system(
    name: str,
    target: str,
    words: Sequence[Sequence[str]],
    scores: Sequence[Mapping[str, Any]],
    contents: Sequence[Mapping[str, Any]],
) -> System:
    written = tokenizer(target)
    columns = {metric: [row.get(metric) for row in scores] for metric in METRICS}
    columns |= {title: [row.get(column) for row in contents] for column, title in BETAS.items()}
    absent = [row.get("CHAIR objects") for row in contents]
    columns[ABSENT] = [None if names is None else len(names) for names in absent]
    glossed = [row.get("words") or caption for row, caption in zip(contents, words, strict=True)]
    # A gloss of other words than these would stand under the wrong ones.
    glosses = [
        gloss if len(gloss := row.get("gloss") or []) == len(caption) else []
        for row, caption in zip(contents, glossed, strict=True)
    ]
    entries = [_entries(caption, gloss) if gloss else [] for caption, gloss in zip(glossed, glosses, strict=True)]
    return System(
        name=name,
        captions=[written.detokenize(caption) for caption in words],
        words=[[written.detokenize(words) for words, _ in caption] for caption in entries],
        scores={metric: values for metric, values in columns.items() if any(value is not None for value in values)},
        glosses=[[gloss for _, gloss in caption] for caption in entries],
        english=[tokenizer("en").detokenize(row["english"]) if row.get("english") else "" for row in contents],
        absent=absent,
    )


def _entries(words: Sequence[str], glosses: Sequence[str]) -> list[tuple[list[str], str]]:
    """Words of one entry together, with their gloss once: neighbours that share it, such as the letters of a word."""
    entries: list[tuple[list[str], str]] = []
    for word, gloss in zip(words, glosses, strict=True):
        if entries and gloss and gloss == entries[-1][1] and word != entries[-1][0][-1]:
            entries[-1][0].append(word)
        else:
            entries.append(([word], gloss))
    return entries


def _rows(path: Path, columns: Sequence[str]) -> dict[tuple[str, str], dict[str, Any]]:
    """Rows of a table by caption set and image, with those of ``columns`` that it has."""
    try:
        present = pq.read_schema(path).names
    except (OSError, pa.ArrowInvalid):  # read_table says what is wrong
        present = []
    rows = read_table(path, ("set", "id", *(column for column in columns if column in present)))
    return {(row["set"], row["id"]): row for row in rows}


def spread(scores: Sequence[float | None], count: int) -> list[int]:
    """Rows of ``count`` images evenly spaced in the ranking by score, best first: nothing is picked by hand."""
    ranked = sorted(range(len(scores)), key=lambda row: (-(scores[row] or 0.0), row))
    if count >= len(ranked):
        return ranked
    if count < 2:
        return ranked[:count]
    return [ranked[round(k * (len(ranked) - 1) / (count - 1))] for k in range(count)]
