"""Stage build_gold_image_graphs: annotated test pictures -> their scene graphs, as if nothing had been mistaken.

In:  data/raw/annotations/instances_test.json
Out: data/gold_image_graphs/test.parquet, a graph a row, of pictures with annotated objects; names are those that
     build_image_graphs would give: {"id": "7", "objects": ["dog", "park"], …}

What captions gain from these graphs is what detector and relation model cost. No training reads them.
"""

from __future__ import annotations

from pathlib import Path

from crosscap.config.image_graphs import ImageGraphSettings
from crosscap.config.loader import load_section
from crosscap.graph.tables import write_graphs
from crosscap.io.artifacts import atomic_directory
from crosscap.runs.arguments import stage_arguments
from crosscap.runs.stage import run
from crosscap.vision.annotations.annotated_images import read_annotations
from crosscap.vision.graphs.gold import gold_graphs
from crosscap.vision.graphs.predicted import label_form

ANNOTATIONS, OUT = Path("data/raw/annotations/instances_test.json"), Path("data/gold_image_graphs")


def main() -> None:
    stage_arguments(__doc__)
    settings = load_section("build_gold_image_graphs", "image_graphs", ImageGraphSettings)
    graphs = gold_graphs(read_annotations(ANNOTATIONS), label_form(settings))
    with atomic_directory(OUT) as folder:
        write_graphs(folder / "test.parquet", graphs)


if __name__ == "__main__":
    run(main)
