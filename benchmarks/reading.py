"""How fast parallel text is read and written as `data/raw/parallel/T.parquet`, and in how much memory.

    python benchmarks/reading.py [--lines 1000000 5000000] [--layouts moses tsv …]

Each layout runs in a process of its own; the memory is that process's peak. Files are generated: 6 % of the lines are
bad, so the quarantine works too.
"""

from __future__ import annotations

import argparse
import gzip
import json
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable, Iterator
from itertools import islice
from pathlib import Path
from typing import Any

import pyarrow as pa

from crosscap.collection.manifest import Manifest
from crosscap.collection.text_files import collect_parallel
from crosscap.config.collect import Files

PLACES, COLORS, THINGS = ("park", "street", "room"), ("red", "black", "white", "green"), ("dog", "cat", "horse")
LAYOUTS = ("moses", "moses.gz", "tsv", "tsv.zst", "json_lines", "tmx", "sgml", "alternating", "captions")


def sentences(count: int) -> Iterator[tuple[str, str]]:
    """Pairs of some 50 characters; every 17th lacks its Chinese side."""
    for number in range(count):
        place, color, thing = PLACES[number % 3], COLORS[number % 4], THINGS[number % 5 % 3]
        english = f"There is a {color} {thing} and a man with number {number} in the {place} ."
        yield english, "" if number % 17 == 0 else f"{place}里有一个{color}的{thing}和一个拿着{number}号的男人。"


def write(path: Path, lines: Iterable[str]) -> None:
    data = (f"{line}\n".encode() for line in lines)
    if path.suffix == ".gz":
        with gzip.open(path, "wb", compresslevel=1) as stream:
            stream.writelines(data)
    elif path.suffix == ".zst":
        with pa.CompressedOutputStream(str(path), "zstd") as stream:
            while block := b"".join(islice(data, 10_000)):
                stream.write(block)
    else:
        with open(path, "wb") as stream:
            stream.writelines(data)


def make(layout: str, count: int, folder: Path) -> list[Path]:
    """Files of ``count`` records in one layout."""
    kind, _, packing = layout.partition(".")
    paths = [folder / f"{side}.{packing}" if packing else folder / side for side in ("corpus", "corpus-zh")]
    if kind in ("moses", "captions", "sgml"):
        for side, path in enumerate(paths):
            texts = (pair[side] for pair in sentences(count))
            if kind == "captions":
                texts = (f"{number // 5}.jpg#{number % 5} {text}" for number, text in enumerate(texts))
            elif kind == "sgml":
                segments = (f'<seg id="{number}">{text}</seg>' for number, text in enumerate(texts))
                texts = (
                    line
                    for part in (['<srcset setid="x"><doc docid="d">'], segments, ["</doc></srcset>"])
                    for line in part
                )
            write(path, texts)
        return paths
    lines: Iterator[str] = ("\t".join(pair) for pair in sentences(count))
    if kind == "json_lines":
        lines = (json.dumps({"english": s, "chinese": t}, ensure_ascii=False) for s, t in sentences(count))
    elif kind == "alternating":
        lines = (text for pair in sentences(count) for text in pair)
    elif kind == "tmx":
        tuv = '<tuv xml:lang="{}"><seg>{}</seg></tuv>'
        units = (f"<tu>{tuv.format('en', s)}{tuv.format('zh', t)}</tu>" for s, t in sentences(count))
        lines = (line for part in (['<tmx version="1.4"><body>'], units, ["</body></tmx>"]) for line in part)
    write(paths[0], lines)
    return paths[:1]


def read(layout: str, paths: list[Path], folder: Path) -> dict[str, Any]:
    """Seconds, seconds of CPU (on a busy machine the truer ones), and the peak memory of this process in MB."""
    corpus = {"target": "zh", "format": layout.partition(".")[0], "licence": "", "paths": tuple(map(str, paths))}
    files = Files.model_validate({"parallel": (corpus,)})
    begun, cpu_begun = time.perf_counter(), time.process_time()
    with Manifest(folder / "raw", "files") as manifest:
        collect_parallel(files, "en", ["zh"], manifest)
    seconds, cpu = time.perf_counter() - begun, time.process_time() - cpu_begun
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return {"seconds": seconds, "cpu": cpu, "megabytes": peak, **manifest.inputs[0]}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--lines", type=int, nargs="+", default=[1_000_000, 5_000_000])
    parser.add_argument("--layouts", nargs="+", choices=LAYOUTS, default=list(LAYOUTS))
    parser.add_argument("--read", nargs="+", help=argparse.SUPPRESS)  # the child's part: layout, folder, files
    arguments = parser.parse_args()
    if arguments.read:
        layout, folder, *paths = arguments.read
        print(json.dumps(read(layout, list(map(Path, paths)), Path(folder))))
        return
    heads = ("records", "seconds", "records/s", "a CPU second", "peak MB", "quarantined")
    print("layout      " + "".join(f"{head:>13}" for head in heads))
    for layout in arguments.layouts:
        for count in arguments.lines:
            with tempfile.TemporaryDirectory() as folder:
                paths = make(layout, count, Path(folder))
                command = [sys.executable, __file__, "--read", layout, folder, *map(str, paths)]
                found = json.loads(subprocess.run(command, capture_output=True, text=True, check=True).stdout)
            assert found["read"] == count == found["kept"] + found["quarantined"]
            cells = (count, found["seconds"], count / found["seconds"], count / found["cpu"], found["megabytes"])
            print(f"{layout:12}" + "".join(f"{c:13.0f}" for c in (*cells, found["quarantined"])), flush=True)


if __name__ == "__main__":
    main()
