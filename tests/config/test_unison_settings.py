"""Values that no training could use are refused with their key, before any work."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from crosscap.config.generation import GenerationSettings
from crosscap.config.loader import read_yaml, validate_section
from crosscap.config.phase1 import Phase1Settings
from crosscap.config.phase2 import Phase2Settings
from crosscap.errors import InputError

PARAMS = read_yaml(Path(__file__).parents[2] / "params.yaml")
MODELS = {"phase1": Phase1Settings, "phase2": Phase2Settings, "generation": GenerationSettings}


@pytest.mark.parametrize(
    ("section", "key", "value"),
    [
        *(("phase1", key, 0) for key in ("size", "kl_size", "min_name_count", "max_words", "batch_size")),
        *(("phase1", key, 0.0) for key in ("learning_rate",)),
        *(("phase1", "dropout", value) for value in (-0.1, 1.0, float("nan"))),
        *(("phase1", key, -1) for key in ("checkpoint_every", "seed", "threads")),
        *(("phase2", key, 0) for key in ("steps", "batch_size")),
        *(("phase2", key, 0.0) for key in ("generator_learning_rate", "discriminator_learning_rate")),
        *(("phase2", key, -0.5) for key in ("cycle_weight", "identity_weight")),
        *(("phase2", key, -1) for key in ("image_pool", "checkpoint_every", "seed", "threads")),
        ("generation", "threads", -1),
    ],
)
def test_a_value_that_no_training_could_use_is_refused(section: str, key: str, value: Any) -> None:
    values = {**PARAMS[section], key: value}
    with pytest.raises(InputError, match=rf"params\.yaml, key {section}\.{key}: found .*input should be"):
        validate_section(MODELS[section], section, values, "params.yaml")
    assert validate_section(MODELS[section], section, PARAMS[section], "params.yaml")
