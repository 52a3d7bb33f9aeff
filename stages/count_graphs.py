"""Count what the sentence graphs of a corpus hold, without and with paraphrases (UNISON table 1).

in:  data/sentence_graphs/zh_raw.parquet, zh.parquet
out: reports/metrics/stages_graphs_zh.json   {"raw": {"graphs": 5515, "objects": {"mean": 3.2, "0": 0.0, …},
                                             "attributes": {…}, "relations": {…}}, "augmented": {…}}
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator

from crosscap.graph.scene_graph import SceneGraph
from crosscap.graph.statistics import graph_sizes
from crosscap.graph.tables import SCHEMA, from_row
from crosscap.io.artifacts import write_json
from crosscap.io.streams import iterate_rows
from crosscap.runs.stage import run


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--target", required=True, help="code of the target language")
    target = parser.parse_args().target
    sizes = {
        "raw": graph_sizes(graphs(f"data/sentence_graphs/{target}_raw.parquet")),
        "augmented": graph_sizes(graphs(f"data/sentence_graphs/{target}.parquet")),
    }
    write_json(f"reports/metrics/stages_graphs_{target}.json", sizes)


def graphs(path: str) -> Iterator[SceneGraph]:
    """The graphs of a table, holding a batch at a time."""
    return (from_row(row) for row in iterate_rows(path, SCHEMA.names))


if __name__ == "__main__":
    run(main)
