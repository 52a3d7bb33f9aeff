"""Which words the models know: those seen often enough in the training split.

In:  data/filtered/T.parquet
Out: data/vocabulary/T.json   {"source": ["<pad>", "<bos>", "<eos>", "<unk>", "a", "the", …], "target": […]}
"""

from __future__ import annotations

import argparse
import logging
from collections import Counter

from crosscap.config.loader import load_section
from crosscap.config.vocabulary import VocabularySettings
from crosscap.errors import InputError
from crosscap.io.streams import iterate_rows
from crosscap.stage import run
from crosscap.text.vocabulary import SPECIALS, Vocabulary, write_vocabularies


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--target", required=True, help="language code of the target side")
    target = parser.parse_args().target
    threshold = load_section("build_vocabulary", "vocabulary", VocabularySettings).threshold

    counts = {"source": Counter[str](), "target": Counter[str]()}
    path = f"data/filtered/{target}.parquet"
    for row in iterate_rows(path, ("split", "source_tokens", "target_tokens")):
        if row["split"] == "train":
            for side, counter in counts.items():
                counter.update(row[f"{side}_tokens"])
    source, words = (Vocabulary.from_counts(counter, threshold) for counter in counts.values())
    for side, vocabulary in (("source", source), ("target", words)):
        if len(vocabulary) == len(SPECIALS):
            remedy = "Lower vocabulary.threshold, or filter less."
            raise InputError(path, f"no {side} word {threshold} times in the train split", "words to learn", remedy)
        share = sum(counts[side][word] for word in vocabulary.words) / counts[side].total()
        logging.info("%s: %d words, %.1f %% of the running text", side, len(vocabulary), 100 * share)
    write_vocabularies(f"data/vocabulary/{target}.json", source, words)


if __name__ == "__main__":
    run(main)
