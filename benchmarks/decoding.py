"""Captions a second of UNISON's decoder: graphs in batches against one by one, and what each option costs.

    python benchmarks/decoding.py                           # storybook size, 1,000 graphs, one thread
    python benchmarks/decoding.py --size paper --graphs 200 --alone 20 --threads 2

Graphs and weights are random, so that hardly a caption ends by itself: every one takes all 16 words of the released
code, which is the worst case; trained models are faster. The features are computed before. Captions of a graph must be
the same in a batch and alone; how many are not is told (products of other shapes may round differently).
"""

from __future__ import annotations

import argparse
import time
from dataclasses import replace

import torch
from unison_step import SIZES, cpu_seconds, random_batch, random_model, random_vectors

from crosscap.nn.beam_search import Hypothesis, LengthNorm
from crosscap.nn.constraints import Constraints
from crosscap.nn.decoding import Decoding
from crosscap.nn.sampling import Narrowing
from crosscap.runs.stage import use_threads
from crosscap.systems.unison.model import Unison
from crosscap.systems.unison.phase2 import pooled_features
from crosscap.training.device import best_device


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--size", choices=SIZES, default="storybook")
    parser.add_argument("--graphs", type=int, default=1000)
    parser.add_argument("--alone", type=int, default=200, help="so many of them one by one")
    parser.add_argument("--batch", type=int, default=100)
    parser.add_argument("--beam", type=int, default=5)
    parser.add_argument("--threads", type=int, default=1)
    arguments = parser.parse_args()
    use_threads(arguments.threads)
    torch.manual_seed(0)
    _, source_words, target_words = SIZES[arguments.size]
    model = random_model("hgm", arguments.size).eval()
    graphs = [pair.graph for pair in random_batch(arguments.graphs, 1000, source_words, target_words)]
    z = pooled_features(model, graphs, random_vectors(1000))
    plain = Decoding(arguments.beam, 16)
    print(f"{arguments.size} size, {arguments.graphs} graphs, beam {arguments.beam}, batches of {arguments.batch}, "
          f"{best_device().type}, {torch.get_num_threads()} threads")  # fmt: skip
    alone = decoded("one by one", model, z[: arguments.alone], plain, 1)
    together = decoded("batched", model, z, plain, arguments.batch)
    differing = sum(one[0].tokens != other[0].tokens for one, other in zip(alone, together, strict=False))
    print(f"  captions that differ alone: {differing} of {len(alone)}")
    for name, decoding in (
        ("greedy", replace(plain, beam=1)),
        ("all of the beam", replace(plain, n_best=arguments.beam)),
        ("mean norm", replace(plain, norm=LengthNorm("mean"))),
        ("no pair twice", replace(plain, constraints=Constraints(no_repeat=2))),
        ("one required word", replace(plain, constraints=Constraints(required=(9,)))),
        ("drawn, top-p 0.9", replace(plain, drawn=Narrowing(top_p=0.9))),
    ):
        decoded(name, model, z, decoding, arguments.batch)


def decoded(name: str, model: Unison, z: torch.Tensor, decoding: Decoding, size: int) -> list[list[Hypothesis]]:
    """Decode and tell the speed; the first batch is decoded once before, unmeasured."""
    noise = torch.rand(len(z), decoding.n_best, decoding.max_words, device=z.device)

    def batch(start: int) -> list[list[Hypothesis]]:
        part = slice(start, start + size)
        return model.target.decode(z[part], decoding, noise[part])

    batch(0)
    begun = time.perf_counter(), cpu_seconds()
    found = [row for start in range(0, len(z), size) for row in batch(start)]
    wall, cpu = time.perf_counter() - begun[0], cpu_seconds() - begun[1]
    print(f"  {name:18} {len(z) / wall:7.1f} captions/s, {len(z) / cpu:7.1f} a second of the processor")
    return found


if __name__ == "__main__":
    main()
