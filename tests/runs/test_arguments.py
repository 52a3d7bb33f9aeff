"""The command line of a stage."""

import pytest

from crosscap.incremental.task import Task
from crosscap.runs.arguments import OPTIONS, stage_arguments


def given(monkeypatch, *words):
    monkeypatch.setattr("sys.argv", ["stages/some_stage.py", *words])


def test_options_reach_the_stage(monkeypatch):
    given(monkeypatch, "--target", "zh", "--map", "1/3")
    arguments = stage_arguments("What it does.", "target", "processes", "map")
    assert (arguments.target, arguments.processes, arguments.map) == ("zh", 0, Task(1, 3))


@pytest.mark.parametrize(
    ("words", "message"),
    [
        ([], "required: --target"),
        (["--target", "zh", "--variant", "hgm"], "unrecognized arguments: --variant hgm"),
        (["--target", "zh", "--map", "3/3"], "expected NUMBER/COUNT"),
        (["--target", "zh", "--processes", "two"], "invalid int value"),
    ],
)
def test_a_wrong_command_line_is_refused(monkeypatch, capsys, words, message):
    given(monkeypatch, *words)
    with pytest.raises(SystemExit) as ended:
        stage_arguments("What it does.", "target", "processes", "map")
    assert ended.value.code == 2
    assert message in capsys.readouterr().err


def test_help_shows_the_docstring_as_written(monkeypatch, capsys):
    given(monkeypatch, "--help")
    with pytest.raises(SystemExit):
        stage_arguments("First line.\n\nIn:  data/x\nOut: data/y", *OPTIONS)
    assert "In:  data/x\nOut: data/y" in capsys.readouterr().out
