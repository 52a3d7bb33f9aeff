"""How long exact retrieval takes: every source word's nearest target words and the other way round.

    python benchmarks/retrieval.py                              # 200,000 x 200,000 words of 300 values, 10 neighbours
    python benchmarks/retrieval.py --source 20000 --all         # also one way, the products alone, and faiss
    python benchmarks/retrieval.py --vectors wiki.en.vec wiki.zh.vec

Without files the vectors are drawn at random around 2,000 common centres. `both ways` is what CSLS needs: ten
neighbours of each word in the other language, of which the first is UNISON's table. Of 50 words of each language, drawn
at random, the neighbours are compared with a full sort in float64. CPU seconds are those of all threads; memory is the
process's peak, with the vectors. faiss (IndexFlatIP, exact) is timed where `pip install faiss-cpu` was done; it has no
search of both ways, so it searches twice.
"""

from __future__ import annotations

import argparse
import resource
import time
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

import torch

from crosscap.vectors.nearest import Neighbours, nearest, nearest_both_ways
from crosscap.vectors.rcsls import unit_rows
from crosscap.vectors.vec_file import read_vec

T = TypeVar("T")
TILE = 1024, 4096


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--source", type=int, default=200_000, help="words of the source language")
    parser.add_argument("--target", type=int, default=200_000, help="words of the target language")
    parser.add_argument("--size", type=int, default=300)
    parser.add_argument("--neighbours", type=int, default=10)
    parser.add_argument("--threads", type=int, default=torch.get_num_threads())
    parser.add_argument("--vectors", type=Path, nargs=2, metavar=("SOURCE", "TARGET"), help=".vec files instead")
    parser.add_argument("--all", action="store_true", help="time the other ways too")
    arguments = parser.parse_args()
    torch.set_num_threads(arguments.threads)
    chance = torch.Generator().manual_seed(1)
    if arguments.vectors:
        source, target = (
            unit_rows(torch.from_numpy(read_vec(path, limit)[1]))
            for path, limit in zip(arguments.vectors, (arguments.source, arguments.target), strict=True)
        )
    else:
        centres = torch.randn(2000, arguments.size, generator=chance)
        source, target = (drawn(centres, count, chance) for count in (arguments.source, arguments.target))
    k = arguments.neighbours
    print(f"{len(source):,} x {len(target):,} words, {source.shape[1]} values, {arguments.threads} threads", flush=True)

    forward, backward = timed(
        f"both ways, {k} neighbours", lambda: nearest_both_ways(source, target, k), source, target
    )
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"peak memory {memory:,.0f} MiB, of which vectors {(source.nbytes + target.nbytes) / 2**20:,.0f}", flush=True)
    compare(forward, source, target, chance)
    compare(backward, target, source, chance)
    if arguments.all:
        timed("the products alone", lambda: products(source, target), source, target)
        timed("one way, 1 neighbour", lambda: nearest(source, target, 1), source, target)
        time_faiss(source, target, k, arguments.threads)


def drawn(centres: torch.Tensor, count: int, chance: torch.Generator) -> torch.Tensor:
    places = torch.randint(len(centres), (count,), generator=chance)
    return unit_rows(centres[places] + torch.randn(count, centres.shape[1], generator=chance))


def timed(name: str, work: Callable[[], T], source: torch.Tensor, target: torch.Tensor) -> T:
    wall, cpu = time.perf_counter(), time.process_time()
    result = work()
    wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
    each = cpu / (len(source) * len(target)) * 1e9
    print(f"{name:28} {wall:8.1f} s, {cpu:8.1f} CPU s, {each:5.2f} CPU ns a similarity", flush=True)
    return result


def compare(found: Neighbours, queries: torch.Tensor, table: torch.Tensor, chance: torch.Generator) -> None:
    """A full sort in float64 of some queries: the same neighbours, or others just as similar."""
    sample = torch.randperm(len(queries), generator=chance)[:50]
    similarity = queries[sample].double() @ table.double().T
    best, rows = similarity.topk(found.rows.shape[1], dim=1)
    taken = similarity.gather(1, found.rows[sample])
    same = (rows == found.rows[sample]).double().mean().item()
    print(f"{same:.2%} of the sampled neighbours in the same place, similarities differ by {(best - taken).max():.1e}")


def products(source: torch.Tensor, target: torch.Tensor) -> None:
    buffer = torch.empty(TILE[0] * TILE[1])
    for some in source.split(TILE[0]):
        for rows in target.split(TILE[1]):
            torch.mm(some, rows.T, out=buffer[: len(some) * len(rows)].view(len(some), len(rows)))


def time_faiss(source: torch.Tensor, target: torch.Tensor, k: int, threads: int) -> None:
    try:
        import faiss
    except ImportError:
        print("faiss is not installed")
        return
    faiss.omp_set_num_threads(threads)

    def search(queries: torch.Tensor, table: torch.Tensor) -> None:
        index = faiss.IndexFlatIP(table.shape[1])
        index.add(table.numpy())
        index.search(queries.numpy(), k)

    timed(f"faiss, one way, {k} neighbours", lambda: search(source, target), source, target)
    timed(f"faiss, the other way, {k}", lambda: search(target, source), source, target)


if __name__ == "__main__":
    main()
