"""How fast the corpus filter is, how much memory it takes, and the same for OpusFilter on the same file.

    python benchmarks/filtering.py                                    # throughput and memory, 300,000 and 1 M pairs
    python benchmarks/filtering.py --memory 1000000 10000000          # peak memory of two sizes
    python benchmarks/filtering.py --opusfilter /path/to/venv/bin/opusfilter
    python benchmarks/filtering.py --pairs tatoeba.tsv                # real English–Chinese pairs, jieba in the path

Pairs are generated: English and German clauses put together, one in four too long or too short, one in eight with
words that no caption has, one in twenty there before. The rules are UNISON's (10 to 16 words, 90 % in the caption
dictionary) on both sides, without the Chinese segmenter unless `--pairs` is given. Times are of the whole filter,
reading and writing included. OpusFilter is no dependency: give the path of one in an environment of its own (3.3.1).

Against OpusFilter only rules are compared that both have, its cheapest: it cuts at spaces and forgets. Of our processor
time a pair the rules take 10 µs (Moses words, script, hashes of the words), keeping the verdicts for the next run 5
(content hash, the way to a worker and back, the cache's file), the tables 7 (rows out of Parquet, words into it), and
the processes need 3 s to start; OpusFilter takes 19 µs and 2 s. So what bounds the filter are Python's strings, not a
rule: were the rules free, it would be twice as fast, and five times OpusFilter's speed is out of reach of a filter that
keeps each pair's words and verdict. That buys runs that begin where the last one ended, and words cut only once.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from crosscap.config.filter import FilterSettings
from crosscap.config.loader import validate_section
from crosscap.incremental.identity import Identity
from crosscap.incremental.results import Work, results
from crosscap.io.streams import BATCH
from crosscap.text.corpus_filter import filter_corpus
from crosscap.text.rules.candidate import Setting
from crosscap.text.tokenizers import tokenizer
from crosscap.text.verdicts import Texts, judge

RULES = ("words", "coverage")
WORDS = {
    "en": "a the man woman dog cat child ball tree street horse boat red blue green small large old young sits "
    "stands runs holds rides watches beside behind near under with and on in two three shirt hat "
    "bench water snow field kite",
    "de": "ein der mann frau hund katze kind ball baum straße pferd boot rot blau grün klein groß alt jung sitzt "
    "steht läuft hält reitet sieht neben hinter nahe unter mit und auf in zwei drei hemd hut "
    "bank wasser schnee feld drachen",
}
RARE = {"en": "parliament invoice quarterly amendment", "de": "parlament rechnung quartal änderung"}
CLAUSES = 4000  # of each half of a sentence
BLOCK = 200_000


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--count", type=int, default=300_000, help="generated pairs of the comparisons of speed")
    parser.add_argument("--memory", type=int, nargs="*", default=[1_000_000], help="sizes to take the peak memory of")
    parser.add_argument("--rules", default=",".join(RULES), help="rules for the memory runs, by commas")
    parser.add_argument("--processes", type=int, default=2)
    parser.add_argument("--opusfilter", type=Path, help="the program, to run the same rules on the same file")
    parser.add_argument("--pairs", type=Path, help="real English and Chinese sentences, TAB between them")
    parser.add_argument("--one", nargs=2, metavar=("FOLDER", "CACHE"), help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.one:
        run_one(Path(arguments.one[0]), arguments.rules.split(","), arguments.one[1] == "cache", arguments.processes)
        return
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        if arguments.pairs:
            real_pairs(arguments.pairs, folder)
            for rules in ("words,coverage", "clean,copies,language,words,length_ratio,coverage,duplicates,alignment"):
                report(f"{arguments.pairs.name}, {rules}", folder, arguments, rules)
            return
        generate(arguments.count, folder)
        for rules in (*RULES[:1], ",".join(RULES), f"{','.join(RULES)},duplicates,near_duplicates"):
            report(f"generated, {rules}", folder, arguments, rules)
        report("generated, words,coverage, without a cache", folder, arguments, ",".join(RULES), "no cache")
        report("generated, words,coverage, one process", folder, arguments, ",".join(RULES), processes=1)
        if arguments.opusfilter:
            compare(arguments.opusfilter, folder, arguments)
        for count in arguments.memory:
            generate(count, folder)
            report("memory", folder, arguments, arguments.rules)


def report(
    title: str,
    folder: Path,
    arguments: argparse.Namespace,
    rules: str,
    cache: str = "cache",
    processes: int | None = None,
) -> float:
    """Run the filter in a process of its own and print what it took. Returns pairs a second."""
    pairs = pq.read_metadata(folder / "raw.parquet").num_rows
    command = [sys.executable, __file__, "--one", str(folder), cache, "--rules", rules]
    begun, work = time.monotonic(), cpu_seconds()
    process = subprocess.Popen([*command, "--processes", str(processes or arguments.processes)])
    peak = watch(process)
    seconds, work = time.monotonic() - begun, cpu_seconds() - work
    kept = pq.read_metadata(folder / "out.parquet").num_rows
    print(
        f"{title}: {pairs:,} pairs, {kept:,} kept, {seconds:.1f} s ({work:.1f} s of CPU), "
        f"{pairs / seconds:,.0f} pairs/s, peak memory {peak / 2**20:,.0f} MB over all processes",
        flush=True,
    )
    return pairs / seconds


def cpu_seconds() -> float:
    """What all processes that ended have used: on a busy machine it says more than the clock."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def watch(process: subprocess.Popen[bytes]) -> int:
    """Wait for a process; the most bytes that it and its children had to themselves at one time (PSS)."""
    peak = 0
    while process.poll() is None:
        total = 0
        for child in (process.pid, *children(process.pid)):
            try:
                rollup = Path(f"/proc/{child}/smaps_rollup").read_text(encoding="ascii")
            except (FileNotFoundError, ProcessLookupError, PermissionError):
                continue
            total += 1024 * int(next(line.split()[1] for line in rollup.splitlines() if line.startswith("Pss:")))
        peak = max(peak, total)
        time.sleep(0.2)
    if process.returncode:
        raise SystemExit(f"the filter ended with {process.returncode}")
    return peak


def children(parent: int) -> list[int]:
    found: list[int] = []
    for task in Path(f"/proc/{parent}/task").glob("*/children"):
        try:
            own = [int(child) for child in task.read_text(encoding="ascii").split()]
        except (FileNotFoundError, ProcessLookupError):
            continue
        found += [*own, *(grandchild for child in own for grandchild in children(child))]
    return found


def run_one(folder: Path, rules: list[str], cached: bool, processes: int) -> None:
    target = (folder / "target").read_text(encoding="utf-8")
    setting = make_setting(folder, target, rules)
    start = partial(make_judge, folder, target, rules)
    with tempfile.TemporaryDirectory() as cache, tempfile.TemporaryDirectory(dir=folder) as waiting:
        work: Work[Texts] = Work("filter_corpus", start, texts_digest, Identity(), 4096, Path(cache))
        compute = start() if not cached else None

        def verdicts(texts: Iterator[Texts]) -> Iterator[bytes]:
            if compute is None:
                yield from results(texts, work, processes)
            else:
                for text in texts:
                    yield from compute([text])

        filter_corpus(folder / "raw.parquet", folder / "out.parquet", Path(waiting), setting, verdicts)
        if cached:
            size = sum(path.stat().st_size for path in Path(cache).rglob("*.parquet"))
            print(f"  cache {size / 2**20:.1f} MB", end="; ")
    print(f"  main process alone at most {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**10:,.0f} MB")


def texts_digest(texts: Texts) -> bytes:
    return "\0".join(texts).encode()


def make_judge(folder: Path, target: str, rules: list[str]) -> Callable[[list[Texts]], list[bytes]]:
    return judge(make_setting(folder, target, rules), tokenizer("en"), tokenizer(target))


def make_setting(folder: Path, target: str, rules: list[str]) -> Setting:
    known = {
        side: frozenset((folder / f"{side}.words").read_text(encoding="utf-8").split()) for side in ("source", "target")
    }
    values = {
        "rules": rules,
        "words": {"sides": ["source", "target"], "min": 10, "max": 16},
        "coverage": {"sides": ["source", "target"], "min": 0.9},
        "length_ratio": {"max": 2.5},
        "script": {"min": 0.7},
        "numbers": {"max": 0},
        "near_duplicates": {"similarity": 0.8},
        "alignment": {"iterations": 5, "sample": 50_000, "min": 0.0},
        "split": {"val": 0.04, "test": 0.04},
    }
    return Setting(validate_section(FilterSettings, "filter", values, __file__), "en", target, known)


def generate(count: int, folder: Path) -> None:
    """Write ``count`` pairs and their dictionaries, the same ones each time."""
    draw, pick = random.Random(1), np.random.default_rng(1)
    halves = [
        [
            tuple(clause(draw, language, length) for language in WORDS)
            for length in draw.choices(range(3, 10), k=CLAUSES)
        ]
        for _ in range(2)
    ]
    columns = [[pa.array(side) for side in zip(*half, strict=True)] for half in halves]
    schema = pa.schema([(name, pa.string()) for name in ("id", "source", "target", "origin")])
    with pq.ParquetWriter(folder / "raw.parquet", schema, compression="zstd") as writer:
        for start in range(0, count, BLOCK):
            size = min(BLOCK, count - start)
            chosen = pick.integers(0, CLAUSES, (2, size))
            repeated = pick.random(size) < 0.05
            chosen[:, repeated] = chosen[:, np.maximum(np.flatnonzero(repeated) - 1, 0)]
            texts = [
                pc.binary_join_element_wise(*(columns[h][side].take(pa.array(chosen[h])) for h in range(2)), " ")
                for side in range(2)
            ]
            ids = pa.array([f"pair-{number:09d}" for number in range(start, start + size)])
            table = pa.Table.from_arrays([ids, *texts, pa.array(["generated"] * size)], schema=schema)
            writer.write_table(table, row_group_size=BATCH)
    (folder / "target").write_text("de", encoding="utf-8")
    for side, language in (("source", "en"), ("target", "de")):
        (folder / f"{side}.words").write_text(WORDS[language], encoding="utf-8")


def clause(draw: random.Random, language: str, length: int) -> str:
    words = draw.choices(WORDS[language].split(), k=length)
    if draw.random() < 1 / 16:
        words[:3] = draw.choices(RARE[language].split(), k=3)
    return " ".join(words)


def real_pairs(path: Path, folder: Path) -> None:
    """The pairs of a file, five times over, so that there is enough to measure."""
    lines = [line.split("\t")[:2] for line in path.read_text(encoding="utf-8").splitlines()]
    rows = [
        (f"{turn}-{number}", source, target, path.name)
        for turn in range(5)
        for number, (source, target) in enumerate(lines)
    ]
    names = ("id", "source", "target", "origin")
    table = pa.table({name: list(column) for name, column in zip(names, zip(*rows, strict=True), strict=True)})
    pq.write_table(table, folder / "raw.parquet", row_group_size=BATCH)
    (folder / "target").write_text("zh", encoding="utf-8")
    for side, language, column in (("source", "en", 0), ("target", "zh", 1)):
        words = {word for line in lines for word in tokenizer(language).tokenize(line[column])}
        (folder / f"{side}.words").write_text("\n".join(sorted(words)), encoding="utf-8")


def compare(program: Path, folder: Path, arguments: argparse.Namespace) -> None:
    """The four rules that mean the same in OpusFilter, on the same file; it has no coverage by a dictionary."""
    speed = report("\nthe rules of OpusFilter, ours", folder, arguments, "words,length_ratio,script,duplicates")
    raw = pq.read_table(folder / "raw.parquet")
    for side in ("source", "target"):
        (folder / f"raw.{side}").write_text("\n".join(raw[side].to_pylist()) + "\n", encoding="utf-8")
    filters = [
        {"LengthFilter": {"unit": "word", "min_length": 10, "max_length": 16}},
        {"LengthRatioFilter": {"unit": "word", "threshold": 2.5}},
        {"CharacterScoreFilter": {"scripts": ["Latin", "Latin"], "thresholds": [0.7, 0.7]}},
    ]
    between, out = ([f"{stem}.{side}" for side in ("source", "target")] for stem in ("filtered", "unique"))
    inputs = [f"raw.{side}" for side in ("source", "target")]
    steps = [
        {"type": "filter", "parameters": {"inputs": inputs, "outputs": between, "filters": filters}},
        {"type": "remove_duplicates", "parameters": {"inputs": between, "outputs": out}},
    ]
    config = folder / "opusfilter.json"  # YAML reads JSON
    common = {"output_directory": str(folder), "default_n_jobs": arguments.processes}
    config.write_text(json.dumps({"common": common, "steps": steps}), encoding="utf-8")
    begun, work = time.monotonic(), cpu_seconds()
    quiet = {**os.environ, "TQDM_DISABLE": "1"}
    subprocess.run([program, "--overwrite", config], check=True, capture_output=True, env=quiet)
    theirs, work = raw.num_rows / (time.monotonic() - begun), cpu_seconds() - work
    kept = pq.read_table(folder / "out.parquet", columns=["source", "target"]).to_pydict()
    lines = [(folder / name).read_text(encoding="utf-8").splitlines() for name in out]
    same = [kept["source"], kept["target"]] == lines
    print(
        f"OpusFilter: {theirs:,.0f} pairs/s ({work:.1f} s of CPU); ours {speed / theirs:.1f} times as fast; "
        f"the same pairs kept: {same}"
    )


if __name__ == "__main__":
    main()
