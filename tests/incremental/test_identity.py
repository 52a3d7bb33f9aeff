from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from crosscap.errors import InputError
from crosscap.incremental import identity
from crosscap.incremental.identity import Identity, stage_identity

CODE = '''"""A stage."""
import numpy
import no_such_library


def main(count: int) -> int:
    """Double it."""
    return 2 * count  # always
'''


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(identity, "CODE", tmp_path)
    (tmp_path / "dvc.yaml").write_text(
        "stages:\n  parse:\n    cmd: python stages/parse.py\n"
        "    params: [parse.beam, parse.split.train, parse.threads]\n"
        "    deps: [data/in.txt, models/parser, src/crosscap/parser.py, stages/parse.py]\n"
    )
    (tmp_path / "params.yaml").write_text("parse: {beam: 2, threads: 1, other: 5, split: {train: 0.9, test: 0.1}}\n")
    for name in ("src/crosscap/parser.py", "stages/parse.py"):
        (tmp_path / name).parent.mkdir(parents=True)
        (tmp_path / name).write_text(CODE)
    (tmp_path / "models/parser/words").mkdir(parents=True)
    (tmp_path / "models/parser/weights").write_bytes(b"12")
    (tmp_path / "models/parser/words/list").write_text("a\n")
    return tmp_path


def made(project: Path, *ignoring: str) -> Identity:
    return stage_identity("parse", [Path("models/parser")], ignoring, project)


def edit(path: Path, old: str, new: str) -> None:
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new))


@pytest.mark.parametrize(
    ("file", "old", "new", "difference"),
    [
        ("params.yaml", "beam: 2", "beam: 3", "parameters parse.beam: 2, now 3"),
        ("params.yaml", "train: 0.9", "train: 0.8", "parameters parse.split.train: 0.9, now 0.8"),
        ("stages/parse.py", "2 * count", "3 * count", "code stages/parse.py"),
        ("src/crosscap/parser.py", "2 * count", "count * 2", "code src/crosscap/parser.py"),
        ("models/parser/words/list", "a", "b", "models models/parser/words/list"),
    ],
)
def test_what_shapes_results_changes_the_identity_and_is_named(
    project: Path, file: str, old: str, new: str, difference: str
) -> None:
    before = made(project)
    edit(project / file, old, new)
    after = made(project)
    assert after.digest != before.digest and before.differences(after) == [difference]


@pytest.mark.parametrize(
    ("file", "old", "new"),
    [
        ("stages/parse.py", "  # always", ""),
        ("stages/parse.py", '"""A stage."""\n', '# moved\n\n\n"""Another."""\n'),
        ("src/crosscap/parser.py", '    """Double it."""\n', ""),
        ("params.yaml", "other: 5", "other: 6"),
        ("params.yaml", "test: 0.1", "test: 0.2"),
    ],
)
def test_what_does_not_shape_results_does_not(project: Path, file: str, old: str, new: str) -> None:
    before = made(project)
    edit(project / file, old, new)
    assert made(project).digest == before.digest


def test_ignored_parameters_and_sections_are_no_part_of_it(project: Path) -> None:
    before = made(project, "parse.split", "parse.threads")
    assert before.parameters == {"parse.beam": 2}
    edit(project / "params.yaml", "threads: 1", "threads: 2")
    edit(project / "params.yaml", "train: 0.9", "train: 0.7")
    assert made(project, "parse.split", "parse.threads").digest == before.digest
    with pytest.raises(InputError, match=r"dvc.yaml, stage parse: found no parameter 'parse.spli'"):
        made(project, "parse.spli")


def test_a_file_more_in_a_model_and_another_version_of_a_library_change_it(
    project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = made(project)
    assert list(before.libraries) == ["numpy"]
    (project / "models/parser/more").write_text("")
    assert before.differences(made(project)) == ["models models/parser/more"]
    (project / "models/parser/more").unlink()
    monkeypatch.setattr(identity, "version", lambda package: "1.0")
    (changed,) = [line for line in before.differences(made(project)) if "numpy" in line]
    assert changed.startswith("libraries numpy: ") and changed.endswith(", now 1.0")


def test_a_model_or_code_that_is_missing_is_an_error(project: Path) -> None:
    with pytest.raises(InputError, match="models/none: found no such file or folder, expected a model"):
        stage_identity("parse", ["models/none"], root=project)
    shutil.rmtree(project / "src")
    with pytest.raises(InputError, match=r"src/crosscap/parser.py: found no such file, expected code that dvc.yaml"):
        made(project)


def test_code_of_an_installed_package_counts_wherever_the_project_lies(
    project: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    before = made(project)
    elsewhere = tmp_path_factory.mktemp("elsewhere")
    for name in ("dvc.yaml", "params.yaml"):
        shutil.copy(project / name, elsewhere)
    shutil.copytree(project / "models", elsewhere / "models")
    assert made(elsewhere).digest == before.digest
