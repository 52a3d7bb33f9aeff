"""Parameters: typed, frozen, and only what a stage declares."""

from __future__ import annotations

from pathlib import Path

import pytest
from pydantic import ValidationError

from crosscap.config.loader import UndeclaredParameter, load_section, validate_section
from crosscap.config.section import Section
from crosscap.errors import InputError


class Training(Section):
    steps: int
    rate: float


class Example(Section):
    words: tuple[str, ...]
    limit: int
    train: Training


VALUES = {"words": ["a", "b"], "limit": 3, "train": {"steps": 10, "rate": 1}}


@pytest.fixture
def project(tmp_path: Path) -> Path:
    (tmp_path / "params.yaml").write_text("example: {words: [a, b], limit: 3, train: {steps: 10, rate: 1}}\n")
    (tmp_path / "dvc.yaml").write_text(
        "stages:\n  whole: {cmd: x, params: [example]}\n"
        "  part: {cmd: x, params: [example.limit, example.train.steps]}\n"
    )
    return tmp_path


def load(project: Path, stage: str, name: str = "example") -> Example:
    return load_section(stage, name, Example, project / "params.yaml", project / "dvc.yaml")


def test_a_section_is_typed_and_frozen(project: Path) -> None:
    section = load(project, "whole")
    assert section.words == ("a", "b")
    assert section.train.rate == 1.0
    with pytest.raises(ValidationError):
        section.limit = 4  # type: ignore[misc]


def test_a_declared_leaf_can_be_read(project: Path) -> None:
    assert load(project, "part").limit == 3
    assert load(project, "part").train.steps == 10


def test_an_undeclared_leaf_names_itself_and_the_place_to_declare_it(project: Path) -> None:
    with pytest.raises(UndeclaredParameter, match=r"'part' reads the parameter 'example\.words'.*stages\.part\.params"):
        _ = load(project, "part").words
    with pytest.raises(UndeclaredParameter, match=r"example\.train\.rate"):
        _ = load(project, "part").train.rate


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"limti": 1}, r"key example\.limti: found an unknown key.*Did you mean 'limit'\?"),
        ({"limit": "3"}, r"key example\.limit: found '3', expected input should be a valid integer"),
        ({"train": {"step": 10, "steps": 1, "rate": 1}}, r"key example\.train\.step: .*Did you mean 'steps'\?"),
        ({"train": {"steps": 10}}, r"key example\.train\.rate: found nothing"),
    ],
)
def test_a_wrong_key_or_value_is_named_with_the_nearest_known_key(change: dict, message: str) -> None:
    with pytest.raises(InputError, match=message):
        validate_section(Example, "example", {**VALUES, **change}, "params.yaml")


def test_a_missing_section_names_the_nearest_one(project: Path) -> None:
    with pytest.raises(InputError, match=r"no section 'exampel'.*Did you mean 'example'\?"):
        load(project, "whole", "exampel")


def test_an_unknown_stage_names_the_nearest_one(project: Path) -> None:
    with pytest.raises(InputError, match=r"no stage 'hole'.*Did you mean 'whole'\?"):
        load(project, "hole")
