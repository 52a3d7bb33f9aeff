"""β_C of generated captions: how far the phrases of a caption are those of its translation into English.

In: ``data/scores/content_T_V.parquet`` (``caption``, ``english``), ``models/constituency_parser/{source language,T}``.
Out: ``reports/metrics/trees_T_V.json`` (``{"captions": {"with_phase2": {"beta_C": 9.9}, …}, …}``, times 100),
``data/scores/trees_T_V.parquet``, a row a caption, and ``reports/significance/trees_T_V.json``, their intervals.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np

from crosscap.config.languages import LanguageSettings
from crosscap.config.loader import load_section
from crosscap.evaluation.content import SETS, TREES, mean
from crosscap.evaluation.phrases import tree_coincidences
from crosscap.io.artifacts import write_json
from crosscap.io.tables import read_table, write_table
from crosscap.runs.arguments import stage_arguments
from crosscap.runs.stage import run, use_threads
from crosscap.significance.stage_intervals import Counts, content, intervals, plan_of
from crosscap.significance.stage_intervals import mean as mean_of

MODELS = Path("models/constituency_parser")


def main() -> None:
    arguments = stage_arguments(__doc__, "target", "variant")
    target, variant = arguments.target, arguments.variant
    source = load_section("evaluate_trees", "languages", LanguageSettings).source
    use_threads(1)  # as parse_constituency

    rows = read_table(f"data/scores/content_{target}_{variant}.parquet", ("set", "id", "caption", "english"))
    translated = [row for row in rows if row["english"] is not None]
    captions = [(tuple(row["caption"].split()), tuple(row["english"])) for row in translated]
    betas = tree_coincidences(captions, MODELS / target, MODELS / source, target)

    table = [{"set": row["set"], "id": row["id"], "beta_C": beta} for row, beta in zip(translated, betas, strict=True)]
    scores = {name: mean([row["beta_C"] for row in table if row["set"] == name and row["beta_C"] is not None])
              for name in SETS}  # fmt: skip
    missing = {}
    if not translated:
        missing["beta_C"] = "no translator into the language of the graphs (translator.backend: none)"
    elif absent := [name for name, value in scores.items() if value is None]:
        missing["beta_C"] = f"no caption of {', '.join(absent)} with a tree in both languages"
    counts = {"captions": len(rows), "without_tree": betas.count(None)}
    write_table(f"data/scores/trees_{target}_{variant}.parquet", table, TREES)
    by_set = {name: {"beta_C": value} for name, value in scores.items()}
    metrics = {"captions": by_set, "counts": counts, "missing": missing}
    write_json(f"reports/metrics/trees_{target}_{variant}.json", metrics)
    plan = plan_of("evaluate_trees")
    known = {name: [(row["beta_C"], 1) for row in table if row["set"] == name and row["beta_C"] is not None]
             for name in SETS}  # fmt: skip
    counts = {name: Counts(np.array(values, float), {"beta_C": mean_of(0, 1)}) for name, values in known.items()}
    found = {name: intervals(each, plan) for name, each in counts.items()}
    write_json(f"reports/significance/trees_{target}_{variant}.json", content(found, plan))


if __name__ == "__main__":
    run(main)
