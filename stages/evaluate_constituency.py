"""Stage evaluate_constituency: a constituency parser's labelled-bracket scores on its development treebank.

In:  models/constituency_parser/L and data/raw/treebanks/L_constituency_dev.txt
     data/raw/treebanks/L_constituency_train.txt, for the words that the parser knows
Out: reports/metrics/stages_constituency_L.json   {"constituency_parser": {"L": {"F1": 94.1, "F1_in_vocabulary": 94.8,
     "F1_out_of_vocabulary": 90.2, …}}}, times 100, null where there are no such sentences
     reports/significance/stages_constituency_L.json   {"settings": …, "intervals": {"constituency_parser": {"L": {"F1":
     [93.2, 95.0], …}}}} over sentences
"""

from __future__ import annotations

from pathlib import Path

from crosscap.io.artifacts import write_json
from crosscap.runs.arguments import stage_arguments
from crosscap.runs.stage import run, use_threads
from crosscap.significance.resampling import Resampling
from crosscap.significance.stage_intervals import Bounds, Counts, content, extraction, intervals, plan_of
from crosscap.syntax.constituency.evaluation import Sentences, evaluate_parser


def main() -> None:
    language = stage_arguments(__doc__, "language").language
    use_threads(1)
    plan = plan_of("evaluate_constituency")
    folder = Path("models/constituency_parser") / language
    scores, sentences = evaluate_parser(folder, Path("data/raw/treebanks"), language)
    found = {name: values["F1"] for name, rows in sentences.items() if (values := intervals_of(rows, plan))}
    found |= intervals_of(sentences["F1"], plan)
    write_json(f"reports/metrics/stages_constituency_{language}.json", {"constituency_parser": {language: scores}})
    chance = content({"constituency_parser": {language: found}}, plan)
    write_json(f"reports/significance/stages_constituency_{language}.json", chance)


def intervals_of(sentences: Sentences, plan: Resampling) -> dict[str, Bounds]:
    return intervals(extraction(row[:3] for row in sentences), plan) | intervals(
        Counts.of(sentences, exact=(3, 4)), plan
    )


if __name__ == "__main__":
    run(main)
