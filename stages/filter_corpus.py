"""Keep the pairs that could be captions of one image, and split them.

In:  data/raw/parallel/T.parquet   id, source, target, origin
     data/raw/dictionary/L.txt     caption words
Out: data/filtered/T.parquet       + source_tokens, target_tokens, split
     data/filtered/T_funnel.json   {"pairs": 12000, "rules": [{"rule": "clean", "dropped": 310, "left": 11690, …}], …}
"""

from __future__ import annotations

import argparse
import logging
import tempfile
from array import array
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pyarrow as pa

from crosscap.config.filter import FilterSettings
from crosscap.config.languages import LanguageSettings
from crosscap.config.loader import load_section
from crosscap.errors import InputError
from crosscap.io.artifacts import write_json
from crosscap.io.streams import iterate_rows, write_rows
from crosscap.stage import run
from crosscap.text.corpus_filter import Funnel, Splitter, apply_rules, candidates, make_rules, split_key
from crosscap.text.dictionaries import read_word_counts
from crosscap.text.rules import Candidate
from crosscap.text.tokenizers import tokenizer

KEPT = pa.schema(
    [
        *((name, pa.string()) for name in ("id", "source", "target", "origin")),
        *((name, pa.list_(pa.string())) for name in ("source_tokens", "target_tokens")),
    ]
)
FILTERED = KEPT.append(pa.field("split", pa.string()))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--target", required=True, help="language code of the target side")
    target = parser.parse_args().target
    source = load_section("filter_corpus", "languages", LanguageSettings).source
    parameters = load_section("filter_corpus", "filter", FilterSettings)
    raw, out = Path("data/raw/parallel") / f"{target}.parquet", Path("data/filtered")

    def pairs() -> Iterator[Candidate]:
        return candidates(iterate_rows(raw, ("id", "source", "target", "origin")), tokenizer(source), tokenizer(target))

    dictionaries = {side: caption_words(language) for side, language in (("source", source), ("target", target))}
    if "coverage" in parameters.rules:
        require(dictionaries, parameters.coverage.sides, {"source": source, "target": target})
    rules = make_rules(parameters.rules, parameters, (source, target), dictionaries, pairs)
    funnel, keys, splits = Funnel(), array("Q"), Counter[str]()

    def kept() -> Iterator[dict[str, Any]]:
        for pair in apply_rules(pairs(), rules, funnel):
            keys.append(split_key(pair.source_tokens))
            yield {name: getattr(pair, name) for name in KEPT.names}

    def split() -> Iterator[dict[str, Any]]:
        splitter = Splitter(keys, parameters.split)
        for key, row in zip(keys, iterate_rows(whole, KEPT.names), strict=True):
            name = splitter.split(key)
            splits[name] += 1
            yield {**row, "split": name}

    out.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=".filter_corpus.", dir=out) as folder:
        whole = Path(folder) / "kept.parquet"
        if not write_rows(whole, kept(), KEPT):
            raise InputError(raw, f"no pair that passes {list(rules)}", "pairs to keep", advice(funnel))
        write_rows(out / f"{target}.parquet", split(), FILTERED)
    write_json(out / f"{target}_funnel.json", funnel.as_json(splits))
    for row in funnel.as_json(splits)["rules"]:
        logging.info("%-13s dropped %7d, left %7d", row["rule"], row["dropped"], row["left"])
    logging.info("splits: %s", dict(splits))


def caption_words(language: str) -> frozenset[str]:
    return frozenset(read_word_counts(Path("data/raw/dictionary") / f"{language}.txt"))


def require(dictionaries: dict[str, frozenset[str]], sides: tuple[str, ...], languages: dict[str, str]) -> None:
    for side in sides:
        if not dictionaries[side]:
            path = f"data/raw/dictionary/{languages[side]}.txt"
            remedy = f"Give collect.files.dictionary.{languages[side]}, or take {side!r} out of filter.coverage.sides."
            raise InputError(path, "no words", f"the caption dictionary that coverage of the {side} needs", remedy)


def advice(funnel: Funnel) -> str:
    hardest = max(funnel.dropped, key=lambda rule: funnel.dropped[rule], default="none")
    return f"Rule {hardest!r} dropped most of the {funnel.pairs} pairs; see section filter of params.yaml."


if __name__ == "__main__":
    run(main)
