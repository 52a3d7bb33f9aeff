"""A training step of UNISON's phase 1: seconds, and what bounds them.

    python benchmarks/unison_step.py                                    # the paper's size, the Chinese side alone
    python benchmarks/unison_step.py --size storybook --sides source target --threads 1
    python benchmarks/unison_step.py --precision bf16 --batch 512       # on a GPU where there is one

Random graphs of 4 objects, 3 relations and one attribute an object, sentences of 12 words; names and words are drawn
by Zipf's law, as in text, and each distinct word of a batch is projected once. "product" is the floating-point
operations of all matrix products of a step; "peak" is how fast one large product runs here, so that their quotient is
the time below which no step can be.
"""

from __future__ import annotations

import argparse
import resource
import statistics
import time
from collections.abc import Callable

import torch
from torch.utils.flop_counter import FlopCounterMode

from crosscap.graph.scene_graph import SceneGraph
from crosscap.runs.stage import use_threads
from crosscap.systems.unison.examples import Example
from crosscap.systems.unison.model import Unison, UnisonConfig
from crosscap.systems.unison.objective import Objective, batch_losses
from crosscap.text.vocabulary import BOS, EOS, UNK
from crosscap.training.device import best_device
from crosscap.training.update import Update, UpdateSettings
from crosscap.vectors.lookup import AlignedVectors

SIZES = {"paper": (1000, 13_194, 11_731), "storybook": (128, 203, 225)}
"""D, words of the source and of the target language."""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--size", choices=SIZES, default="paper")
    parser.add_argument("--sides", nargs="+", choices=("source", "target"), default=["target"])
    parser.add_argument("--variant", default="hgm")
    parser.add_argument("--batch", type=int, default=50)
    parser.add_argument("--precision", choices=("fp32", "bf16"), default="fp32")
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--steps", type=int, default=7)
    arguments = parser.parse_args()
    use_threads(arguments.threads)
    torch.manual_seed(0)
    _, source_words, target_words = SIZES[arguments.size]
    names = 1000
    model = random_model(arguments.variant, arguments.size).train()
    batch = random_batch(arguments.batch, names, source_words, target_words)
    table = model.node_table([example.graph for example in batch], random_vectors(names)).to(best_device())
    objective = Objective(sides=tuple(arguments.sides))

    def losses() -> dict[str, torch.Tensor]:
        return batch_losses(model, table, batch, objective)

    torch.stack(list(losses().values())).sum().backward()
    trained = [parameter for parameter in model.parameters() if parameter.grad is not None]
    update = Update(model, torch.optim.Adam(trained, lr=5e-5, fused=True),
                    UpdateSettings("value", 0.1, arguments.precision))  # fmt: skip
    with FlopCounterMode(display=False) as counter:
        update(batch, lambda _: losses())
    whole = timed(lambda: update(batch, lambda _: losses()), arguments.steps)
    with torch.no_grad():
        forward = timed(lambda: (losses(),), arguments.steps)
    dtype = torch.bfloat16 if arguments.precision == "bf16" else torch.float32
    peak, operations = peak_rate(dtype), counter.get_total_flops() / 1e9
    print(f"{arguments.variant}, {arguments.size} size, batch {arguments.batch}, {' + '.join(arguments.sides)}, "
          f"{arguments.precision}, {sum(p.numel() for p in trained) / 1e6:.1f} M parameters, {best_device().type}, "
          f"{torch.get_num_threads()} threads")  # fmt: skip
    print(f"  step          {told(whole)}")
    print(f"  forward alone {told(forward)}")
    least = operations / peak
    print(f"  product       {operations:.1f} GFLOP, peak {peak:.0f} GFLOP/s: {least * 1000:.0f} ms at least, "
          f"{least / min(whole)[0]:.0%} of the best step")  # fmt: skip


def random_batch(count: int, names: int, source_words: int, target_words: int) -> list[Example]:
    """Pairs of a graph (4 objects, 3 relations, 4 attributes) and two sentences of 12 words."""

    def drawn(number: int, kinds: int) -> list[int]:
        chances = 1 / torch.arange(1, kinds + 1, dtype=torch.float64)  # Zipf
        return torch.multinomial(chances, number, replacement=True).tolist()

    def sentence(words: int) -> tuple[int, ...]:
        return (BOS, *(UNK + 1 + word for word in drawn(12, words - UNK - 1)), EOS)

    def graph(number: int) -> SceneGraph:
        found = [f"n{name}" for name in drawn(11, names)]
        links = ((0, found[4], 1), (1, found[5], 2), (2, found[6], 3))
        return SceneGraph(str(number), tuple(found[:4]), tuple(enumerate(found[7:])), links)

    return [Example(graph(number), sentence(source_words), sentence(target_words)) for number in range(count)]


def random_model(variant: str, size: str) -> Unison:
    """A model of that size (a key of `SIZES`) with random weights and words that are numbers."""
    width, source_words, target_words = SIZES[size]
    config = UnisonConfig(
        variant, width, 300, 100, 0.5, "vectors",
        tuple(f"s{word}" for word in range(source_words)), tuple(f"t{word}" for word in range(target_words)),
    )  # fmt: skip
    return Unison(config, torch.randn(source_words, 300), torch.randn(target_words, 300)).to(best_device())


def random_vectors(names: int) -> AlignedVectors:
    vectors = torch.nn.functional.normalize(torch.randn(names, 300))
    return AlignedVectors(tuple(f"n{name}" for name in range(names)), tuple(f"m{name}" for name in range(names)),
                          vectors, vectors.roll(1, 0), torch.arange(names))  # fmt: skip


def timed(work: Callable[[], object], times: int) -> list[tuple[float, float]]:
    """Seconds by the clock and of the processor, for each of ``times`` repetitions after two to warm up."""
    found = []
    for number in range(times + 2):
        begun = time.perf_counter(), cpu_seconds()
        work()
        if torch.cuda.is_available():
            torch.cuda.synchronize()
        if number > 1:
            found.append((time.perf_counter() - begun[0], cpu_seconds() - begun[1]))
    return found


def cpu_seconds() -> float:
    usage = resource.getrusage(resource.RUSAGE_SELF)
    return usage.ru_utime + usage.ru_stime


def told(seconds: list[tuple[float, float]]) -> str:
    wall, cpu = ([found[kind] * 1000 for found in seconds] for kind in (0, 1))
    return (f"best {min(wall):.0f} ms, median {statistics.median(wall):.0f} ms; "
            f"of the processor best {min(cpu):.0f} ms, median {statistics.median(cpu):.0f} ms")  # fmt: skip


def peak_rate(dtype: torch.dtype) -> float:
    """GFLOP/s of one product of 2,000 x 2,000 matrices, best of three."""
    left, right = torch.randn(2, 2000, 2000, device=best_device()).to(dtype)
    return 2 * 2000**3 / 1e9 / min(timed(lambda: left @ right, 3))[0]


if __name__ == "__main__":
    main()
