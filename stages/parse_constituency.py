"""Stage parse_constituency: both sides of the kept pairs -> constituency trees, in the order of the pairs.

In:  data/filtered/T.parquet (``source_tokens``, ``target_tokens``), models/constituency_parser/{source language,T}
Out: data/constituency/T_{source,target}.txt.gz   a tree a line, ``(FAILED)`` where a sentence could not be parsed
"""

from __future__ import annotations

import argparse
import logging
from pathlib import Path

from crosscap.config.languages import LanguageSettings
from crosscap.config.loader import load_section
from crosscap.io.tables import read_table
from crosscap.stage import run, use_threads
from crosscap.syntax.constituency.brackets import write_trees
from crosscap.syntax.constituency.parser import load_constituency_parser
from crosscap.training.progress import progress

MODELS = Path("models/constituency_parser")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--target", required=True)
    target = parser.parse_args().target
    languages = load_section("parse_constituency", "languages", LanguageSettings)
    # One thread: the matrices are small, and the same trees come out on every machine.
    use_threads(1)
    rows = read_table(f"data/filtered/{target}.parquet", ("source_tokens", "target_tokens"))
    for side, language in (("source", languages.source), ("target", target)):
        trees = load_constituency_parser(MODELS / language).parse(row[f"{side}_tokens"] for row in rows)
        shown = progress(trees, f"trees of {language}", len(rows))
        written = write_trees(f"data/constituency/{target}_{side}.txt.gz", shown)
        logging.info("%s: %d of %d sentences parsed", language, written, len(rows))


if __name__ == "__main__":
    run(main)
