"""Constituency parsers on the storybook's treebank: F1 in and out of vocabulary, speed, and what company changes.

    python benchmarks/constituency.py                    # English and Chinese, as params.yaml has them
    python benchmarks/constituency.py --trees 800 --languages en

The rarest nouns, verbs and adjectives are held out, as many as stand in a fifth of the trees: those trees are not
trained on, and the development trees with such a word are the figures out of vocabulary. Speed is of one thread on the
development sentences, the model loaded, sentences of a kind that `parse_constituency` gets. "alone" parses some of
them one at a time: trees that differ from those of the batch show how far company matters.
"""

from __future__ import annotations

import argparse
import tempfile
import time
from pathlib import Path

import nltk

from crosscap.config.constituency_parser import ConstituencyParserSettings, Training
from crosscap.config.loader import load_section
from crosscap.runs.stage import use_threads
from crosscap.storybook.treebanks import make_treebank
from crosscap.syntax.constituency.brackets import plain
from crosscap.syntax.constituency.evaluation import scores_of, vocabulary
from crosscap.syntax.constituency.parser import ConstituencyParser
from crosscap.syntax.constituency.training import train

OPEN_TAGS = ("NN", "NNS", "VB", "VBZ", "VBG", "VBN", "VBP", "JJ", "VV", "VA")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--trees", type=int, default=2000, help="to choose the training trees from")
    parser.add_argument("--dev", type=int, default=400)
    parser.add_argument("--languages", nargs="+", default=["en", "zh"])
    arguments = parser.parse_args()
    use_threads(1)
    section = load_section("train_constituency_parser", "constituency_parser", ConstituencyParserSettings)
    settings = Training(**{key: getattr(section.train, key) for key in Training.model_fields})
    banks = [
        make_treebank(split, size, 0.1, 7).constituents
        for split, size in (("train", arguments.trees), ("dev", arguments.dev))
    ]
    for language in arguments.languages:
        training, dev = ([_tree(line) for line in bank[language]] for bank in banks)
        kept = without_rare_words(training, 0.2)
        with tempfile.TemporaryDirectory() as folder:
            begun = time.monotonic()
            train(kept, settings, Path(folder), Path(folder) / "parser.pt")
            seconds = time.monotonic() - begun
            model = ConstituencyParser(Path(folder) / "parser.pt", language, settings.lowercase)
        print(f"{language}: trained on {len(kept)} of {len(training)} trees in {seconds:.0f} s")
        for name, value in scores_of(model, dev, vocabulary(kept))[0].items():
            print(f"  {name:28} {value}")
        measure(model, [tree.leaves() for tree in dev])


def without_rare_words(trees: list[nltk.Tree], share: float) -> list[nltk.Tree]:
    """What is left of ``trees`` when the rarest open-class words take their trees along, up to ``share`` of all."""
    places: dict[str, set[int]] = {}
    for number, tree in enumerate(trees):
        for word, tag in tree.pos():
            if tag in OPEN_TAGS:
                places.setdefault(word.lower(), set()).add(number)
    gone: set[int] = set()
    for _, found in sorted(places.items(), key=lambda item: (len(item[1]), item[0])):
        if len(gone | found) > share * len(trees):
            break
        gone |= found
    return [tree for number, tree in enumerate(trees) if number not in gone]


def measure(model: ConstituencyParser, sentences: list[list[str]]) -> None:
    begun = time.monotonic()
    together = list(model.parse(sentences))
    print(f"  {'sentences/s':28} {len(sentences) / (time.monotonic() - begun):.0f}")
    some = range(0, len(sentences), 4)
    differing = sum(next(iter(model.parse([sentences[row]]))) != together[row] for row in some)
    print(f"  {'other trees when alone':28} {differing} of {len(some)}")


def _tree(line: str) -> nltk.Tree:
    tree = plain(nltk.Tree.fromstring(line))
    assert tree is not None
    return tree


if __name__ == "__main__":
    main()
