"""Sentences a second of `parse_sentences` against the parser's own library on one core, and how right the trees are.

    python benchmarks/dependency_parsing.py                                        # a spaCy parser, trained first
    python benchmarks/dependency_parsing.py --model DIR DIR2 --sentences 4000      # parsers made before, of any backend
    python benchmarks/dependency_parsing.py --model DIR --treebank en_ewt-ud-dev.conllu

DIR is a folder of train_dependency_parser. The sentences are told from storybook scenes, or those of --treebank,
repeated with another last word each time. The library's rate is that of its own pipeline on one thread, given the same
words, nothing taken from its answer. The stage's is that of cutting into shards, parsing in N processes, writing
CoNLL-U and the cache. The start of processes and models is left out: a run on a part of the sentences is subtracted.

"of the library" is the share of N times the library's rate: by the clock, and by the seconds of processor time that all
processes used, which other programs on the machine disturb less. Cores that share a cache or are two threads of one do
not give twice the rate of one to anybody: "N at once" is the rate of N processes that run the library and nothing else.
"""

from __future__ import annotations

import argparse
import multiprocessing
import os
import resource
import tempfile
import time
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from dataclasses import replace
from functools import partial
from multiprocessing.synchronize import Barrier
from pathlib import Path
from typing import NamedTuple

from incremental import told, trained  # the benchmark beside this one

from crosscap.config.dependency_parser import DependencyParserSettings
from crosscap.config.loader import read_yaml, validate_section
from crosscap.incremental.identity import Identity
from crosscap.runs.stage import use_threads
from crosscap.storybook.treebanks import make_treebank
from crosscap.syntax.attachment_scores import attachment_scores
from crosscap.syntax.conllu import read_conllu
from crosscap.syntax.dependency_parser import load_parser
from crosscap.syntax.sentence_copies import SentenceCopy
from crosscap.syntax.sentence_results import parsed, parsing
from crosscap.syntax.spacy_parser import SpacyParser, doc_of
from crosscap.syntax.stanza_parser import StanzaParser
from crosscap.syntax.tree import Tree

Sentences = list[list[str]]
_together: Barrier


class Spent(NamedTuple):
    """Seconds by the clock, and of processor time in this process and those that it started."""

    clock: float
    processor: float

    def rates(self, sentences: int) -> Spent:
        return Spent(sentences / self.clock, sentences / self.processor)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--model", type=Path, nargs="*", default=[])
    parser.add_argument("--treebank", type=Path, help="CoNLL-U to parse and to score on; default: the storybook's")
    parser.add_argument("--sentences", type=int, default=4000)
    parser.add_argument("--processes", type=int, nargs="+", default=[1, 2])
    arguments = parser.parse_args()
    settings = read_yaml("params.yaml")["dependency_parser"]
    models = [model.resolve() for model in arguments.model]
    treebank = arguments.treebank.resolve() if arguments.treebank else None
    use_threads(1)
    with tempfile.TemporaryDirectory() as folder:
        os.chdir(folder)
        gold = read_gold(treebank)
        sentences = varied(gold, arguments.sentences) if treebank else told(arguments.sentences)
        for model in models or [
            trained(validate_section(DependencyParserSettings, "dependency_parser", settings, "params.yaml"))
        ]:
            measure(model, gold, sentences, arguments.processes)


def read_gold(treebank: Path | None) -> list[Tree]:
    if treebank is None:
        treebank = Path("dev.conllu")
        treebank.write_text("".join(make_treebank("dev", 200, 0.15, 1).dependencies), encoding="utf-8")
    return list(read_conllu(treebank))


def varied(gold: list[Tree], count: int) -> Sentences:
    forms = [[word.form for word in tree.words] for tree in gold]
    return [[*forms[n % len(forms)], *([f"x{n}"] if n >= len(forms) else [])] for n in range(count)]


def measure(model: Path, gold: list[Tree], sentences: Sentences, processes: list[int]) -> None:
    parser = load_parser(model)
    scores = attachment_scores(gold, parser.parse([[word.form for word in tree.words] for tree in gold]))
    print(f"{model}: {type(parser).__name__}, LAS {scores['las']:.1%}, UAS {scores['uas']:.1%} of {len(gold)} trees")
    calls = library_calls(parser, sentences)

    def own_rate() -> Spent:
        return max(spent(call).rates(len(sentences)) for call in calls)

    before = own_rate()
    for count in processes:
        rate, after = stage_rate(model, sentences, count), own_rate()
        # The machine may have got slower meanwhile: the library's rate is taken before and after.
        library = Spent(*((a + b) / 2 for a, b in zip(before, after, strict=True)))
        at_once = library_at_once(model, sentences[: len(sentences) // count], count)
        clock, processor = rate.clock / (count * library.clock), rate.processor / library.processor
        before = after
        rows = (
            ("library, 1 process", library),
            (f"library, {count} at once", at_once),
            (f"stage, processes: {count}", rate),
        )
        for name, row in rows:
            print(f"  {name:20}  {row.clock:7,.0f} sentences/s  {row.processor:7,.0f} a second of processor")
        print(f"  {'of the library':20}  {clock:7.2f}              {processor:7.2f}")
        print(f"  {f'of {count} at once':20}  {rate.clock / at_once.clock:7.2f}", flush=True)


def stage_rate(model: Path, sentences: Sentences, processes: int) -> Spent:
    """Sentences a second once all processes have begun."""
    part, shard_size = len(sentences) // 4, min(1024, max(len(sentences) // 16, 1))
    some = spent(partial(run_stage, model, sentences[:part], processes, shard_size))
    whole = spent(partial(run_stage, model, sentences, processes, shard_size))
    return Spent(*(b - a for a, b in zip(some, whole, strict=True))).rates(len(sentences) - part)


def library_calls(parser: object, sentences: Sentences) -> list[Callable[[], object]]:
    """Ways to call the library; the fastest counts."""
    if isinstance(parser, SpacyParser):
        pipeline, low = parser.pipeline, parser.lowercase

        def pipe(size: int | None) -> None:
            for _ in pipeline.pipe([doc_of(pipeline, words, low) for words in sentences], batch_size=size):
                pass

        return [lambda: pipe(None), lambda: pipe(64), lambda: pipe(128)]
    assert isinstance(parser, StanzaParser)
    return [lambda: parser.pipeline(sentences)]


def library_at_once(model: Path, sentences: Sentences, processes: int) -> Spent:
    """Sentences a second of so many processes together, each with all ``sentences`` and the library alone."""
    context = multiprocessing.get_context("spawn")
    together = context.Barrier(processes)
    with ProcessPoolExecutor(processes, context, _begin, (together,)) as pool:
        every = list(pool.map(_library_alone, [model] * processes, [sentences] * processes))
    rates = [taken.rates(len(sentences)) for taken in every]
    return Spent(sum(rate.clock for rate in rates), sum(rate.processor for rate in rates) / processes)


def _begin(together: Barrier) -> None:
    global _together
    _together = together
    use_threads(1)


def _library_alone(model: Path, sentences: Sentences) -> Spent:
    call = library_calls(load_parser(model), sentences)[-1]
    _together.wait()
    return spent(call)


def run_stage(model: Path, sentences: Sentences, processes: int, shard_size: int) -> None:
    copies = (SentenceCopy(f"pair-{number}/0", words) for number, words in enumerate(sentences))
    with tempfile.TemporaryDirectory() as cache:
        work = replace(parsing(model, Identity()), cache=Path(cache), shard_size=shard_size)
        for _ in parsed(copies, work, processes):
            pass


def spent(call: Callable[[], object]) -> Spent:
    clock, processor = time.monotonic(), _processor_seconds()
    call()
    return Spent(time.monotonic() - clock, _processor_seconds() - processor)


def _processor_seconds() -> float:
    usages = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(usage.ru_utime + usage.ru_stime for usage in usages)


if __name__ == "__main__":
    main()
