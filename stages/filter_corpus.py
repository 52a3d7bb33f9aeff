"""Keep the pairs that could be captions of one image, and split them.

In:  data/raw/parallel/T.parquet   id, source, target, origin
     data/raw/dictionary/L.txt     caption words
     data/raw/segmentation/L.txt   the user's own words for a segmenter
Out: data/filtered/T.parquet       + source_tokens, target_tokens, split
     data/filtered/T_funnel.json   {"pairs": 12000, "rules": [{"rule": "clean", "dropped": 310, "left": 11690, …}], …}

What the rules say of single pairs is kept in work/cache. With --map only a part of them is judged and nothing but the
cache is written; the command without it gathers, and asks the rules on the whole corpus.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from functools import partial
from pathlib import Path

from crosscap.config.filter import FilterSettings
from crosscap.config.languages import LanguageSettings
from crosscap.config.loader import load_section
from crosscap.errors import InputError
from crosscap.incremental.identity import stage_identity
from crosscap.incremental.results import Work, results, run_task
from crosscap.io.artifacts import temporary_directory, write_json
from crosscap.io.streams import count_rows
from crosscap.runs.arguments import stage_arguments
from crosscap.runs.stage import run
from crosscap.text.corpus_filter import filter_corpus, read_texts
from crosscap.text.dictionaries import read_word_counts
from crosscap.text.rules.candidate import Setting
from crosscap.text.tokenizers import tokenizer
from crosscap.text.verdicts import Texts, judge
from crosscap.training.progress import progress

OUT = Path("data/filtered")
SHARD = 4096  # pairs: a fraction of a second's work, and 25,000 files for 100 million
GLOBAL_PARAMETERS = ("filter.near_duplicates", "filter.alignment", "filter.split")  # no pair's own verdict needs them


def main() -> None:
    arguments = stage_arguments(__doc__, "target", "processes", "map")
    target = arguments.target
    raw = Path(f"data/raw/parallel/{target}.parquet")
    setting = read_setting(target)
    words = [path(language) for language in (setting.source, target) for path in (dictionary, segmentation)]
    work: Work[Texts] = Work(
        stage="filter_corpus",
        start=partial(start, target),
        digest_of=lambda texts: f"{target}\0{texts[0]}\0{texts[1]}".encode(),
        identity=stage_identity("filter_corpus", words, GLOBAL_PARAMETERS),
        shard_size=SHARD,
    )
    if arguments.map:
        run_task(read_texts(raw), work, arguments.map, arguments.processes)
        return
    total = count_rows(raw)
    with temporary_directory(OUT / f"{target}_keys") as folder:
        funnel, splits = filter_corpus(
            raw,
            OUT / f"{target}.parquet",
            folder,
            setting,
            lambda texts: progress(results(texts, work, arguments.processes), "filter_corpus", total),
        )
    write_json(OUT / f"{target}_funnel.json", funnel.as_json(splits))
    for row in funnel.as_json(splits)["rules"]:
        sides = ", ".join(f"{side} {count}" for side, count in row.get("sides", {}).items())
        told = f" ({sides})" if sides else ""
        logging.info("%-15s dropped %9d, left %9d%s", row["rule"], row["dropped"], row["left"], told)
    logging.info("splits: %s", dict(splits))


def start(target: str) -> Callable[[list[Texts]], list[bytes]]:
    """What each process that judges pairs begins with."""
    setting = read_setting(target)
    return judge(setting, *(tokenizer(language, segmentation(language)) for language in (setting.source, target)))


def read_setting(target: str) -> Setting:
    """The parameters, and the dictionaries that the rules need.

    Raises:
        InputError: coverage is asked for on a side without a dictionary.
    """
    source = load_section("filter_corpus", "languages", LanguageSettings).source
    parameters = load_section("filter_corpus", "filter", FilterSettings)
    languages = {"source": source, "target": target}
    dictionaries: dict[str, frozenset[str]] = {}
    for side in parameters.coverage.sides if "coverage" in parameters.rules else ():
        path = dictionary(languages[side])
        dictionaries[side] = frozenset(read_word_counts(path))
        if not dictionaries[side]:
            remedy = f"Give collect.files.dictionary.{languages[side]}, or take {side!r} out of filter.coverage.sides."
            raise InputError(path, "no words", f"the caption dictionary that coverage of the {side} needs", remedy)
    return Setting(parameters, source, target, dictionaries)


def dictionary(language: str) -> Path:
    return Path(f"data/raw/dictionary/{language}.txt")


def segmentation(language: str) -> Path:
    return Path(f"data/raw/segmentation/{language}.txt")


if __name__ == "__main__":
    run(main)
