"""Write the report: scores, examples with their pictures, ablations, stage scores, corpus filter, curves, the DAG.

In:  reports/{metrics,tables,significance}, workflow/durations.json, data/scores, data/captions,
     data/raw/{captions,images}, data/image_graphs, data/filtered and the histories in models/phase1 and models/phase2
Out: reports/index.html, one page that needs nothing else
"""

from __future__ import annotations

import logging
from pathlib import Path

from crosscap.config.languages import LanguageSettings
from crosscap.config.loader import load_section
from crosscap.config.phase2 import Phase2Settings
from crosscap.config.report import ReportSettings
from crosscap.io.artifacts import write_text
from crosscap.report.assembly import report
from crosscap.runs.arguments import stage_arguments
from crosscap.runs.stage import run


def main() -> None:
    stage_arguments(__doc__)
    targets = load_section("write_report", "languages", LanguageSettings).targets
    variants = load_section("write_report", "phase2", Phase2Settings).variants
    settings = load_section("write_report", "report", ReportSettings)
    chosen = ReportSettings(
        examples=settings.examples,
        pictures=settings.pictures,
        image_width=settings.image_width,
        image_quality=settings.image_quality,
    )
    html = report(targets, variants, chosen, Path())
    write_text("reports/index.html", html)
    logging.getLogger(__name__).info("reports/index.html: %.1f MB", len(html) / 1e6)


if __name__ == "__main__":
    run(main)
