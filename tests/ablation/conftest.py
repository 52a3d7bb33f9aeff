"""Metrics of models that were never trained, with scores that say which model they are of."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path

import pytest

from crosscap.ablation.published import CAPTION_METRICS
from crosscap.io.artifacts import write_json
from crosscap.systems.unison.run_name import VARIANTS, RunName

WriteMetrics = Callable[[Iterable[str]], None]


def score_of(run: RunName, sentences: str) -> float:
    """10 for each step up the paper's table 3, 3 for phase 2, -1 without L_KL, -2 from raw graphs, the seed's part."""
    score = 10.0 * (VARIANTS.index(run.variant) + 1) - run.no_kl - 2 * run.raw + 20 * run.captions
    return score + 3 * (sentences == "with_phase2") + {None: 0.0, 2: 0.5, 3: -0.5}[run.seed]


@pytest.fixture
def metrics(tmp_path: Path) -> WriteMetrics:
    """Writes ``reports/metrics/zh_NAME.json`` below ``tmp_path`` for each name."""

    def write(names: Iterable[str]) -> None:
        for name in names:
            run = RunName.parse(name)
            sets = {
                sentences: dict.fromkeys(CAPTION_METRICS, score_of(run, sentences))
                for sentences in ("text", "with_phase2", "without_phase2")
            }
            content = {"text": sets.pop("text"), "captions": {**sets, "shuffled": {"CIDEr": 1.0}}}
            write_json(tmp_path / f"reports/metrics/zh_{name}.json", content)

    return write
