"""How well captions are read into graphs, against the graphs of FACTUAL (Li et al., ACL Findings 2023).

    python benchmarks/factual.py --parser DIR                           # the rules, on the development split
    python benchmarks/factual.py --parser DIR --fit 36000 --save DIR2   # and a rescorer learned on the training split
    python benchmarks/factual.py --parser DIR --held-out 1500 …         # on the training split's end, to choose by

DIR is a folder as train_dependency_parser makes it (UD English EWT in data/raw/treebanks). The corpus is
`factual/random/{train,dev}.csv` under $CROSSCAP_REALDATA (default ../shared/data).

Normalisation, of both sides: lowercase; the last word of an object's name in the singular
(`crosscap.graph.rules.lemmas.noun_lemma`); numerals of one digit as words. A fact is `(object)` for one that stands in
no other, `(object, is, attribute)` or `(subject, predicate, object)`, as the corpus writes them. "facts" counts those;
"tuples" counts as SPICE does, where each object is a tuple of its own. Scores are micro-averaged over captions; "exact"
is the share of captions whose set of facts is the annotators'.
"""

from __future__ import annotations

import argparse
import csv
import json
import os
import re
import time
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import NamedTuple

from crosscap.graph.rescoring.training import train_rescorer
from crosscap.graph.rules.lemmas import noun_lemma
from crosscap.graph.rules.sentence_graph import sentence_graph
from crosscap.graph.rules.word_lists import NUMERALS
from crosscap.graph.scene_graph import SceneGraph, merge
from crosscap.syntax.dependency_parser import load_parser
from crosscap.syntax.tree import Tree
from crosscap.text.tokenizers import tokenizer

FACT = re.compile(r"\(([^()]*)\)")


class Caption(NamedTuple):
    tree: Tree
    gold: SceneGraph


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    default = Path(os.environ.get("CROSSCAP_REALDATA", "../shared/data"), "factual/random")
    parser.add_argument("--data", type=Path, default=default)
    parser.add_argument("--parser", type=Path, required=True)
    parser.add_argument("--fit", type=int, default=0, help="captions of the training split to learn a rescorer from")
    parser.add_argument("--held-out", type=int, default=0, help="score on the training split's last captions instead")
    parser.add_argument("--save", type=Path, help="folder for the rescorer")
    arguments = parser.parse_args()
    train = read_rows(arguments.data / "train.csv")
    rows = train[-arguments.held_out :] if arguments.held_out else read_rows(arguments.data / "dev.csv")
    scored = parsed(rows, arguments.parser)
    start = time.process_time()
    print_scores("rules", sentence_graph, scored)
    print(f"{len(scored) / (time.process_time() - start):,.0f} graphs a second of one core, scoring included")
    if arguments.fit:
        fit = train[: min(arguments.fit, len(train) - arguments.held_out)]
        rescorer = train_rescorer((caption.tree, caption.gold) for caption in parsed(fit, arguments.parser))
        print_scores(f"rescored, learned from {len(fit)} captions", rescorer.sentence_graph, scored)
        if arguments.save:
            rescorer.save(arguments.save)


def read_rows(path: Path) -> list[tuple[str, str]]:
    with open(path, encoding="utf-8", newline="") as stream:
        return [(row["caption"], row["scene_graph"]) for row in csv.DictReader(stream)]


def parsed(rows: Iterable[tuple[str, str]], parser: Path) -> list[Caption]:
    rows = [(caption, graph) for caption, graph in rows if caption.strip()]
    words = tokenizer("en")
    trees = load_parser(parser).parse(list(words.tokenize(caption)) for caption, _ in rows)
    return [Caption(tree, gold_graph(text)) for tree, (_, text) in zip(trees, rows, strict=True)]


def gold_graph(text: str) -> SceneGraph:
    """``( trees , grow on , lawn ) , ( lawn , is , green )`` normalised; a fact with an empty part is left out."""
    names: dict[str, int] = {}
    attributes: dict[tuple[int, str], None] = {}
    relations: dict[tuple[int, str, int], None] = {}
    for fact in FACT.findall(text):
        parts = [" ".join(part.lower().split()) for part in fact.split(",")]
        if not all(parts) or len(parts) not in (1, 3):
            continue
        rows = [names.setdefault(named(part), len(names)) for part in parts[:1]]
        if len(parts) == 3 and parts[1] == "is":
            attributes[rows[0], NUMERALS.get(parts[2], parts[2])] = None
        elif len(parts) == 3:
            relations[rows[0], parts[1], names.setdefault(named(parts[2]), len(names))] = None
    return SceneGraph("", tuple(names), tuple(attributes), tuple(relations))


def named(name: str) -> str:
    *first, last = name.split()
    return " ".join((*first, noun_lemma(last)))


def facts_of(graph: SceneGraph) -> set[tuple[str, ...]]:
    names = [named(name) for name in graph.objects]
    facts: set[tuple[str, ...]] = {(names[owner], "is", name) for owner, name in graph.attributes}
    facts |= {(names[subject], predicate, names[other]) for subject, predicate, other in graph.relations}
    used = {row for row, _ in graph.attributes} | {row for s, _, o in graph.relations for row in (s, o)}
    return facts | {(name,) for row, name in enumerate(names) if row not in used}


def tuples_of(facts: Iterable[tuple[str, ...]]) -> set[tuple[str, ...]]:
    tuples = set(facts)
    for fact in facts:
        tuples.add(fact[:1])
        if len(fact) == 3 and fact[1] != "is":
            tuples.add(fact[2:])
    return tuples


def print_scores(name: str, read: Callable[[Tree, str], SceneGraph], captions: Sequence[Caption]) -> None:
    found = [facts_of(merge("", [read(caption.tree, "")])) for caption in captions]
    gold = [facts_of(caption.gold) for caption in captions]
    scores = {
        "captions": len(captions),
        "facts": ratios(gold, found),
        "tuples": ratios([tuples_of(facts) for facts in gold], [tuples_of(facts) for facts in found]),
        "exact": percent(sum(one == other for one, other in zip(gold, found, strict=True)), len(gold)),
    }
    print(f"{name}: {json.dumps(scores)}")


def ratios(gold: Sequence[set[tuple[str, ...]]], found: Sequence[set[tuple[str, ...]]]) -> dict[str, float]:
    right = sum(len(one & other) for one, other in zip(gold, found, strict=True))
    expected, given = sum(map(len, gold)), sum(map(len, found))
    return {
        "precision": percent(right, given),
        "recall": percent(right, expected),
        "F1": percent(2 * right, expected + given),
    }


def percent(part: int, whole: int) -> float:
    return round(100 * part / whole, 1) if whole else 0.0


if __name__ == "__main__":
    main()
