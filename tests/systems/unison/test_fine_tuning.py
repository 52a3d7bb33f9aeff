"""Fine-tuning on captions: what moves, what stays, and that it never makes validation worse."""

from __future__ import annotations

import logging
import re
import runpy
import shutil
import sys
from copy import deepcopy
from pathlib import Path

import pyarrow as pa
import pytest
import torch
import yaml

from crosscap.config.caption_corpus import CaptionTraining
from crosscap.config.phase1 import Phase1Settings
from crosscap.errors import InputError
from crosscap.graph.tables import write_graphs
from crosscap.io.tables import write_table
from crosscap.systems.unison import fine_tuning
from crosscap.systems.unison.examples import Example, examples
from crosscap.systems.unison.fine_tuning import fine_tune, parameters_of
from crosscap.systems.unison.model import Unison
from crosscap.systems.unison.model_building import build_model
from tests.systems.unison.conftest import ROOT, section

TUNING = CaptionTraining(
    frozen=(), epochs=3, batch_size=20, learning_rate=0.005, gradient_clamp=0.1, checkpoint_every=2, seed=1, threads=1
)


@pytest.fixture
def model(world, phase1_settings: Phase1Settings) -> Unison:
    torch.manual_seed(1)
    return build_model("hgm", phase1_settings, world.graphs, world.source, world.target, world.vectors)


@pytest.fixture
def captions(world) -> dict[str, list[Example]]:
    """As the world's pairs, but captions put the colour last: another style than that of the parallel text."""
    rows = [{**row, "target_tokens": row["target_tokens"][::-1]} for row in world.rows]
    graphs = {graph.id: graph for graph in world.graphs}
    return {
        split: examples([row for row in rows if row["split"] == split], graphs, world.source, world.target, 16, "here")
        for split in ("train", "val")
    }


def tuned(model, world, captions, phase1_settings, folder: Path, settings: CaptionTraining = TUNING):
    model = deepcopy(model)
    history = fine_tune(
        model, world.vectors, captions["train"], captions["val"], settings, phase1_settings, 1, folder
    )  # fmt: skip
    return model, history


def changed(before: Unison, after: Unison) -> set[str]:
    other = after.state_dict()
    return {name for name, value in before.state_dict().items() if not torch.equal(value, other[name])}


def test_captions_lower_the_loss_and_leave_the_source_side_as_it_was(
    model, world, captions, phase1_settings, tmp_path
) -> None:
    after, history = tuned(model, world, captions, phase1_settings, tmp_path)
    assert [row["step"] for row in history] == [0, 8, 16, 24]
    assert min(row["val_xe_target"] for row in history) < 0.8 * history[0]["val_xe_target"]
    moved = changed(model, after)
    assert {name.partition(".")[0] for name in moved} == {"mapping", "target"}
    assert all("xe_source" not in row for row in history)


@pytest.mark.parametrize(
    ("frozen", "word_input"),
    [
        (("mapping",), "vectors"),
        (("encoder",), "learned"),
        (("decoder",), "vectors"),
        (("decoder",), "learned"),
        (("mapping", "decoder"), "learned"),
    ],
)
def test_frozen_parts_stay_and_the_others_move(world, captions, phase1_settings, tmp_path, frozen, word_input) -> None:
    torch.manual_seed(1)
    settings = phase1_settings.model_copy(update={"word_input": word_input})
    model = build_model("hgm", settings, world.graphs, world.source, world.target, world.vectors)
    names = {id(parameter): name for name, parameter in model.named_parameters()}
    stay = {names[id(parameter)] for part in frozen for parameter in parameters_of(model, part)}
    after, _ = tuned(
        model, world, captions, settings, tmp_path, TUNING.model_copy(update={"frozen": frozen, "epochs": 1})
    )
    moved = changed(model, after) & set(names.values())
    assert stay and not moved & stay
    for part in {"mapping", "encoder", "decoder"} - set(frozen):
        own = {names[id(parameter)] for parameter in parameters_of(model, part)}
        assert moved & own, part
    # The map of the vectors is the decoder's as well only where the decoder reads vectors.
    shared = "mapping" in frozen or (word_input == "vectors" and "decoder" in frozen)
    assert ("mapping.word_map.weight" in stay) == shared


def test_weights_that_only_got_worse_are_not_taken(model, world, captions, phase1_settings, tmp_path) -> None:
    worse = TUNING.model_copy(update={"learning_rate": 50.0, "epochs": 1})
    after, history = tuned(model, world, captions, phase1_settings, tmp_path, worse)
    assert history[1]["val_xe_target"] > history[0]["val_xe_target"]
    assert changed(model, after) == set()


def test_no_epochs_are_the_model_as_it_was(model, world, captions, phase1_settings, tmp_path) -> None:
    after, history = tuned(model, world, captions, phase1_settings, tmp_path, TUNING.model_copy(update={"epochs": 0}))
    assert len(history) == 1 and changed(model, after) == set()


@pytest.mark.parametrize("killed_after", [3, 13])
def test_a_killed_run_ends_as_an_undisturbed_one(
    model, world, captions, phase1_settings, tmp_path, killed_after, monkeypatch
) -> None:
    whole, history = tuned(model, world, captions, phase1_settings, tmp_path / "whole")

    class Killed(Exception):
        pass

    train_step, calls = fine_tuning.phase1.train_step, []

    def dying(*arguments):
        if len(calls) == killed_after:
            raise Killed
        calls.append(1)
        return train_step(*arguments)

    with monkeypatch.context() as patch, pytest.raises(Killed):
        patch.setattr(fine_tuning.phase1, "train_step", dying)
        tuned(model, world, captions, phase1_settings, tmp_path / "killed")
    torch.manual_seed(99)
    after, resumed = tuned(model, world, captions, phase1_settings, tmp_path / "killed")
    assert changed(whole, after) == set() and resumed == history


SCHEMA = pa.schema([
    ("id", pa.string()), ("source_tokens", pa.list_(pa.string())), ("target_tokens", pa.list_(pa.string())),
    ("split", pa.string()),
])  # fmt: skip


@pytest.fixture
def project(model, world, phase1_settings, tmp_path, monkeypatch) -> Path:
    """A model of phase 1, captions and their graphs in the contract's places."""
    monkeypatch.chdir(tmp_path)
    corpus = section("caption_corpus", targets=["zh"], variants=["hgm-seed2"], train=TUNING.model_dump(mode="json"))
    sections = {"phase1": phase1_settings.model_dump(mode="json"), "caption_corpus": corpus}
    Path("params.yaml").write_text(yaml.safe_dump(sections))
    Path("dvc.yaml").write_text((ROOT / "dvc.yaml").read_text())
    # A word that the model does not know is no error.
    rows = [{**row, "target_tokens": [*row["target_tokens"][::-1], "呀"]} for row in world.rows]
    write_table("data/caption_corpus/zh.parquet", rows, SCHEMA)
    write_graphs("data/caption_graphs/zh.parquet", world.graphs)
    for folder in ("models/phase1/zh/hgm-seed2", "models/aligned_vectors/zh"):
        Path(folder).mkdir(parents=True)
    model.save("models/phase1/zh/hgm-seed2")
    world.vectors.save(Path("models/aligned_vectors/zh"))
    return tmp_path


def run_stage() -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sys, "argv", ["finetune_phase1.py", "--target", "zh", "--variant", "hgm-seed2"])
        runpy.run_path(str(ROOT / "stages/finetune_phase1.py"), run_name="stage")["main"]()


def test_the_stage_writes_the_tuned_model_beside_the_one_it_came_from(project, caplog) -> None:
    caplog.set_level(logging.INFO)
    run_stage()
    folder = Path("models/phase1/zh/hgm-seed2-captions")
    assert sorted(path.name for path in folder.iterdir()) == ["config.json", "history.csv", "model.safetensors"]
    before, after = Unison.load("models/phase1/zh/hgm-seed2"), Unison.load(folder)
    assert after.config == before.config
    assert {name.partition(".")[0] for name in changed(before, after)} == {"mapping", "target"}
    assert (folder / "history.csv").read_text().splitlines()[1].startswith("0,")
    assert re.search(r"160 captions, 1\d\.\d % of their words are not in the model's vocabulary", caplog.text)
    weights = (folder / "model.safetensors").read_bytes()
    shutil.rmtree(folder)
    run_stage()
    assert (folder / "model.safetensors").read_bytes() == weights
    assert not list(Path("work").rglob("*.pt"))


def test_captions_without_a_validation_split_or_a_graph_stop_the_stage(project, world) -> None:
    write_graphs("data/caption_graphs/zh.parquet", world.graphs[:5])
    with pytest.raises(InputError, match=r"caption_graphs/zh\.parquet, pair pair-0005: found no graph"):
        run_stage()
    rows = [{**row, "split": "train"} for row in world.rows]
    write_table("data/caption_corpus/zh.parquet", rows, SCHEMA)
    write_graphs("data/caption_graphs/zh.parquet", world.graphs)
    with pytest.raises(InputError, match=r"found no caption of split 'val'.*caption_corpus\.val"):
        run_stage()
    assert not Path("models/phase1/zh/hgm-seed2-captions").exists()
