"""Which words the models know: those seen often enough in the training split or, in English, in its graphs.

In:  data/filtered/T.parquet, data/sentence_graphs/T.parquet
Out: data/vocabulary/T.json   {"source": ["<pad>", "<bos>", "<eos>", "<unk>", "a", "the", …], "target": […]}
"""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Iterator
from itertools import zip_longest
from typing import Any

from crosscap.config.loader import load_section
from crosscap.config.vocabulary import VocabularySettings
from crosscap.errors import InputError
from crosscap.io.streams import iterate_rows
from crosscap.runs.arguments import stage_arguments
from crosscap.runs.stage import run
from crosscap.text.vocabulary import SPECIALS, Vocabulary, write_vocabularies


def main() -> None:
    target = stage_arguments(__doc__, "target").target
    settings = load_section("build_vocabulary", "vocabulary", VocabularySettings)
    threshold, graph_threshold = settings.threshold, settings.graph_threshold

    counts = {"source": Counter[str](), "target": Counter[str]()}
    path = f"data/filtered/{target}.parquet"
    graph_path = f"data/sentence_graphs/{target}.parquet"
    in_graphs = Counter[str]()
    graphs = iterate_rows(graph_path, ("id", "objects", "attributes", "relations"))
    for row, graph in zip_longest(iterate_rows(path, ("id", "split", "source_tokens", "target_tokens")), graphs):
        if row is None or graph is None or row["id"] != graph["id"]:
            found = f"graphs of other pairs, first {(graph or {}).get('id', 'none')!r}"
            raise InputError(
                graph_path, found, f"a graph for each pair of {path}, in its order", "Run the stage again."
            )
        if row["split"] == "train":
            for side, counter in counts.items():
                counter.update(row[f"{side}_tokens"])
            in_graphs.update(graph_words(graph))
    source, words = (Vocabulary.from_counts(counter, threshold) for counter in counts.values())
    for side, vocabulary in (("source", source), ("target", words)):
        if len(vocabulary) == len(SPECIALS):
            remedy = "Lower vocabulary.threshold, or filter less."
            raise InputError(path, f"no {side} word {threshold} times in the train split", "words to learn", remedy)
        if side == "source" and graph_threshold is not None:
            source = vocabulary.united(in_graphs, graph_threshold)
            logging.info("source: %d words of graphs alone", len(source) - len(vocabulary))
        share = sum(counts[side][word] for word in vocabulary.words) / counts[side].total()
        logging.info("%s: %d words, %.1f %% of the running text", side, len(vocabulary), 100 * share)
    write_vocabularies(f"data/vocabulary/{target}.json", source, words)


def graph_words(graph: dict[str, Any]) -> Iterator[str]:
    """The words of a graph's names, a name of several words counting for each of them."""
    names = [*graph["objects"], *(attribute["name"] for attribute in graph["attributes"])]
    names += [relation["predicate"] for relation in graph["relations"]]
    return (word for name in names for word in name.split())


if __name__ == "__main__":
    run(main)
