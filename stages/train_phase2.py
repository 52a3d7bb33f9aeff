"""Train the cross-modal feature mapping of UNISON on unpaired image graphs and sentence graphs.

In:  data/filtered/T.parquet, data/sentence_graphs/T.parquet (T_raw.parquet for a run that is named raw),
     data/image_graphs/train.parquet, models/phase1/T/V, models/aligned_vectors/T
     To choose weights, as phase2.selection says and never to train: data/image_graphs/val.parquet and, for val_cider
     alone, data/raw/captions/captions_val_T.json
Out: models/phase2/T/V/ with config.json, model.safetensors, frozen.json (sha256 of phase 1's weights, the same before
     and after) and history.csv:

    step,gan_text,gan_image,cycle,judge_text,judge_image
    200,2.1,2.0,0.8,2.0,1.9
"""

from __future__ import annotations

import random
from pathlib import Path

from crosscap.config.loader import load_section
from crosscap.config.phase2 import Phase2Settings
from crosscap.errors import InputError
from crosscap.evaluation.captions import read_references
from crosscap.graph.tables import read_graphs
from crosscap.io.artifacts import atomic_directory, write_json
from crosscap.io.tables import read_table
from crosscap.runs.arguments import stage_arguments
from crosscap.runs.stage import run, use_threads
from crosscap.systems.unison.cross_modal import CrossModalMapper, MapperConfig
from crosscap.systems.unison.image_validation import ImageValidation
from crosscap.systems.unison.model import Unison
from crosscap.systems.unison.phase2 import pooled_features, shaping_settings, train, weights_digest
from crosscap.systems.unison.run_name import RunName
from crosscap.systems.unison.selection import METRICS
from crosscap.training.fingerprint import work_directory
from crosscap.training.loop import write_history
from crosscap.training.seed import seed_everything
from crosscap.training.work_folders import release
from crosscap.vectors.lookup import AlignedVectors


def main() -> None:
    arguments = stage_arguments(__doc__, "target", "variant")
    target, variant = arguments.target, arguments.variant
    settings = load_section("train_phase2", "phase2", Phase2Settings)
    name = RunName.parse(variant)
    seed = name.seed_or(settings.seed)
    use_threads(settings.threads)
    seed_everything(seed)

    pairs = Path(f"data/filtered/{target}.parquet")
    graph_table = Path(f"data/sentence_graphs/{target}{name.graph_suffix}.parquet")
    image_table, phase1 = Path("data/image_graphs/train.parquet"), Path(f"models/phase1/{target}/{variant}")
    vector_folder = Path(f"models/aligned_vectors/{target}")
    image_graphs = read_graphs(image_table)
    if not image_graphs:
        raise InputError(image_table, "no graph", "the graphs of the training images", "Add training images.")
    train_ids = {row["id"] for row in read_table(pairs, ("id", "split")) if row["split"] == "train"}
    text_graphs = [graph for graph in read_graphs(graph_table) if graph.id in train_ids]
    # As many sentences as images, drawn at random (UNISON section 4.1: 18,341 of each).
    text_graphs = random.Random(seed).sample(text_graphs, min(len(text_graphs), len(image_graphs)))

    model, vectors = Unison.load(phase1), AlignedVectors.load(vector_folder)
    image, text = (pooled_features(model, graphs, vectors) for graphs in (image_graphs, text_graphs))
    frozen = weights_digest(model)
    mapper = CrossModalMapper(MapperConfig(model.config.size, settings.generator_start, settings.spectral_norm))
    validation, validated_on = image_validation(settings.selection, model, vectors, target)
    directory = work_directory(
        "train_phase2",
        {"target": target, "variant": variant, **shaping_settings(settings)},
        (pairs, graph_table, image_table, phase1, vector_folder, *validated_on),
    )
    history = train(image, text, settings, mapper, directory, f"phase 2 {target} {variant}", seed, validation)
    if weights_digest(model) != frozen:
        raise RuntimeError("phase 2 has changed a weight of phase 1, which it must only read")
    with atomic_directory(f"models/phase2/{target}/{variant}") as folder:
        mapper.save(folder)
        write_json(folder / "frozen.json", {"phase1_weights": frozen})
        write_history(folder / "history.csv", history)
    release(directory)


def image_validation(
    by: str, model: Unison, vectors: AlignedVectors, target: str
) -> tuple[ImageValidation | None, list[Path]]:
    """What scores the mapper, and the files that it reads: no validation image is looked at where none chooses."""
    if by == "last":
        return None, []
    files = [Path("data/image_graphs/val.parquet")]
    references = {}
    if by in METRICS:
        files.append(Path(f"data/raw/captions/captions_val_{target}.json"))
        references = read_references(files[-1])
    graphs = read_graphs(files[0])
    return ImageValidation(by, model, vectors, graphs, references, target, files[-1]), files


if __name__ == "__main__":
    run(main)
