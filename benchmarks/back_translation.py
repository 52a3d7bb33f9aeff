"""Speed of back-translation on one core: by length against fixed batches, and from the cache.

    python benchmarks/back_translation.py --forward DIR --backward DIR --sentences 512 data/filtered/zh.parquet

The folders are Marian or FSMT models, such as models/translator/zh/forward and backward. "By length" is what the stage
does: shapes that depend on the length alone, filled up, at most ``--batch-pieces`` pieces. "Fixed" takes
``--batch-sentences`` sentences in the order of the corpus, padded to the longest. Times are of the processor, so that
others on the machine do not count; the cache is timed by the clock.
"""

from __future__ import annotations

import argparse
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from unittest.mock import patch

import numpy as np
import torch

from crosscap.config.back_translation import BackTranslationSettings, SearchSettings
from crosscap.incremental.identity import Identity
from crosscap.incremental.results import Work, results
from crosscap.io.streams import iterate_rows
from crosscap.translation import translator as module
from crosscap.translation.paraphrase_results import SHARD_SIZE, sentence_paraphraser
from crosscap.translation.translator import Translator

BEAMS = 6


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("pairs", help="Parquet table with a column `source`")
    parser.add_argument("--forward", required=True)
    parser.add_argument("--backward", required=True)
    parser.add_argument("--sentences", type=int, default=512)
    parser.add_argument("--batch-pieces", type=int, default=2048)
    parser.add_argument("--batch-sentences", type=int, default=96)
    options = parser.parse_args()
    torch.set_num_threads(1)
    texts: dict[str, None] = {}
    for row in iterate_rows(options.pairs, ["source"]):
        texts[row["source"]] = None
        if len(texts) == options.sentences:
            break
    sentences = list(texts)
    forward = Translator.load(options.forward, options.batch_pieces)

    def fixed(lengths: Sequence[int], beams: int, pieces: int, longest: int) -> Iterator[tuple[int, np.ndarray]]:
        size = max(1, options.batch_sentences // beams)
        for start in range(0, len(lengths), size):
            places = np.arange(start, min(start + size, len(lengths)))
            yield max(lengths[place] for place in places), places

    kinds: dict[str, Callable[[], object]] = {
        "greedy": lambda: forward.translate(sentences),
        f"{BEAMS} beams": lambda: forward.best(sentences, BEAMS, BEAMS),
        "4 samples": lambda: forward.sample(
            [s for s in sentences for _ in range(4)], range(4 * len(sentences)), 1.0, 10
        ),
    }
    for name, translate in kinds.items():
        by_length = rate(translate, len(sentences))
        with patch.object(module, "batches_by_length", fixed):
            unsorted = rate(translate, len(sentences))
        print(
            f"{name:>10}: by length {by_length:6.1f}, fixed {unsorted:6.1f} sentences a second of one core", flush=True
        )

    beam = SearchSettings(search="beam", beams=BEAMS, temperature=1.0, top_k=10, top_p=1.0)
    settings = BackTranslationSettings(
        copies=4, pivots=("target",), forward=beam, backward=beam.model_copy(update={"beams": 1}), attempts=2,
        min_agreement=None, batch_pieces=options.batch_pieces, seed=1,
    )  # fmt: skip
    compute = sentence_paraphraser([(Path(options.forward), Path(options.backward))], settings, "en")
    with tempfile.TemporaryDirectory() as cache:
        work = Work("back_translate", lambda: compute, str.encode, Identity(), SHARD_SIZE, Path(cache))
        made = rate(lambda: list(results(sentences, work)), len(sentences))
        begun = time.perf_counter()
        count = len(list(results(sentences, work)))
        print(f"round trips: {made:.1f} sentences a second; cached: {count / (time.perf_counter() - begun):.0f}")


def rate(call: Callable[[], object], sentences: int) -> float:
    begun = time.process_time()
    call()
    return sentences / (time.process_time() - begun)


if __name__ == "__main__":
    main()
