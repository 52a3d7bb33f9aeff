"""How much of `parse_sentences` runs again when a hundredth of the sentences change, and how long it takes.

    python benchmarks/incremental.py --sentences 10000 --processes 1

Tells storybook scenes, trains a small parser (or takes --model, a folder of train_dependency_parser), parses all
sentences into an empty cache, then again after each change. Everything is in a temporary folder.
"""

from __future__ import annotations

import argparse
import os
import random
import tempfile
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from crosscap.config.dependency_parser import DependencyParserSettings
from crosscap.config.loader import read_yaml, validate_section
from crosscap.incremental.identity import Identity
from crosscap.incremental.results import Counts, Work, results
from crosscap.storybook.parallel_text import told_scenes
from crosscap.storybook.treebanks import make_treebank
from crosscap.syntax.dependency_training import make_parser
from crosscap.syntax.sentence_copies import SentenceCopy
from crosscap.syntax.sentence_results import parsing

Sentences = list[list[str]]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sentences", type=int, default=10_000)
    parser.add_argument("--processes", type=int, default=1, help="0: one a core")
    parser.add_argument("--model", type=Path, help="folder of a dependency parser; default: train one")
    arguments = parser.parse_args()
    settings = read_yaml("params.yaml")["dependency_parser"]
    model = arguments.model.resolve() if arguments.model else None
    with tempfile.TemporaryDirectory() as folder:
        os.chdir(folder)
        if model is None:
            model = trained(validate_section(DependencyParserSettings, "dependency_parser", settings, "params.yaml"))
        measure(parsing(model, Identity()), told(arguments.sentences), arguments.processes)


def trained(settings: DependencyParserSettings) -> Path:
    """A parser of storybook sentences, with the project's parameters."""
    bank, model = Path("treebank"), Path("model")
    bank.mkdir()
    for split, size in (("train", 2000), ("dev", 200)):
        trees = make_treebank(split, size, 0.15, 1).dependencies
        (bank / f"en_dependency_{split}.conllu").write_text("".join(trees), encoding="utf-8")
    make_parser(bank, "en", settings.model_copy(update={"pretrained": None}), model)
    return model


def told(count: int) -> Sentences:
    """Captions of as many storybook scenes, repeated ones left out."""
    sentences: dict[tuple[str, ...], None] = {}
    number = 0
    while len(sentences) < count:
        number += 1
        for telling in told_scenes(f"benchmark-{number}", 1000, 1):
            sentences[tuple(word.lower() for word in telling.english.words)] = None
    return [list(words) for words in list(sentences)[:count]]


def changes(sentences: Sentences) -> Iterator[tuple[str, Sentences]]:
    """A hundredth changed, each time from the sentences as they were."""
    generator, words = random.Random(1), sorted({word for sentence in sentences for word in sentence})
    share = len(sentences) // 100

    def another(sentence: list[str]) -> list[str]:
        place = generator.randrange(len(sentence))
        return [*sentence[:place], generator.choice(words), *sentence[place + 1 :], "again"]

    yield "the first time", sentences
    yield "nothing changed", sentences
    chosen = set(generator.sample(range(len(sentences)), share))
    yield "1 % changed, anywhere", [another(s) if n in chosen else s for n, s in enumerate(sentences)]
    yield "1 % inserted at the top", [another(s) for s in sentences[:share]] + sentences
    yield "1 % deleted, anywhere", [s for n, s in enumerate(sentences) if n not in chosen]


def measure(work: Work[SentenceCopy], sentences: Sentences, processes: int) -> None:
    print(f"{'':24}  sentences  parsed   share  seconds")
    for name, changed in changes(sentences):
        copies = [SentenceCopy(f"pair-{number}/0", words) for number, words in enumerate(changed)]
        counts, begun = Counts(), time.monotonic()
        for _ in results(copies, replace(work, cache=Path("cache")), processes, counts):
            pass
        share, seconds = counts.computed / counts.records, time.monotonic() - begun
        print(f"{name:24}  {counts.records:9,}  {counts.computed:6,}  {share:6.2%}  {seconds:7.1f}")


if __name__ == "__main__":
    main()
