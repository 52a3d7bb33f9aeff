"""Unpaired captions in the target language → the same with their translation into English.

data/raw/caption_corpus/zh.txt   一只狗在草地上奔跑
→ data/caption_corpus/zh.parquet  id=caption-0000001, source="a dog runs on the grass", target=一只狗在草地上奔跑,
                                  source_tokens=[a, dog, …], target_tokens=[一只, 狗, …], split=train

Translations are kept in work/cache: what did not change is not translated again. With --map only a part is translated
and nothing but the cache is written; the command without it gathers.
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

from crosscap.config.caption_corpus import CaptionCorpusSettings
from crosscap.config.languages import LanguageSettings
from crosscap.config.loader import load_section
from crosscap.errors import InputError
from crosscap.incremental.identity import stage_identity
from crosscap.incremental.results import Work, results, run_task
from crosscap.io.streams import write_rows
from crosscap.runs.arguments import stage_arguments
from crosscap.runs.stage import run
from crosscap.text.lines import read_text_lines
from crosscap.text.tokenizers import tokenizer
from crosscap.text.verdicts import split_key
from crosscap.training.progress import progress
from crosscap.translation.caption_results import caption_translation, translation_of
from crosscap.translation.model_folder import check_direction, check_folder

SCHEMA = pa.schema([
    *((name, pa.string()) for name in ("id", "source", "target")),
    *((name, pa.list_(pa.string())) for name in ("source_tokens", "target_tokens")),
    ("split", pa.string()),
])  # fmt: skip


def main() -> None:
    arguments = stage_arguments(__doc__, "target", "processes", "map")
    target = arguments.target
    settings = load_section("translate_captions", "caption_corpus", CaptionCorpusSettings)
    source = load_section("translate_captions", "languages", LanguageSettings).source
    model = Path(f"models/translator/{target}/backward")
    check_folder(model)
    check_direction(model, target, source)
    identity = stage_identity("translate_captions", [model], ignoring=["caption_corpus.val"])
    beams, batch_pieces = settings.translation.beams, settings.translation.batch_pieces
    work = caption_translation(model, source, beams, batch_pieces, identity)
    processes = arguments.processes or int(torch.cuda.is_available())

    corpus = Path(f"data/raw/caption_corpus/{target}.txt")
    if arguments.map:
        run_task(captions(corpus), work, arguments.map, processes)
        return
    total = sum(1 for _ in captions(corpus))
    if not total:
        remedy = f"Give collect.files.caption_corpus.{target}, or take {target!r} out of caption_corpus.targets."
        raise InputError(corpus, "no caption", "unpaired captions in the target language", remedy)
    counts: Counter[str] = Counter()
    translated = progress(translations(corpus, work, processes), "translate_captions", total)
    rows = kept_rows(translated, target, settings.val, counts)
    write_rows(f"data/caption_corpus/{target}.parquet", rows, SCHEMA)
    report(counts)


def captions(corpus: Path) -> Iterator[str]:
    return (line for _, line in read_text_lines(corpus) if line.strip())


def translations(corpus: Path, work: Work[str], processes: int) -> Iterator[tuple[str, dict[str, Any]]]:
    """Each caption and what became of it, in order."""
    mine, others = tee(captions(corpus))  # holds as many as `results` looks ahead
    for caption, value in zip(mine, results(others, work, processes), strict=True):
        yield caption, translation_of(value)


def kept_rows(
    translated: Iterator[tuple[str, dict[str, Any]]], target: str, val: float, counts: Counter[str]
) -> Iterator[dict[str, Any]]:
    """Rows of `SCHEMA`: captions of the same words count once, those without a translation not at all.

    Args:
        val: share of the captions for validation, chosen by a hash of their words.
        counts: filled on the way.
    """
    words = tokenizer(target, Path(f"data/raw/segmentation/{target}.txt"))
    seen: set[int] = set()
    for number, (caption, made) in enumerate(translated, 1):
        tokens = words.tokenize(caption)
        key = split_key(" ".join(tokens))
        counts.update(captions=1, repeated=key in seen, empty=not made["tokens"], truncated=made["truncated"])
        if key in seen or not made["tokens"]:
            continue
        seen.add(key)
        counts["kept"] += 1
        yield {
            "id": f"caption-{number:07d}",
            "source": made["text"],
            "target": caption,
            "source_tokens": made["tokens"],
            "target_tokens": tokens,
            "split": "val" if key < val * 2**63 else "train",
        }


def report(counts: Counter[str]) -> None:
    logging.info("%d of %d captions kept; %d repeat another", counts["kept"], counts["captions"], counts["repeated"])
    if counts["empty"]:
        logging.warning("%d captions were translated to nothing and are left out", counts["empty"])
    if counts["truncated"]:
        logging.warning("%d captions are longer than the translator reads: their end is lost", counts["truncated"])


if __name__ == "__main__":
    run(main)
