"""``crosscap ablation`` on a copy of the repository in which nothing ran, with an engine that only leaves tables."""

from __future__ import annotations

import sys
from pathlib import Path
from types import SimpleNamespace

import pytest

from crosscap.ablation.runs import needed_runs, seeds_of
from crosscap.cli import ablation
from crosscap.cli.main import main
from crosscap.config.loader import read_yaml
from crosscap.io.artifacts import write_json
from crosscap.systems.unison.run_name import VARIANTS
from tests.workflow.fabricated import REPOSITORY, copy_of_the_repository

ENGINE = """
import pathlib, sys
folder = pathlib.Path("reports/tables"); folder.mkdir(parents=True, exist_ok=True)
(folder / "zh.md").write_text(f"tables of {sys.argv[1:]}\\n")
sys.exit(int(pathlib.Path("exit").read_text()) if pathlib.Path("exit").exists() else 0)
"""


@pytest.fixture(scope="module")
def copied(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("ablation")
    copy_of_the_repository(folder)
    return folder


@pytest.fixture
def project(copied: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Its ``params.yaml`` is the test's own."""
    params = (REPOSITORY / "params.yaml").read_text()
    (copied / "params.yaml").write_text(params.replace("variants: [hgm]", "variants: [hgm-pooled]"))
    (copied / "exit").unlink(missing_ok=True)
    monkeypatch.chdir(copied)
    monkeypatch.setattr(
        ablation, "engine_command", lambda engine, cores, goal: [sys.executable, "-c", ENGINE, engine, goal]
    )
    return copied


def code_of(*words: str) -> int:
    with pytest.raises(SystemExit) as end:
        main(["ablation", *words])
    assert isinstance(end.value.code, int)
    return end.value.code


def variants(project: Path) -> tuple[list[str], list[str]]:
    values = read_yaml(project / "params.yaml")
    return values["phase1"]["variants"], values["phase2"]["variants"]


def test_a_dry_run_counts_the_stages_and_changes_nothing(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    before = (project / "params.yaml").read_bytes()
    assert code_of("--tables", "T4", "--variants", "gm_word", "hgm", "--seeds", "2", "--dry-run") == 0
    out = capsys.readouterr().out.splitlines()
    assert out[0] == (
        "8 models: gm_word gm_word-no_kl hgm hgm-no_kl "
        "gm_word-seed2 gm_word-no_kl-seed2 hgm-seed2 hgm-no_kl-seed2"
    )  # fmt: skip
    counts = dict(line.split()[:2] for line in out if len(line.split()) == 2)
    # hgm-pooled stands in the lists already and is evaluated with the others.
    assert [counts[name] for name in ("train_phase1", "train_phase2", "evaluate", "write_tables")] == list("9991")
    assert "write_report" not in counts  # not needed for the tables
    assert (project / "params.yaml").read_bytes() == before
    assert not (project / "work").exists() and not (project / "reports/tables").exists()


def test_names_enter_the_lists_and_the_engine_is_asked_for_the_tables(
    project: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    before = (project / "params.yaml").read_text().splitlines()
    assert code_of("--tables", "T3", "--variants", "gen", "hgm", "--seeds", "2", "--engine", "dvc") == 0
    names = ["hgm-pooled", "gen", "hgm", "gen-seed2", "hgm-seed2"]
    assert variants(project) == (names, names)
    after = (project / "params.yaml").read_text().splitlines()
    assert len(after) == len(before)
    assert sum(old != new for old, new in zip(before, after, strict=True)) == 2
    assert capfd.readouterr().out.splitlines()[-1] == "tables of ['dvc', 'write_tables@zh']"
    again = (project / "params.yaml").stat().st_mtime_ns
    assert code_of("--tables", "T3", "--variants", "gen", "hgm", "--seeds", "2", "--engine", "dvc") == 0
    assert (project / "params.yaml").stat().st_mtime_ns == again


def test_an_engine_that_fails_gives_its_exit_code(project: Path, capfd: pytest.CaptureFixture[str]) -> None:
    (project / "exit").write_text("7")
    assert code_of("--tables", "T3", "--variants", "hgm", "--seeds", "1") == 7
    streams = capfd.readouterr()
    assert "ended with 7" in streams.err and "not finished: hgm-pooled hgm" in streams.err
    assert streams.out.splitlines()[1:] == []  # nothing is finished, so there is no table


def test_a_failed_model_does_not_hide_the_tables_of_the_others(
    project: Path, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    (project / "exit").write_text("1")
    states = {"hgm-pooled": "stale", "gen": "fresh", "hgm": "never run"}
    statuses = {f"evaluate@zh-{name}": SimpleNamespace(state=state) for name, state in states.items()}
    monkeypatch.setattr(ablation, "workflow_module", lambda name, root: SimpleNamespace(assess=lambda folder: statuses))
    scores = dict.fromkeys(("BLEU-1", "BLEU-2", "BLEU-3", "BLEU-4", "METEOR", "ROUGE-L"), 12.3)
    metrics = {"text": scores, "captions": {"with_phase2": scores, "without_phase2": scores}}
    for name in ("gen", "hgm-pooled"):  # an old model's are not shown as if they were of these parameters
        write_json(project / f"reports/metrics/zh_{name}.json", metrics)
    assert code_of("--tables", "T3", "--variants", "gen", "hgm", "--seeds", "1") == 1
    streams = capfd.readouterr()
    assert "not finished: hgm-pooled hgm" in streams.err
    assert "finished models alone" in streams.out
    lines = [line for line in streams.out.splitlines() if "ours, 1 seed" in line]
    assert lines and all(line.startswith("| GEN") and "12.3" in line for line in lines)


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("--seeds", "0"), "--seeds 0"),
        (("--cores", "0"), "--cores 0"),
        (("--tables", "T4", "--variants", "gen"), "no gen in T4"),
        (("--target", "qq"), "qq"),
    ],
)
def test_what_cannot_be_run_is_refused_before_anything_changes(
    project: Path, capsys: pytest.CaptureFixture[str], words: tuple[str, ...], told: str
) -> None:
    before = (project / "params.yaml").read_bytes()
    assert code_of(*words) == 1
    assert told in capsys.readouterr().err
    assert (project / "params.yaml").read_bytes() == before


def test_the_engines_are_told_to_finish_the_other_models_when_one_fails() -> None:
    assert ablation.engine_command("dvc", 4, "write_tables@zh") == ["dvc", "repro", "--keep-going", "write_tables@zh"]
    assert ablation.engine_command("snakemake", 4, "write_tables@zh") == [
        "snakemake", "--cores", "4", "--keep-going", "write_tables_zh"
    ]  # fmt: skip


def test_the_preset_names_what_the_command_adds() -> None:
    preset = read_yaml(REPOSITORY / "workflow/presets/ablation.yaml")
    names = needed_runs(ablation.DEFAULT_TABLES, VARIANTS, seeds_of(3, own=1))
    for section in ("phase1", "phase2"):
        assert sorted(preset[section]["variants"]) == sorted(names)
    assert preset["phase1"]["variants"][0] == "hgm"
