"""Count what the graphs of sentences, without and with paraphrases (UNISON table 1), and of images hold.

in:  data/sentence_graphs/zh_raw.parquet, zh.parquet, data/image_graphs/, data/vocabulary/zh.json
out: reports/metrics/stages_graphs_zh.json   {"raw": {"graphs": 5515, "objects": {"mean": 3.2, "0": 0.0, …},
                                             "attributes": {…}, "relations": {…}}, "augmented": {…}, "images": {…},
                                             "image_names": {"objects": {"unknown_tokens": 0.2, …}, …}}
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain

from crosscap.evaluation.unknown_names import count_names, unknown_names
from crosscap.graph.scene_graph import SceneGraph
from crosscap.graph.statistics import graph_sizes
from crosscap.graph.tables import SCHEMA, from_row
from crosscap.io.artifacts import write_json
from crosscap.io.streams import iterate_rows
from crosscap.runs.arguments import stage_arguments
from crosscap.runs.stage import run
from crosscap.text.vocabulary import read_vocabularies

SPLITS = ("train", "val", "test")


def main() -> None:
    target = stage_arguments(__doc__, "target").target
    augmented = f"data/sentence_graphs/{target}.parquet"
    vocabulary, _ = read_vocabularies(f"data/vocabulary/{target}.json")
    names = unknown_names(count_names(image_graphs()), count_names(graphs(augmented)), vocabulary)
    content = {
        "raw": graph_sizes(graphs(f"data/sentence_graphs/{target}_raw.parquet")),
        "augmented": graph_sizes(graphs(augmented)),
        "images": graph_sizes(image_graphs()),
        "image_names": names,
    }
    write_json(f"reports/metrics/stages_graphs_{target}.json", content)


def image_graphs() -> Iterator[SceneGraph]:
    """Those of all splits."""
    return chain.from_iterable(graphs(f"data/image_graphs/{split}.parquet") for split in SPLITS)


def graphs(path: str) -> Iterator[SceneGraph]:
    """The graphs of a table, holding a batch at a time."""
    return (from_row(row) for row in iterate_rows(path, SCHEMA.names))


if __name__ == "__main__":
    run(main)
