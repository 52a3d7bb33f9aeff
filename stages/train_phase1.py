"""Train the cross-lingual auto-encoder of UNISON on sentence graphs and parallel text.

In:  data/filtered/T.parquet, data/sentence_graphs/T.parquet (T_raw.parquet for a run that is named raw),
     data/vocabulary/T.json, models/aligned_vectors/T, models/node_translations/T (for gm_base)
Out: models/phase1/T/V/ with config.json, model.safetensors and history.csv:

    step,xe_source,xe_target,val_xe_source,val_xe_target,kl,val_kl
    110,3.9,4.1,3.2,3.4,,
"""

from __future__ import annotations

from pathlib import Path

from crosscap.config.loader import load_section
from crosscap.config.phase1 import Phase1Settings
from crosscap.errors import InputError
from crosscap.graph.tables import read_graphs
from crosscap.io.artifacts import atomic_directory
from crosscap.io.tables import read_table
from crosscap.runs.arguments import stage_arguments
from crosscap.runs.stage import run, use_threads
from crosscap.systems.unison.examples import examples
from crosscap.systems.unison.model_building import build_model
from crosscap.systems.unison.node_translation import NodeTranslations
from crosscap.systems.unison.phase1 import shaping_settings, train
from crosscap.systems.unison.run_name import RunName
from crosscap.text.vocabulary import read_vocabularies
from crosscap.training import distributed
from crosscap.training.fingerprint import work_directory
from crosscap.training.loop import write_history
from crosscap.training.seed import seed_everything
from crosscap.training.work_folders import release
from crosscap.vectors.lookup import AlignedVectors


def main() -> None:
    arguments = stage_arguments(__doc__, "target", "variant")
    target, variant = arguments.target, arguments.variant
    settings = load_section("train_phase1", "phase1", Phase1Settings)
    if distributed.launched(settings.processes):
        return
    name = RunName.parse(variant)
    use_threads(settings.threads)
    seed_everything(name.seed_or(settings.seed))

    pairs = Path(f"data/filtered/{target}.parquet")
    graph_table = Path(f"data/sentence_graphs/{target}{name.graph_suffix}.parquet")
    vocabulary, vector_folder = Path(f"data/vocabulary/{target}.json"), Path(f"models/aligned_vectors/{target}")
    rows = read_table(pairs)
    graphs = {graph.id: graph for graph in read_graphs(graph_table)}
    source_words, target_words = read_vocabularies(vocabulary)
    vectors = AlignedVectors.load(vector_folder)
    data, validation = (
        examples(
            [row for row in rows if row["split"] == split],
            graphs, source_words, target_words, settings.max_words, graph_table,
        )
        for split in ("train", "val")
    )  # fmt: skip
    for split, found in (("train", data), ("val", validation)):
        if not found:
            raise InputError(pairs, f"no pair of split {split!r}", "some of each split", "Keep more pairs.")

    translation_folder = Path(f"models/node_translations/{target}")
    translations = NodeTranslations.load(translation_folder) if name.variant == "gm_base" else None
    model = build_model(
        name, settings, [example.graph for example in data], source_words, target_words, vectors, translations
    )
    directory = work_directory(
        "train_phase1",
        {"target": target, "variant": variant, **shaping_settings(settings)},
        (pairs, graph_table, vocabulary, vector_folder, *([translation_folder] if translations else [])),
    )
    history = train(model, vectors, data, validation, settings, directory, f"phase 1 {target} {variant}", name)
    if distributed.rank() > 0:
        return
    with atomic_directory(f"models/phase1/{target}/{variant}") as folder:
        model.save(folder)
        write_history(folder / "history.csv", history)
    release(directory)


if __name__ == "__main__":
    run(main)
