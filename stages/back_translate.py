"""Filtered pairs and translators → paraphrases of the English sentences by round trips.

data/filtered/zh.parquet        "a man rides a brown horse on the beach"
→ data/paraphrases/zh.parquet   copy 1 "A man is riding a brown horse at the beach", tokens [a, man, …]

Copies are kept in work/cache: what did not change is not translated again. With --map only a part is translated and
nothing but the cache is written; the command without it gathers.
"""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Iterator
from itertools import tee
from pathlib import Path
from typing import Any

import pyarrow as pa
import torch

from crosscap.config.back_translation import BackTranslationSettings, declared_settings
from crosscap.config.languages import LanguageSettings
from crosscap.config.loader import load_section
from crosscap.incremental.identity import stage_identity
from crosscap.incremental.results import Work, results, run_task
from crosscap.io.streams import iterate_rows, write_rows
from crosscap.runs.arguments import stage_arguments
from crosscap.runs.stage import run
from crosscap.training.progress import progress
from crosscap.translation.model_folder import check_pivot, find_folder
from crosscap.translation.paraphrase_results import paraphrases_of, paraphrasing
from crosscap.translation.round_trip import words_of

SCHEMA = pa.schema(
    [("id", pa.string()), ("copy", pa.int32()), ("text", pa.string()), ("tokens", pa.list_(pa.string()))]
)
logger = logging.getLogger(__name__)


def main() -> None:
    arguments = stage_arguments(__doc__, "target", "processes", "map")
    settings = declared_settings(load_section("back_translate", "back_translation", BackTranslationSettings))
    source = load_section("back_translate", "languages", LanguageSettings).source
    pivots = [folders(pivot, arguments.target) for pivot in settings.pivots]
    for there, back in pivots:
        check_pivot(there, back, source)
    models = [folder for pivot in pivots for folder in pivot]
    work = paraphrasing(pivots, settings, source, stage_identity("back_translate", models))
    processes = arguments.processes or int(torch.cuda.is_available())

    filtered = f"data/filtered/{arguments.target}.parquet"
    if arguments.map:
        run_task((row["source"] for row in iterate_rows(filtered, ["source"])), work, arguments.map, processes)
        return
    counts: Counter[str] = Counter()
    write_rows(f"data/paraphrases/{arguments.target}.parquet", copies(filtered, work, processes, counts), SCHEMA)
    report(counts)


def folders(pivot: Any, target: str) -> tuple[Path, Path]:
    """Where the translators of an element of ``back_translation.pivots`` are."""
    if pivot == "target":
        return Path(f"models/translator/{target}/forward"), Path(f"models/translator/{target}/backward")
    return find_folder(pivot.forward), find_folder(pivot.backward)


def copies(filtered: str, work: Work[str], processes: int, counts: Counter[str]) -> Iterator[dict[str, Any]]:
    """The rows of the output; ``counts`` is filled on the way."""
    total = pa.parquet.read_metadata(filtered).num_rows
    pairs, others = tee(iterate_rows(filtered, ["id", "source"]))  # holds as many as `results` looks ahead
    values = results((pair["source"] for pair in others), work, processes)
    for pair, value in zip(pairs, progress(values, "back_translate", total), strict=True):
        made = paraphrases_of(value)
        known = {words_of(pair["source"])}
        counts.update(sentences=1, empty=made["empty"], disagreeing=made["disagreeing"], truncated=made["truncated"])
        for number, (text, tokens) in enumerate(zip(made["copies"], made["tokens"], strict=True), 1):
            counts.update(copies=1, repeated=words_of(text) in known)
            known.add(words_of(text))
            yield {"id": pair["id"], "copy": number, "text": text, "tokens": tokens}


def report(counts: Counter[str]) -> None:
    logger.info(
        "%d paraphrases of %d sentences; %d have the words of their sentence or of another copy",
        *(counts[name] for name in ("copies", "sentences", "repeated")),
    )
    if counts["empty"]:
        logger.warning("%d round trips ended in nothing; the sentence stands in where no other did", counts["empty"])
    if counts["disagreeing"]:
        logger.info("%d round trips were refused for back_translation.min_agreement", counts["disagreeing"])
    if counts["truncated"]:
        logger.warning(
            "%d sentences are longer than a translator reads: their end is not in the copies", counts["truncated"]
        )


if __name__ == "__main__":
    run(main)
