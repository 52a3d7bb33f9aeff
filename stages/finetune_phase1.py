"""Tune a cross-lingual auto-encoder of UNISON on unpaired captions in the target language.

In:  data/caption_corpus/T.parquet, data/caption_graphs/T.parquet, models/phase1/T/V, models/aligned_vectors/T
Out: models/phase1/T/V-captions/ with config.json, model.safetensors and history.csv (step 0: before tuning):

    step,val_xe_target,xe_target
    0,2.3,
    30,2.0,2.2
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from crosscap.config.caption_corpus import CaptionCorpusSettings
from crosscap.config.loader import load_section
from crosscap.config.phase1 import Phase1Settings
from crosscap.errors import InputError
from crosscap.graph.tables import read_graphs
from crosscap.io.artifacts import atomic_directory
from crosscap.io.tables import read_table
from crosscap.runs.arguments import stage_arguments
from crosscap.runs.stage import run, use_threads
from crosscap.systems.unison.examples import Example, examples
from crosscap.systems.unison.fine_tuning import fine_tune
from crosscap.systems.unison.model import Unison
from crosscap.systems.unison.run_name import RunName
from crosscap.text.vocabulary import UNK, Vocabulary
from crosscap.training import distributed
from crosscap.training.fingerprint import work_directory
from crosscap.training.loop import write_history
from crosscap.training.work_folders import release
from crosscap.vectors.lookup import AlignedVectors

STAGE = "finetune_phase1"
SHAPING = ("frozen", "epochs", "batch_size", "learning_rate", "gradient_clamp", "seed", "threads")


def main() -> None:
    arguments = stage_arguments(__doc__, "target", "variant")
    target, variant = arguments.target, arguments.variant
    name = RunName.parse(variant)
    settings = load_section(STAGE, "caption_corpus", CaptionCorpusSettings).train
    phase1 = load_section(STAGE, "phase1", Phase1Settings)
    if distributed.launched(phase1.processes):
        return
    use_threads(settings.threads)

    corpus, graph_table = Path(f"data/caption_corpus/{target}.parquet"), Path(f"data/caption_graphs/{target}.parquet")
    phase1_folder, vector_folder = Path(f"models/phase1/{target}/{variant}"), Path(f"models/aligned_vectors/{target}")
    model, vectors = Unison.load(phase1_folder), AlignedVectors.load(vector_folder)
    data, validation = (
        read_examples(corpus, graph_table, split, model, phase1.max_words) for split in ("train", "val")
    )
    log_unknown_words(data)

    shaping = {key: getattr(settings, key) for key in SHAPING}
    shaping |= {key: getattr(phase1, key) for key in ("max_words", "accumulate", "precision", "processes")}
    directory = work_directory(
        STAGE, {"target": target, "variant": variant, **shaping}, (corpus, graph_table, phase1_folder, vector_folder)
    )
    seed = name.seed_or(settings.seed)
    title = f"fine-tuning {target} {variant}"
    history = fine_tune(model, vectors, data, validation, settings, phase1, seed, directory, title)
    if distributed.rank() > 0:
        return
    with atomic_directory(f"models/phase1/{target}/{replace(name, captions=True)}") as folder:
        model.save(folder)
        write_history(folder / "history.csv", history)
    release(directory)


def read_examples(corpus: Path, graph_table: Path, split: str, model: Unison, max_words: int) -> list[Example]:
    """The captions of a split, as ids of the model's own words.

    Raises:
        InputError: there are none, or one has no graph.
    """
    rows = [row for row in read_table(corpus) if row["split"] == split]
    if not rows:
        remedy = "Give more captions, or another share of validation in caption_corpus.val."
        raise InputError(corpus, f"no caption of split {split!r}", "some of each split", remedy)
    graphs = {graph.id: graph for graph in read_graphs(graph_table)}
    words = (Vocabulary(model.config.source_words), Vocabulary(model.config.target_words))
    return examples(rows, graphs, *words, max_words, graph_table)


def log_unknown_words(data: Sequence[Example]) -> None:
    words = [word for example in data for word in example.target]
    share = sum(word == UNK for word in words) / len(words)
    logging.info("%d captions, %.1f %% of their words are not in the model's vocabulary", len(data), 100 * share)


if __name__ == "__main__":
    run(main)
