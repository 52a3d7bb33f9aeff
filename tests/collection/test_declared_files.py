from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pytest
import yaml

from crosscap.cli.main import main
from crosscap.collection.declared_files import declared_paths, user_paths, with_paths
from crosscap.config.collect import CollectSettings
from crosscap.config.loader import validate_section
from tests.collection.test_user_files import user_files
from tests.workflow.conftest import REPOSITORY


def settings(folder: Path, source: str = "files") -> CollectSettings:
    files = user_files(folder).model_dump(mode="json")
    files["images"] = {"val": {"folder": "pictures", "licence": "", "annotations": "instances.json"}}
    return validate_section(CollectSettings, "collect", {"source": source, "files": files}, "params.yaml")


def test_every_path_of_the_users_is_found_and_nothing_else(tmp_path):
    assert [path.removeprefix(f"{tmp_path}/") for path in user_paths(settings(tmp_path))] == [
        *("enc.txt", "lexicon.txt", "test.txt", "train.txt", "tree.conllu", "words.txt", "zhb.txt", "zhc.txt"),
        *("instances.json", "pictures"),
    ]
    assert user_paths(settings(tmp_path, "storybook")) == []


def test_declaring_replaces_the_data_and_keeps_code_comments_and_other_stages():
    text = (REPOSITORY / "dvc.yaml").read_text(encoding="utf-8")
    declared = with_paths(text, ["mine/a.tsv", "mine/b.tsv"])
    added = sorted(set(declared.splitlines()) - set(text.splitlines()))
    assert added == ["      - mine/a.tsv", "      - mine/b.tsv"]
    assert with_paths(with_paths(declared, ["c.tsv"]), []) == text


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name in ("dvc.yaml", "params.yaml"):
        shutil.copy(REPOSITORY / name, tmp_path)
    params = yaml.safe_load((tmp_path / "params.yaml").read_text(encoding="utf-8"))
    corpus = {"target": "zh", "paths": ["mine.tsv"], "licence": "mine"}
    params["collect"] = {"source": "files", "files": {"parallel": [corpus]}}
    (tmp_path / "params.yaml").write_text(yaml.safe_dump(params), encoding="utf-8")
    (tmp_path / "mine.tsv").write_text("A dog.\t狗\n", encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_the_command_tells_then_declares_and_then_has_nothing_to_do(project, capsys):
    for arguments, code in ((["files"], 1), (["files", "--write"], 0), (["files"], 0)):
        with pytest.raises(SystemExit) as end:
            main(arguments)
        assert end.value.code == code
    assert declared_paths() == ["mine.tsv"]
    assert capsys.readouterr().out.endswith("watched     mine.tsv\ndvc.yaml watches what collect.files names\n")


def test_dvc_sees_a_changed_file_that_was_declared(project):
    (project / "dvc.yaml").write_text(
        "stages:\n  collect: {cmd: cp mine.tsv out.tsv, deps: [stages/collect.py], outs: [out.tsv]}\n"
    )
    (project / "stages").mkdir()
    (project / "stages/collect.py").touch()
    with pytest.raises(SystemExit):
        main(["files", "--write"])
    environment = {**os.environ, "DVC_NO_ANALYTICS": "1", "DVC_SITE_CACHE_DIR": str(project / "site")}

    def dvc(*words: str) -> str:
        command = ["dvc", *words]
        done = subprocess.run(command, cwd=project, env=environment, capture_output=True, text=True, check=True)
        return done.stdout

    dvc("init", "--no-scm", "-q")
    dvc("repro", "-q")
    assert "up to date" in dvc("status")
    (project / "mine.tsv").write_text("A cat.\t猫\n", encoding="utf-8")
    assert "modified:           mine.tsv" in dvc("status")
