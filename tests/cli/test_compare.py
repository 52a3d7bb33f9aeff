"""``crosscap compare`` on a small project with a history, and on files anywhere."""

from __future__ import annotations

import hashlib
import json
import shutil
import subprocess
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import yaml

from crosscap.cli.main import main
from crosscap.evaluation.score_table import write_score_table
from crosscap.io.artifacts import write_json
from crosscap.significance.run_words import RunWord
from tests.significance.made_up import bleu_statistics, captions, rows

REPOSITORY = Path(__file__).parents[2]
IMAGES, OWN_SEED = 40, 11
CODE = "src/crosscap/mapping.py"
FOUND, REFERENCES = captions(IMAGES, 1)


def md5_of(path: Path) -> str:
    return hashlib.md5(path.read_bytes(), usedforsecurity=False).hexdigest()


def git(root: Path, *words: str) -> None:
    identity = ["-c", "user.name=Ann", "-c", "user.email=ann@example.org"]
    subprocess.run(["git", "-C", str(root), *identity, *words], check=True, capture_output=True)


def write_scores(root: Path, run: str, cider: Any, sets: tuple[str, ...] = ("with_phase2", "without_phase2")) -> None:
    table = [
        row
        for place, kind in enumerate(sets)
        for row in rows(np.asarray(cider) - 8 * place, bleu_statistics(FOUND, REFERENCES), kind)
    ]
    write_score_table(root / f"data/scores/zh_{run}.parquet", table)


def write_lock(root: Path, steps: int, references: str = "r") -> None:
    """What DVC records of training hgm for so many steps and evaluating it."""
    scores = "data/scores/zh_hgm.parquet"
    train = {
        "cmd": "python stages/train_phase2.py",
        "params": {"params.yaml": {"phase2.steps": steps, "phase2.size": 64}},
        "deps": [{"path": CODE, "md5": md5_of(root / CODE)}],
        "outs": [{"path": "models/phase2/zh/hgm", "md5": f"model{steps}"}],
    }
    evaluate = {
        "cmd": "python stages/evaluate.py",
        "deps": [{"path": "models/phase2/zh/hgm"}, {"path": "data/raw/captions", "md5": references}],
        "outs": [{"path": scores, "md5": md5_of(root / scores)}],
    }
    lock = {"schema": "2.0", "stages": {"train_phase2@zh-hgm": train, "evaluate@zh-hgm": evaluate}}
    (root / "dvc.lock").write_text(yaml.safe_dump(lock))


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A commit ``first`` whose scores are in DVC's cache, and better ones, not committed, in the working tree."""
    shutil.copytree(REPOSITORY / "workflow", tmp_path / "workflow", ignore=shutil.ignore_patterns("__pycache__"))
    (tmp_path / "dvc.yaml").write_text("stages: {}\n")
    values = yaml.safe_load((REPOSITORY / "params.yaml").read_text(encoding="utf-8"))
    values["phase2"]["variants"] = ["hgm", "gen", "hgm-seed2", "gen-seed2"]
    values["evaluation"]["bootstrap_samples"] = 300
    values["phase1"]["seed"] = OWN_SEED
    (tmp_path / "params.yaml").write_text(yaml.safe_dump(values))
    (tmp_path / ".dvc").mkdir()
    (tmp_path / ".dvc/config").write_text("")
    (tmp_path / ".gitignore").write_text("/data\n/.dvc/cache\n/.dvc/tmp\n")
    (tmp_path / CODE).parent.mkdir(parents=True)
    (tmp_path / CODE).write_text("ONE = 1\n")
    base = np.random.default_rng(1).normal(60, 15, IMAGES)
    write_scores(tmp_path, "hgm", base)
    scores = tmp_path / "data/scores/zh_hgm.parquet"
    digest = md5_of(scores)
    kept = tmp_path / ".dvc/cache/files/md5" / digest[:2] / digest[2:]
    kept.parent.mkdir(parents=True)
    shutil.copy(scores, kept)
    write_lock(tmp_path, 400)
    git(tmp_path, "init", "-q")
    git(tmp_path, "add", ".")
    git(tmp_path, "commit", "-qm", "one")
    git(tmp_path, "tag", "first")
    (tmp_path / CODE).write_text("ONE = 1\nTWO = 2\n")
    gains = np.linspace(-2, 10, IMAGES)
    write_scores(tmp_path, "hgm", base + gains)
    write_lock(tmp_path, 500)
    for run, change in (("gen", 3), ("hgm-seed2", -1), ("gen-seed2", 2)):
        write_scores(tmp_path, run, base + gains - change + np.random.default_rng(5).normal(0, 6, IMAGES))
    monkeypatch.chdir(tmp_path)
    return tmp_path


def compare(capsys: pytest.CaptureFixture[str], *words: str, code: int = 0) -> str:
    with pytest.raises(SystemExit) as end:
        main(["compare", *words])
    output = capsys.readouterr()
    assert end.value.code == code, output.err
    return output.err if code else output.out


def test_two_sets_of_a_run(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = compare(capsys, "hgm", "hgm/without_phase2", "--metric", "cider")
    row = next(line.split() for line in out.splitlines() if line.startswith("CIDEr"))
    assert row[3] == "+8.0" and row[-1] == "hardly"
    assert "    with_phase2 → without_phase2" in out
    assert "BLEU-1" not in out and "BLEU-4" not in out


def test_a_commit_beside_the_working_tree_with_all_that_differs(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    report = json.loads(compare(capsys, "first:hgm", "hgm", "--json"))
    assert report["differs"] == {
        "run": [],
        "set": [],
        "stages": [],
        "parameters": ["phase2.steps 400 → 500"],
        "code": ["mapping.py +1 −0"],
        "data": ["models/phase2/zh/hgm"],
    }
    assert report["notes"] == []
    assert len(report["first"]["commit"]) == 40 and report["second"]["commit"] is None
    cider, bleu = report["metrics"]["CIDEr"], report["metrics"]["BLEU-4"]
    assert cider["difference"] == pytest.approx(-4) and cider["high"] < 0 and cider["p_holm"] < 0.05
    assert bleu["difference"] == 0 and bleu["p_holm"] == 1
    # Holm: five metrics are there, and four of them do not differ.
    assert cider["p_holm"] == pytest.approx(5 * cider["p_randomisation"])
    worst, best = report["captions"]["second_better"][0], report["captions"]["first_better"][0]
    assert (worst["id"], best["id"]) == ("0039", "0000")
    assert worst["difference"] == pytest.approx(-10) and best["difference"] == pytest.approx(2)
    assert len(report["captions"]["second_better"]) == 3
    assert report["settings"]["samples"] == 300
    text = compare(capsys, "first:hgm", "hgm", "--examples", "0")
    assert "    phase2.steps 400 → 500\n  code\n    mapping.py +1 −0\n" in text and "furthest ahead" not in text


def test_other_references_are_a_warning(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write_lock(project, 400, references="others")
    out = compare(capsys, "first:hgm", "hgm")
    assert "note: data/raw/captions is not the same: the references may differ" in out


def test_scores_that_nobody_recorded_are_compared_with_a_warning(project: Path, capsys) -> None:
    out = compare(capsys, "hgm", "gen")
    assert "note: data/scores/zh_gen.parquet is not in dvc.lock" in out
    assert "    hgm → gen" in out
    write_scores(project, "hgm", range(IMAGES))
    assert "note: data/scores/zh_hgm.parquet is not what dvc.lock recorded" in compare(capsys, "hgm", "gen")


def test_seeds_of_both_systems_stand_beside_the_chance_of_the_images(project: Path, capsys) -> None:
    seeds = json.loads(compare(capsys, "hgm", "gen", "--json"))["seeds"]
    assert seeds["seeds"] == {"first": [2, OWN_SEED], "second": [2, OWN_SEED]}
    cider = seeds["metrics"]["CIDEr"]
    assert cider["difference"]["seeds"] == 2 and cider["first"]["standard_deviation"] > 0
    assert "; seed by seed " in compare(capsys, "hgm", "gen")
    assert "seed by seed +8.0 ± 0.0, 2 of 2 above 0" in compare(capsys, "hgm", "hgm/without_phase2")
    assert "The two are one system, trained from two seeds" in compare(capsys, "hgm", "hgm-seed2")
    assert "another seed" not in compare(capsys, "first:hgm", "gen")
    for seed in ("hgm-seed2", "gen-seed2"):
        (project / f"data/scores/zh_{seed}.parquet").unlink()
    assert "Neither was trained from another seed too" in compare(capsys, "hgm", "gen")


def test_what_cannot_be_compared_is_refused_with_the_reason(project: Path, capsys) -> None:
    assert "found no commit 'none', expected a commit" in compare(capsys, "none:hgm", "hgm", code=1)
    assert "found no commit '--help'" in compare(capsys, "--", "--help:hgm", "hgm", code=1)
    assert "There are data/scores/zh_hgm.parquet." in compare(capsys, "first:gen", "hgm", code=1)
    assert "Scored runs: gen, gen-seed2, hgm, hgm-seed2." in compare(capsys, "hgm_base", "hgm", code=1)
    assert "a model's name is one of gen, " in compare(capsys, "hgn", "hgm", code=1)
    assert "one of with_phase2, without_phase2, gold_graphs, text" in compare(capsys, "hgm/with_phase1", "hgm", code=1)
    assert "found no set 'text', expected one of with_phase2, without_phase2" in compare(
        capsys, "hgm/text", "hgm", code=1
    )
    assert "found 'WER', expected some of" in compare(capsys, "hgm", "gen", "--metric", "WER", code=1)
    assert "no metric that both have (SPICE: captions have no SPICE)" in compare(
        capsys, "hgm", "gen", "--metric", "SPICE", code=1
    )
    assert "expected a number between 0 and 1" in compare(capsys, "hgm", "gen", "--confidence", "95", code=1)
    assert "found 10, expected at least 100" in compare(capsys, "hgm", "gen", "--samples", "10", code=1)
    write_score_table(project / "fewer.parquet", rows(range(39)))
    error = compare(capsys, "hgm", "fewer.parquet", code=1)
    assert "fewer.parquet/with_phase2 of 39; 1 only of the first: 0039" in error
    shutil.rmtree(project / ".dvc/cache")
    assert "found scores that are not in DVC's cache" in compare(capsys, "first:hgm", "hgm", code=1)
    (project / "dvc.lock").write_text("stages: [")
    git(project, "commit", "-qam", "broken")
    assert "not a lock file of DVC" in compare(capsys, "HEAD:hgm", "gen", code=1)


def test_results_files_are_scored_and_compared_outside_of_a_project(tmp_path: Path, monkeypatch, capsys) -> None:
    monkeypatch.chdir(tmp_path)
    texts = ["a dog runs in the park", "a man rides a horse", "two cats sleep on a bed", "the red bus stops here"]
    annotations = [{"id": n, "image_id": n, "caption": text} for n, text in enumerate(texts)]
    write_json("refs.json", {"images": [{"id": n} for n in range(4)], "annotations": annotations})
    write_json("good.json", [{"image_id": n, "caption": text} for n, text in enumerate(texts)])
    write_json("bad.json", [{"image_id": n, "caption": "a dog runs"} for n in range(4)])
    words = ("good.json", "bad.json", "--references", "refs.json", "--target", "en", "--segmentation", "given")
    report = json.loads(compare(capsys, *words, "--metric", "CIDEr", "--metric", "BLEU-1", "--json"))
    assert report["metrics"]["BLEU-1"]["first"] == pytest.approx(100)
    assert report["metrics"]["BLEU-1"]["difference"] > 50 and report["differs"] == {}
    assert report["settings"] == {"samples": 10000, "confidence": 0.95, "seed": 1}
    write_json("bad.json", [{"image_id": n, "caption": "a dog runs"} for n in range(3)])
    error = compare(capsys, *words, "--metric", "CIDEr", code=1)
    assert "good.json is of 4 images, bad.json of 3; 1 only of the first: 3" in error
    assert "Add `--references REFS.json`." in compare(capsys, "good.json", "bad.json", code=1)
    assert "Add `--target LANGUAGE` and `--segmentation POLICY`" in compare(capsys, *words[:4], code=1)
    assert "gone.json: found no such file" in compare(capsys, "gone.json", *words[1:], code=1)
    assert "found no project here or above" in compare(capsys, "hgm", *words[1:], code=1)


def test_words_are_read_as_people_write_them(tmp_path: Path, monkeypatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert RunWord.parse("hgm") == RunWord("run", "hgm")
    assert RunWord.parse("hgm-seed2/text") == RunWord("run", "hgm-seed2", "text")
    assert RunWord.parse("topic/faster:hgm/gold_graphs") == RunWord("commit", "hgm", "gold_graphs", "topic/faster")
    assert RunWord.parse("HEAD~2:hgm") == RunWord("commit", "hgm", None, "HEAD~2")
    assert RunWord.parse("a/b.json") == RunWord("results", "a/b.json")
    assert RunWord.parse("a/b.parquet/text") == RunWord("table", "a/b.parquet", "text")
    (tmp_path / "c:d").touch()
    assert RunWord.parse("c:d") == RunWord("results", "c:d")
    assert str(RunWord.parse("v1:hgm/text")) == "v1:hgm/text"
