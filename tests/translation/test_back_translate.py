"""Back-translation of a corpus: scattered, killed, changed and gathered, with models of random weights."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
import yaml

from crosscap.config.back_translation import BackTranslationSettings, SearchSettings
from crosscap.incremental.identity import Identity
from crosscap.incremental.results import Counts, Work, results, run_task
from crosscap.incremental.task import Task
from crosscap.io.tables import read_table, write_table
from crosscap.translation.paraphrase_results import paraphrases_of, sentence_paraphraser
from tests.translation.conftest import ENGLISH

REPOSITORY = Path(__file__).parents[2]
SAMPLING = SearchSettings(search="sampling", beams=1, temperature=1.0, top_k=8, top_p=1.0)
GREEDY = SAMPLING.model_copy(update={"search": "beam"})
SETTINGS = BackTranslationSettings(
    copies=2, pivots=("target",), forward=SAMPLING, backward=GREEDY, attempts=2, min_agreement=None, batch_pieces=256,
    seed=1,
)  # fmt: skip


@pytest.fixture
def compute(released_fsmt: Path) -> Any:
    return sentence_paraphraser([(released_fsmt, released_fsmt)], SETTINGS, "en")


def work(compute: Any, cache: Path) -> Work[str]:
    return Work("back_translate", lambda: compute, str.encode, Identity(), shard_size=4, cache=cache)


def test_one_three_and_eight_tasks_give_the_same_bytes(compute: Any, tmp_path: Path) -> None:
    whole = list(results(ENGLISH, work(compute, tmp_path / "whole")))
    assert len(list((tmp_path / "whole").glob("*/*/*.parquet"))) >= 11
    for count in (1, 3, 8):
        job = work(compute, tmp_path / str(count))
        for number in reversed(range(count)):
            run_task(ENGLISH, job, Task(number, count))
        counts = Counts()
        assert list(results(ENGLISH, job, counts=counts)) == whole
        assert counts.computed == 0


def test_an_inserted_sentence_changes_no_other_and_is_all_that_is_computed(compute: Any, tmp_path: Path) -> None:
    job, counts = work(compute, tmp_path / "cache"), Counts()
    before = list(results(ENGLISH, job))
    after = list(results(["a new cat is near the dog .", *ENGLISH], job, counts=counts))
    assert after[1:] == before
    assert counts.computed == 1
    assert list(results(ENGLISH, work(compute, tmp_path / "reversed")))[::-1] == list(
        results(ENGLISH[::-1], work(compute, tmp_path / "forward"))
    )


def test_a_result_tells_copies_and_their_tokens(compute: Any) -> None:
    [value] = compute([ENGLISH[0]])
    made = paraphrases_of(value)
    assert len(made["copies"]) == len(made["tokens"]) == 2
    assert made["truncated"] is False


@pytest.fixture
def project(tmp_path: Path, released_fsmt: Path) -> Path:
    """A project with filtered pairs, a translator of the target, and pivots: the target and a released model."""
    folder = tmp_path / "project"
    (folder / "data").mkdir(parents=True)
    shutil.copy(REPOSITORY / "dvc.yaml", folder / "dvc.yaml")
    for name in ("src", "stages"):
        shutil.copytree(REPOSITORY / name, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("forward", "backward"):
        shutil.copytree(released_fsmt, folder / "models/translator/zh" / name)
    back = shutil.copytree(released_fsmt, tmp_path / "wmt19-de-en")
    for file in (
        back / "config.json",
        back / "tokenizer_config.json",
        *(folder.glob("models/*/zh/backward/*config.json")),
    ):
        file.write_text(file.read_text().replace('"en"', '"xx"').replace('"de"', '"en"').replace('"xx"', '"de"'))
    params = yaml.safe_load((REPOSITORY / "params.yaml").read_text())
    pivot = {"forward": str(released_fsmt), "backward": str(back)}
    params["back_translation"].update(copies=1, pivots=["target", pivot], batch_pieces=64)
    (folder / "params.yaml").write_text(yaml.safe_dump(params))
    schema = pa.schema([("id", pa.string()), ("source", pa.string())])
    rows = [{"id": f"p{number}", "source": text} for number, text in enumerate([*ENGLISH[:4], "dog " * 70])]
    write_table(folder / "data/filtered/zh.parquet", rows, schema)
    return folder


def stage(project: Path, *words: str) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "PYTHONPATH": str(project / "src"), "OMP_NUM_THREADS": "1"}
    command = [sys.executable, "stages/back_translate.py", "--target", "zh", *words]
    return subprocess.run(command, cwd=project, env=environment, capture_output=True, text=True, check=False)


def test_the_stage_paraphrases_by_every_pivot_and_tells_what_it_cut(project: Path) -> None:
    task = stage(project, "--map", "0/1")
    assert task.returncode == 0, task.stderr
    assert not (project / "data/paraphrases").exists()
    whole = stage(project)
    assert whole.returncode == 0, whole.stderr
    assert "5 records in 1 shards, 0 computed, 5 from the cache" in whole.stderr
    assert "1 sentences are longer than a translator reads" in whole.stderr
    rows = read_table(project / "data/paraphrases/zh.parquet")
    assert [(row["id"], row["copy"]) for row in rows] == [(f"p{pair}", copy) for pair in range(5) for copy in (1, 2)]
    assert all(row["text"] for row in rows)


def test_a_pivot_that_goes_the_wrong_way_stops_the_stage_at_once(project: Path) -> None:
    params = yaml.safe_load((project / "params.yaml").read_text())
    pivot = params["back_translation"]["pivots"][1]
    pivot["forward"], pivot["backward"] = pivot["backward"], pivot["forward"]
    (project / "params.yaml").write_text(yaml.safe_dump(params))
    refused = stage(project)
    assert refused.returncode == 1
    assert "wmt19-de-en: found a translator from 'de', expected one from 'en'" in refused.stderr
    assert not (project / "data/paraphrases").exists()
