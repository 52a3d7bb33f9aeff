"""How far scores hang on the test images: intervals, spread over seeds, and whether runs differ by more than chance.

In:  data/scores/T_V.parquet of every V in phase2.variants
Out: reports/significance/T_scores.csv (system, metric, score, low, high: what `dvc plots` draws) and
     reports/significance/T.json:

    {"settings": {"samples": 10000, "confidence": 0.95, "seed": 1},
     "intervals": {"hgm": {"with_phase2": {"CIDEr": [113.1, 131.6], …}, …}},
     "systems": {"hgm": {"seeds": [1, 2, 3], "sets": {"with_phase2": {"CIDEr": {"mean": 121.0, …}, …}}}, …},
     "differences": [{"first": "hgm/with_phase2", "second": "hgm/without_phase2", "metric": "CIDEr", "difference": 12.1,
      "low": 8.0, "high": 16.2, "p_bootstrap": 0.0002, "p_randomisation": 0.0001, …}, …]}
"""

from __future__ import annotations

from crosscap.config.evaluation import EvaluationSettings
from crosscap.config.loader import load_section
from crosscap.config.phase1 import Phase1Settings
from crosscap.config.phase2 import Phase2Settings
from crosscap.io.artifacts import write_json, write_text
from crosscap.runs.arguments import stage_arguments
from crosscap.runs.stage import run
from crosscap.significance.resampling import Resampling
from crosscap.significance.run_comparison import compare_runs
from crosscap.significance.score_rows import score_rows
from crosscap.significance.scored_set import read_scored_sets


def main() -> None:
    target = stage_arguments(__doc__, "target").target
    names = load_section("compare_runs", "phase2", Phase2Settings).variants
    seed = load_section("compare_runs", "phase1", Phase1Settings).seed
    settings = load_section("compare_runs", "evaluation", EvaluationSettings)
    plan = Resampling(settings.bootstrap_samples, settings.confidence, settings.bootstrap_seed)
    runs = {name: read_scored_sets(f"data/scores/{target}_{name}.parquet", name) for name in dict.fromkeys(names)}
    compared = compare_runs(runs, seed, plan)
    write_json(f"reports/significance/{target}.json", compared)
    write_text(f"reports/significance/{target}_scores.csv", score_rows(runs, compared["intervals"]))


if __name__ == "__main__":
    run(main)
