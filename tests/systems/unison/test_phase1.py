from __future__ import annotations

import math

import pytest
import torch

from crosscap.errors import InputError
from crosscap.graph.scene_graph import SceneGraph
from crosscap.systems.unison import phase1
from crosscap.systems.unison.captioner import Captioner
from crosscap.systems.unison.examples import examples
from crosscap.systems.unison.model_building import build_model, frequent_tokens
from crosscap.systems.unison.phase1 import epoch_order, train
from crosscap.training.loop import TrainingDiverged
from crosscap.training.seed import seed_everything


def split(world, name: str):
    graphs = {graph.id: graph for graph in world.graphs}
    rows = [row for row in world.rows if row["split"] == name]
    return examples(rows, graphs, world.source, world.target, 16, "graphs.parquet")


def run(world, settings, directory, variant="hgm"):
    seed_everything(settings.seed)
    data, validation = split(world, "train"), split(world, "val")
    model = build_model(variant, settings, world.graphs, world.source, world.target, world.vectors)
    history = train(model, world.vectors, data, validation, settings, directory)
    return model, history


def test_sentences_are_framed_and_a_cut_one_has_no_end(world) -> None:
    graphs = {graph.id: graph for graph in world.graphs}
    (example,) = examples(world.rows[:1], graphs, world.source, world.target, 2, "graphs.parquet")
    assert example.target == (1, *world.target.encode(world.rows[0]["target_tokens"][:2]))
    (whole,) = examples(world.rows[:1], graphs, world.source, world.target, 16, "graphs.parquet")
    assert whole.target == (1, *world.target.encode(world.rows[0]["target_tokens"]), 2)
    with pytest.raises(InputError, match=r"graphs\.parquet, pair pair-0000: found no graph of this pair"):
        examples(world.rows[:1], {}, world.source, world.target, 2, "graphs.parquet")


def test_rare_names_are_left_to_the_unknown_embedding() -> None:
    graphs = [SceneGraph("1", ("dog", "cat"), ((0, "red"),)), SceneGraph("2", ("dog",), ((0, "red"),))]
    assert frequent_tokens(graphs, lambda name: (name,), 2) == ("dog", "red")


def test_every_epoch_sees_every_example_once_in_its_own_order() -> None:
    assert sorted(epoch_order(50, 1, 0)) == list(range(50))
    assert epoch_order(50, 1, 0) != epoch_order(50, 1, 1)


@pytest.mark.parametrize("variant", ["hgm", "gen"])
def test_training_twice_gives_the_same_weights_and_a_lower_loss(world, phase1_settings, tmp_path, variant) -> None:
    one, history = run(world, phase1_settings, tmp_path / "a", variant)
    other, again = run(world, phase1_settings, tmp_path / "b", variant)
    assert history == again
    assert all(torch.equal(a, b) for a, b in zip(one.parameters(), other.parameters(), strict=True))
    assert history[-1]["val_xe_target"] < 0.9 * history[0]["val_xe_target"]
    assert "kl" in history[-1] and "kl" not in history[0]


def test_a_killed_training_ends_like_an_undisturbed_one(world, phase1_settings, tmp_path, monkeypatch) -> None:
    settings = phase1_settings.model_copy(update={"checkpoint_every": 4})
    expected, history = run(world, settings, tmp_path / "undisturbed")
    plain, calls = phase1.train_step, []

    def dying(*arguments):
        calls.append(0)
        if len(calls) == 11:
            raise KeyboardInterrupt
        return plain(*arguments)

    monkeypatch.setattr(phase1, "train_step", dying)
    with pytest.raises(KeyboardInterrupt):
        run(world, settings, tmp_path / "killed")
    model, resumed = run(world, settings, tmp_path / "killed")
    assert len(calls) == 11 + 21 - 8  # 21 steps; the last checkpoint was after step 8
    assert resumed == history
    assert all(torch.equal(a, b) for a, b in zip(model.parameters(), expected.parameters(), strict=True))


def test_a_loss_that_is_no_number_stops_the_training(world, phase1_settings, tmp_path, monkeypatch) -> None:
    plain, calls = phase1.train_step, []

    def broken(*arguments):
        calls.append(0)
        losses = plain(*arguments)
        return {**losses, "xe_target": math.nan} if len(calls) == 3 else losses

    monkeypatch.setattr(phase1, "train_step", broken)
    with pytest.raises(TrainingDiverged, match="loss 'xe_target' is nan at step 3"):
        run(world, phase1_settings, tmp_path)


def test_a_trained_model_writes_the_sentences_of_graphs_it_never_saw(world, phase1_settings, tmp_path) -> None:
    settings = phase1_settings.model_copy(update={"xe_epochs": 25, "dropout": 0.1, "learning_rate": 0.01})
    model, _ = run(world, settings, tmp_path)
    rows = [row for row in world.rows if row["split"] == "test"]
    graphs = {graph.id: graph for graph in world.graphs}
    captions = Captioner(model, world.vectors).captions([graphs[row["id"]] for row in rows], 5, 16, batch_size=7)
    right = sum(list(caption.words) == row["target_tokens"] for caption, row in zip(captions, rows, strict=True))
    assert right >= 0.7 * len(rows)
    assert all(caption.score < 0 for caption in captions)
