"""Whether intervals hold the truth and p is what it says, on test sets drawn from real captions; how long it takes.

    python benchmarks/significance.py                    # with against without phase 2 of the last run, 600 test sets
    python benchmarks/significance.py --table data/scores/zh_hgm.parquet --sets with_phase2 gold_graphs --trials 200

The captions of the table are taken for all there are, so that their scores are the true ones; test sets are drawn from
them with replacement. Two systems that are alike are made by exchanging the captions of an image by a coin.
"""

from __future__ import annotations

import argparse
import time
from collections import Counter
from dataclasses import replace
from pathlib import Path

import numpy as np

from crosscap.significance.comparison import compare
from crosscap.significance.resampling import (
    Resampling,
    bootstrap_scores,
    interval,
    randomisation_p,
    randomised_differences,
    shared,
)
from crosscap.significance.scored_set import ScoredSet, read_scored_sets


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--table", type=Path, default=Path("data/scores/zh_hgm.parquet"))
    parser.add_argument("--sets", nargs=2, default=["with_phase2", "without_phase2"], help="the two systems")
    parser.add_argument("--sizes", type=int, nargs="+", default=[50, 200], help="images of a test set")
    parser.add_argument("--trials", type=int, default=600, help="simulated test sets of each size")
    arguments = parser.parse_args()
    tables = read_scored_sets(arguments.table, arguments.table.stem)
    systems = (tables[arguments.sets[0]], tables[arguments.sets[1]])
    for size in arguments.sizes:
        held, held_difference, found = simulate(*systems, size, arguments.trials)
        print(f"{size} images, {arguments.trials} test sets; percent")
        for metric in held:
            shares = [100 * counts[metric] / arguments.trials for counts in (held, held_difference, found)]
            print(
                f"  {metric:<8} 95 % intervals that hold the score {shares[0]:.1f}, the difference {shares[1]:.1f}; "
                f"p <= 0.05 of systems that are alike {shares[2]:.1f}"
            )
    for size in (1000, 5000):
        pair = drawn(*systems, size, np.random.default_rng(1))
        start, wall = time.process_time(), time.perf_counter()
        first, second = bootstrap_scores(pair, Resampling(10_000, 0.95, 1))
        compare([pair], [(first, second)], Resampling(10_000, 0.95, 1))
        seconds, waited = time.process_time() - start, time.perf_counter() - wall
        print(f"two systems, {size} images, 10,000 samples: {seconds:.1f} s of processor time, {waited:.1f} s")


def simulate(first: ScoredSet, second: ScoredSet, size: int, trials: int) -> tuple[Counter[str], ...]:
    """How often an interval holds the true score, the true difference, and how often p <= 0.05 without a difference."""
    draw = np.random.default_rng(5)
    held, held_difference, found = Counter[str](), Counter[str](), Counter[str]()
    for trial in range(trials):
        one, other = drawn(first, second, size, draw)
        plan = Resampling(500, 0.95, trial)
        scores, others = bootstrap_scores([one, other], plan)
        coins = draw.integers(2, size=(size, 1)) == 1
        alike = tuple(
            replace(one, numbers=np.where(coins, a.numbers, b.numbers)) for a, b in ((one, other), (other, one))
        )
        (differences,) = randomised_differences([(alike[0], alike[1])], plan)
        for metric in shared(first, second):
            low, high = interval(scores[metric], 0.95)
            held[metric] += low <= first.corpus[metric] <= high
            low, high = interval(scores[metric] - others[metric], 0.95)
            held_difference[metric] += low <= first.corpus[metric] - second.corpus[metric] <= high
            observed = alike[0].corpus[metric] - alike[1].corpus[metric]
            found[metric] += randomisation_p(differences[metric], observed) <= 0.05
    return held, held_difference, found


def drawn(first: ScoredSet, second: ScoredSet, size: int, draw: np.random.Generator) -> tuple[ScoredSet, ScoredSet]:
    """A test set of so many images, as both systems captioned them."""
    rows = draw.integers(len(first.ids), size=size)
    ids = tuple(f"{number:06d}" for number in range(size))
    return replace(first, ids=ids, numbers=first.numbers[rows]), replace(second, ids=ids, numbers=second.numbers[rows])


if __name__ == "__main__":
    main()
