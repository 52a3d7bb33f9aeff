"""The command line: mistakes are one clear line, and nothing is half-changed."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from crosscap.cli.main import COMMANDS, main

REPOSITORY = Path(__file__).parents[2]


@pytest.fixture
def params(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    shutil.copy(REPOSITORY / "params.yaml", tmp_path)
    monkeypatch.chdir(tmp_path)
    return tmp_path / "params.yaml"


def code_of(*words: str) -> int:
    with pytest.raises(SystemExit) as exit:
        main(list(words))
    return int(exit.value.code or 0)


def test_every_command_explains_itself(capsys: pytest.CaptureFixture[str]) -> None:
    for command in COMMANDS:
        assert code_of(command, "--help") == 0
        assert COMMANDS[command][1:] in capsys.readouterr().out.replace("\n", " ").replace("  ", " ")


def test_check_names_the_known_languages_for_one_it_does_not_know(params: Path, capsys: pytest.CaptureFixture[str]):
    assert code_of("check") == 0
    params.write_text(
        params.read_text(encoding="utf-8").replace("targets: [zh]", "targets: [zh, xx]"), encoding="utf-8"
    )
    assert code_of("check") == 1
    assert "found language 'xx', expected one of as, " in capsys.readouterr().err


def test_help_does_not_wait_for_torch() -> None:
    code = "import sys, crosscap.cli.main; sys.exit('torch' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


@pytest.mark.parametrize("words", ["['cache', '--help']", "['schema']"])
def test_a_reader_that_has_seen_enough_ends_a_command_in_silence(words: str) -> None:
    reader, writer = os.pipe()
    os.close(reader)
    code = f"from crosscap.cli.main import main; main({words})"
    try:
        ended = subprocess.run([sys.executable, "-c", code], stdout=writer, stderr=subprocess.PIPE, check=False)
    finally:
        os.close(writer)
    assert (ended.returncode, ended.stderr) == (0, b"")


def test_the_parameters_of_the_repository_are_valid(params: Path) -> None:
    assert code_of("check") == 0


def test_a_typo_in_the_parameters_names_the_nearest_key(params: Path, capsys: pytest.CaptureFixture[str]) -> None:
    params.write_text(params.read_text().replace("  source: en", "  sorce: en"))
    assert code_of("check") == 1
    error = capsys.readouterr().err
    assert error.startswith("error: params.yaml, key languages.")
    assert "Did you mean" in error
    assert error.count("\n") == 1


def test_an_unknown_section_names_the_nearest_one(params: Path, capsys: pytest.CaptureFixture[str]) -> None:
    params.write_text(params.read_text() + "\nlangages: {source: en}\n")
    assert code_of("check") == 1
    assert "Did you mean 'languages'?" in capsys.readouterr().err


def test_a_target_without_a_constituency_parser_is_named(params: Path, capsys: pytest.CaptureFixture[str]) -> None:
    params.write_text(params.read_text().replace("  languages: [en, zh]\n", "  languages: [en]\n"))
    assert code_of("check") == 1
    assert "constituency_parser.languages: found no parser for zh" in capsys.readouterr().err


def test_another_target_language_asks_step_by_step_for_what_else_must_change(
    params: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for old, new, said in (
        ("  targets: [zh]\n", "  targets: [de]\n", "key constituency_parser.targets: found zh"),
        ("  targets: [zh]\n", "  targets: []\n", "key constituency_parser.languages: found zh"),
        ("  languages: [en, zh]\n", "  languages: [en]\n", ""),
    ):
        params.write_text(params.read_text().replace(old, new, 1))
        assert code_of("check") == bool(said)
        assert said in capsys.readouterr().err


def test_the_schema_in_the_repository_is_the_one_of_the_models(capsys: pytest.CaptureFixture[str]) -> None:
    assert code_of("schema") == 0
    assert capsys.readouterr().out == (REPOSITORY / "params.schema.json").read_text(), "run `make schema`"


def test_a_preset_changes_values_and_keeps_comments(params: Path, capsys: pytest.CaptureFixture[str]) -> None:
    before = params.read_text()
    (params.parent / "mine.yaml").write_text("vocabulary: {threshold: 2}\n")
    assert code_of("preset", "mine.yaml") == 0
    after = params.read_text()
    assert "threshold: 2" in after
    assert after.count("#") == before.count("#")
    assert code_of("check") == 0


def test_a_preset_touches_no_other_line(params: Path) -> None:
    before = params.read_text().splitlines()
    (params.parent / "mine.yaml").write_text("vocabulary: {threshold: 2}\n")
    assert code_of("preset", "mine.yaml") == 0
    after = params.read_text().splitlines()
    assert len(after) == len(before)
    changed = [(old, new) for old, new in zip(before, after, strict=True) if old != new]
    assert changed == [("  threshold: 5", "  threshold: 2")]


def test_a_preset_that_would_not_be_valid_changes_nothing(params: Path, capsys: pytest.CaptureFixture[str]) -> None:
    before = params.read_text()
    (params.parent / "mine.yaml").write_text("vocabulary: {treshold: 2}\n")
    assert code_of("preset", "mine.yaml") == 1
    error = capsys.readouterr().err
    assert error.startswith("error: mine.yaml, key vocabulary.treshold:") and "Did you mean 'threshold'?" in error
    assert params.read_text() == before
    assert sorted(file.name for file in params.parent.iterdir()) == ["mine.yaml", "params.yaml"]


def test_a_preset_with_a_place_for_a_folder_asks_for_it(params: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (params.parent / "mine.yaml").write_text("evaluation: {shuffle_seed: '{data}'}\n")
    assert code_of("preset", "mine.yaml") == 1
    assert "Give it with --data FOLDER." in capsys.readouterr().err


def test_the_presets_of_the_repository_are_valid(params: Path) -> None:
    text = params.read_text()
    presets = sorted((REPOSITORY / "workflow/presets").glob("*.yaml"))
    assert presets
    for preset in presets:
        params.write_text(text)
        assert code_of("preset", str(preset), "--data", "somewhere") == 0, preset
        assert code_of("check") == 0, preset


@pytest.mark.parametrize(("value", "written"), [("0.00005", "0.00005"), ("10000000000000000.0", "10000000000000000.0")])
def test_a_number_of_a_preset_is_written_so_that_it_is_read_as_a_number(params: Path, value: str, written: str) -> None:
    (params.parent / "mine.yaml").write_text(f"phase1: {{learning_rate: {value}}}\n")
    assert code_of("preset", "mine.yaml") == 0
    assert f"\n  learning_rate: {written}\n" in params.read_text()
    assert code_of("check") == 0


def test_a_folder_in_the_place_of_a_file_is_one_clear_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert code_of("judge", "sheets", "references", "--references", ".", "--output", "made") == 1
    assert capsys.readouterr().err == "error: .: Is a directory\n"
