"""Fill UNISON's tables 2-5 and 7 with the scores of the models that were run, beside the paper's numbers.

In:  reports/metrics/T_V.json of every V in phase2.variants, data/scores/T_V.parquet for intervals over test images
Out: reports/tables/T.md, the tables and which of the paper's orderings hold, and reports/tables/T.json:

    {"T3": {"title": …, "metrics": ["BLEU-1", …], "rows": [{"name": "HGM", "run": "hgm", "paper": {"BLEU-1": 30.4, …},
     "ours": {"BLEU-1": {"mean": 76.9, "spread": 0.4, "interval": [75.2, 78.6], "seeds": [1, 2, 3]}, …}, …}, …],
     "resampling": {"samples": 10000, …}, "orderings": [{"better": "HGM", "worse": "HGMBASE", "metric": "BLEU-1",
     "paper": 0.8, "ours": {"mean": 0.6, …}, "verdict": "holds"}, …], …}, …}
"""

from __future__ import annotations

from pathlib import Path

from crosscap.ablation.layout import markdown
from crosscap.ablation.tables import read_tables
from crosscap.config.evaluation import EvaluationSettings
from crosscap.config.loader import load_section
from crosscap.config.phase1 import Phase1Settings
from crosscap.config.phase2 import Phase2Settings
from crosscap.io.artifacts import write_json, write_text
from crosscap.runs.arguments import stage_arguments
from crosscap.runs.stage import run
from crosscap.significance.resampling import Resampling


def main() -> None:
    target = stage_arguments(__doc__, "target").target
    names = load_section("write_tables", "phase2", Phase2Settings).variants
    seed = load_section("write_tables", "phase1", Phase1Settings).seed
    settings = load_section("write_tables", "evaluation", EvaluationSettings)
    plan = Resampling(settings.bootstrap_samples, settings.confidence, settings.bootstrap_seed)
    tables = read_tables(Path(), target, names, seed, plan)
    write_text(f"reports/tables/{target}.md", markdown(f"UNISON's tables, captions in {target}", tables))
    write_json(f"reports/tables/{target}.json", tables)


if __name__ == "__main__":
    run(main)
