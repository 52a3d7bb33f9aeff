"""What of the detectron2 backend works without detectron2."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from crosscap.config.detector import DetectorSettings
from crosscap.config.loader import read_yaml, validate_section
from crosscap.errors import InputError
from crosscap.vision.detectors.detectron2_config import read_config
from crosscap.vision.detectors.detectron2_pretrained import adopt_detectron2
from crosscap.vision.detectors.store import load_detector, write_card
from crosscap.vision.detectors.weights import read_state

ROOT = Path(__file__).parents[2]


def test_a_config_stands_on_its_bases(tmp_path: Path) -> None:
    (tmp_path / "below.yaml").write_text("MODEL: {RPN: {A: 1, B: 2}, DEPTH: 50}\nVERSION: 2\n")
    (tmp_path / "other.yaml").write_text("MODEL: {RPN: {B: 3}}\n")
    (tmp_path / "sub").mkdir()
    path = tmp_path / "sub/own.yaml"
    path.write_text("_BASE_: [../below.yaml, ../other.yaml]\nMODEL: {DEPTH: 101}\n")
    assert read_config(path) == {"MODEL": {"RPN": {"A": 1, "B": 3}, "DEPTH": 101}, "VERSION": 2}


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("_BASE_: own.yaml\n", "own.yaml: found a _BASE_ that leads back to itself"),
        (
            "_BASE_: https://example.org/base.yaml\n",
            "_BASE_ 'https://example.org/base.yaml', expected a file beside it",
        ),
        ("_BASE_: detectron2://base.yaml\n", "_BASE_ 'detectron2://base.yaml', expected a file beside it"),
        ("_BASE_: 7\n", "_BASE_ 7, expected a file beside it"),
        ("_BASE_: absent.yaml\n", "absent.yaml: found no such file"),
        ("- 1\n", "own.yaml: found list"),
    ],
)
def test_a_base_that_cannot_be_read_is_named(tmp_path: Path, text: str, message: str) -> None:
    (tmp_path / "own.yaml").write_text(text)
    with pytest.raises(InputError, match=message):
        read_config(tmp_path / "own.yaml")


def test_a_config_runs_no_code(tmp_path: Path) -> None:
    path = tmp_path / "own.yaml"
    (tmp_path / "trap.yaml").write_text(
        f"A: !!python/object/apply:pathlib.Path.touch [!!python/object/apply:pathlib.Path ['{tmp_path}/sprung']]\n"
    )
    path.write_text("_BASE_: trap.yaml\n")
    with pytest.raises(InputError, match=r"trap.yaml: found could not determine a constructor for the tag"):
        read_config(path)
    assert not (tmp_path / "sprung").exists()


def test_a_pickle_of_the_model_zoo_is_refused_with_its_remedy(tmp_path: Path) -> None:
    (tmp_path / "model_final.pkl").write_bytes(b"\x80\x02}.")
    with pytest.raises(InputError, match=r"found a pickle, .* Convert it once, as docs/detectron2.md says"):
        read_state(tmp_path / "model_final.pkl")


def test_without_detectron2_its_backend_says_how_to_build_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "detectron2", None)
    monkeypatch.setitem(sys.modules, "detectron2.modeling", None)
    values = {**read_yaml(ROOT / "params.yaml")["detector"], "backend": "detectron2", "pretrained": "weights.pth"}
    settings = validate_section(DetectorSettings, "detector", values, "params.yaml")
    with pytest.raises(InputError, match=r"expected the package detectron2. Build it as docs/detectron2.md says"):
        adopt_detectron2(tmp_path, settings, ("dog",), ())
    write_card(
        tmp_path, {"backend": "detectron2", "classes": ["dog"], "attributes": [], "feature_size": 8, "config": {}}
    )
    with pytest.raises(InputError, match=r"Build it as docs/detectron2.md says"):
        load_detector(tmp_path)
