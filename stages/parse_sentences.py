"""Parse every kept English sentence and its paraphrases.

in:  data/filtered/zh.parquet      id=pair-0000001, source_tokens=[a, man, rides, a, horse, …]
     data/paraphrases/zh.parquet   id=pair-0000001, copy=1, tokens=[a, horse, is, ridden, …]
     models/dependency_parser/
out: data/parses/zh.conllu.gz      # sent_id = pair-0000001/0, then /1 …; copy 0 is the sentence itself
"""

from __future__ import annotations

import argparse
from pathlib import Path

from crosscap.stage import run
from crosscap.syntax.conllu import write_conllu
from crosscap.syntax.parallel_parsing import parse_in_processes
from crosscap.syntax.sentence_copies import read_copies
from crosscap.training.progress import progress


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--target", required=True)
    parser.add_argument("--processes", type=int, default=0, help="0: one a core; the output does not depend on it")
    arguments = parser.parse_args()
    target = arguments.target
    copies = read_copies(Path(f"data/filtered/{target}.parquet"), Path(f"data/paraphrases/{target}.parquet"))
    trees = parse_in_processes("models/dependency_parser", copies, arguments.processes)
    write_conllu(f"data/parses/{target}.conllu.gz", progress(trees, "parse_sentences", len(copies)))


if __name__ == "__main__":
    run(main)
