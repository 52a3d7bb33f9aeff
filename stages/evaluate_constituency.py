"""Stage evaluate_constituency: a constituency parser's labelled-bracket scores on its development treebank.

In:  models/constituency_parser/L and data/raw/treebanks/L_constituency_dev.txt
     data/raw/treebanks/L_constituency_train.txt, for the words that the parser knows
Out: reports/metrics/stages_constituency_L.json   {"constituency_parser": {"L": {"F1": 94.1, "F1_in_vocabulary": 94.8,
     "F1_out_of_vocabulary": 90.2, …}}}, times 100, null where there are no such sentences
"""

from __future__ import annotations

from pathlib import Path

from crosscap.io.artifacts import write_json
from crosscap.runs.arguments import stage_arguments
from crosscap.runs.stage import run, use_threads
from crosscap.syntax.constituency.evaluation import evaluate_parser


def main() -> None:
    language = stage_arguments(__doc__, "language").language
    use_threads(1)
    scores = evaluate_parser(Path("models/constituency_parser") / language, Path("data/raw/treebanks"), language)
    write_json(f"reports/metrics/stages_constituency_{language}.json", {"constituency_parser": {language: scores}})


if __name__ == "__main__":
    run(main)
