"""Write captions of the test and validation images and of held-out pairs with trained models.

In:  data/filtered/T.parquet, data/sentence_graphs/T.parquet (T_raw.parquet for a run that is named raw),
     data/image_graphs/{val,test}.parquet, data/gold_image_graphs/test.parquet, models/phase1/T/V, models/phase2/T/V,
     models/aligned_vectors/T
Out: data/captions/T/V/ with with_phase2.json and without_phase2.json (test images), the same with val_ before their
     names (validation images), gold_graphs.json (annotated test images, with phase 2, from their annotations instead
     of what was seen in them), and text_test.json (pairs of split test):

    [{"image_id": 12, "caption": "一个 男人 骑 着 马", "score": -3.1}, ...]

With generation.n_best above 1 each also has "n_best": its captions and scores, that one first.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from crosscap.config.generation import GenerationSettings
from crosscap.config.loader import load_section
from crosscap.graph.scene_graph import SceneGraph
from crosscap.graph.tables import read_graphs
from crosscap.io.artifacts import atomic_directory, write_json
from crosscap.io.tables import read_table
from crosscap.runs.arguments import stage_arguments
from crosscap.runs.stage import run, use_threads
from crosscap.systems.unison.captioner import Caption, Captioner
from crosscap.systems.unison.run_name import RunName


def main() -> None:
    arguments = stage_arguments(__doc__, "target", "variant")
    target, variant = arguments.target, arguments.variant
    settings = load_section("generate_captions", "generation", GenerationSettings)
    use_threads(settings.threads)

    phase1, phase2 = Path(f"models/phase1/{target}/{variant}"), Path(f"models/phase2/{target}/{variant}")
    vectors = Path(f"models/aligned_vectors/{target}")
    mapped, plain = Captioner.load(phase1, vectors, phase2), Captioner.load(phase1, vectors)
    test_ids = {row["id"] for row in read_table(f"data/filtered/{target}.parquet", ("id", "split"))
                if row["split"] == "test"}  # fmt: skip
    sentence_graphs = f"data/sentence_graphs/{target}{RunName.parse(variant).graph_suffix}.parquet"
    pairs = [graph for graph in read_graphs(sentence_graphs) if graph.id in test_ids]

    def write(path: Path, captioner: Captioner, graphs: Sequence[SceneGraph], numbers: bool) -> None:
        captions = captioner.captions(graphs, settings)
        write_json(path, [as_result(caption, numbers) for caption in captions])

    with atomic_directory(f"data/captions/{target}/{variant}") as folder:
        for split, prefix in (("test", ""), ("val", "val_")):
            graphs = read_graphs(f"data/image_graphs/{split}.parquet")
            write(folder / f"{prefix}with_phase2.json", mapped, graphs, numbers=True)
            write(folder / f"{prefix}without_phase2.json", plain, graphs, numbers=True)
        gold = read_graphs("data/gold_image_graphs/test.parquet")
        write(folder / "gold_graphs.json", mapped, gold, numbers=True)
        write(folder / "text_test.json", plain, pairs, numbers=False)


def as_result(caption: Caption, numbers: bool) -> dict[str, Any]:
    """A COCO result; image ids that are ``numbers`` in COCO files are written as such."""
    identifier = int(caption.id) if numbers and caption.id.isdecimal() else caption.id
    told = [{"caption": " ".join(words), "score": round(score, 4)}
            for words, score in ((caption.words, caption.score), *caption.others)]  # fmt: skip
    return {"image_id": identifier, **told[0], **({"n_best": told} if caption.others else {})}


if __name__ == "__main__":
    run(main)
