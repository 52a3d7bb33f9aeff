from __future__ import annotations

from pathlib import Path

import pytest

from crosscap.cli.main import main
from crosscap.incremental import identity
from crosscap.incremental.identity import stage_identity
from crosscap.incremental.limit import stored_shards
from crosscap.incremental.results import Work, results

DAG = """
stages:
  parse: {cmd: parse, params: [beam.size]}
  detect: {cmd: detect, params: [beam.size]}
"""


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """200 records of `parse` with its present parameters, 100 with former ones, 50 of `detect`."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(identity, "CODE", tmp_path)
    monkeypatch.delenv("CROSSCAP_CACHE_LIMIT", raising=False)
    Path("dvc.yaml").write_text(DAG)
    Path("model").write_text("weights")
    for beam, stage, count in ((2, "parse", 100), (3, "parse", 200), (3, "detect", 50)):
        Path("params.yaml").write_text(f"beam: {{size: {beam}}}\n")
        fill(stage, count)
    return tmp_path


def fill(stage: str, count: int) -> None:
    job = Work(stage, lambda: lambda records: [b"x"] * len(records), str.encode, stage_identity(stage, ["model"]), 16)
    assert list(results(map(str, range(count)), job)) == [b"x"] * count


def crosscap(*words: str) -> int:
    with pytest.raises(SystemExit) as ended:
        main(["cache", *words])
    return int(ended.value.code or 0)


def test_the_cache_is_shown_by_stage_and_identity(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert crosscap() == 0
    head, *rows, total = capsys.readouterr().out.splitlines()
    assert head.split() == ["stage", "identity", "shards", "records", "size", "last", "use", "current"]
    assert len(rows) == 3 and rows[0].startswith("detect ") and " 50 " in rows[0] and rows[0].endswith("  yes")
    former, current = sorted(rows[1:], key=lambda row: row.endswith("  yes"))
    assert " 200 " in current and current.endswith("  yes")
    assert " 100 " in former and former.endswith("  no: parameters beam.size: 2, now 3")
    assert total.endswith(" kB of at most 20.0 GB (CROSSCAP_CACHE_LIMIT)")


def test_what_cannot_be_current_says_why(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    Path("model").unlink()
    (description,) = Path("work/cache/detect").glob("*/identity.json")
    description.write_text("[]")
    assert crosscap("show") == 0
    detect, parse, _ = capsys.readouterr().out.splitlines()[1:4]
    assert "no: " in detect and "identity.json: found other content, expected the description" in detect
    assert "no: model: found no such file or folder, expected a model" in parse


def test_a_stage_is_pruned_alone_and_everything_at_once(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    cache = Path("work/cache")
    of_parse = [shard for shard in stored_shards(cache) if shard.stage == "parse"]
    assert crosscap("prune", "--stage", "parse", "--all") == 0
    assert capsys.readouterr().out.startswith(f"dropped {len(of_parse)} shards, ")
    assert {shard.stage for shard in stored_shards(cache)} == {"detect"}
    assert crosscap("prune") == 0
    assert capsys.readouterr().out.startswith("dropped 0 shards, 0 B; kept ")
    assert crosscap("prune", "--all") == 0
    assert stored_shards(cache) == []
    assert capsys.readouterr().out.endswith("kept 0 B\n")


def test_a_limit_keeps_as_much_as_fits(project: Path) -> None:
    before = sum(shard.size for shard in stored_shards(Path("work/cache")))
    assert crosscap("prune", "--limit", f"{before // 2}B") == 0
    after = sum(shard.size for shard in stored_shards(Path("work/cache")))
    assert before // 4 < after <= before // 2


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["prune", "--stage", "pars"], "found nothing of a stage 'pars', expected one of ['detect', 'parse']"),
        (["prune", "--limit", "much"], "--limit: found 'much', expected a size such as 20GB"),
    ],
)
def test_mistakes_are_one_clear_line(
    project: Path, capsys: pytest.CaptureFixture[str], words: list[str], message: str
) -> None:
    assert crosscap(*words) == 1
    assert message in capsys.readouterr().err


def test_an_empty_cache_is_no_error(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert crosscap() == 0
