from __future__ import annotations

import contextlib
import math
import random

import pytest
import torch

from crosscap.config.generation import GenerationSettings
from crosscap.config.loader import validate_section
from crosscap.errors import InputError
from crosscap.graph.scene_graph import SceneGraph
from crosscap.systems.unison import phase1
from crosscap.systems.unison.captioner import Captioner
from crosscap.systems.unison.examples import Example, examples
from crosscap.systems.unison.model_building import build_model, frequent_tokens
from crosscap.systems.unison.objective import Objective, batch_losses, counts_of, frequency_loss, validation_losses
from crosscap.systems.unison.phase1 import parts, train
from crosscap.systems.unison.run_name import RunName
from crosscap.training.loop import TrainingDiverged
from crosscap.training.seed import seed_everything
from tests.systems.unison.conftest import section


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


def test_every_epoch_sees_every_example_once_in_its_own_order(world, phase1_settings, tmp_path, monkeypatch) -> None:
    seen: list[str] = []

    def recording(update, model, table, batch, objective):
        seen.extend(example.graph.id for example in batch)
        update.optimizer.step()
        return {"xe_target": 1.0}

    monkeypatch.setattr(phase1, "train_step", recording)
    ids = sorted(example.graph.id for example in split(world, "train"))
    for initialisation, epochs in (("joint", 3), ("separate", 5)):
        seen.clear()
        run(world, phase1_settings.model_copy(update={"initialisation": initialisation}), tmp_path / initialisation)
        orders = [seen[start : start + len(ids)] for start in range(0, len(seen), len(ids))]
        assert [sorted(order) for order in orders] == [ids] * epochs
        # Both languages see the same order where they start apart; no two epochs of one model do.
        assert len({tuple(order) for order in orders}) == 3


@pytest.mark.parametrize("variant", ["hgm", "gen"])
def test_training_twice_gives_the_same_weights_and_a_lower_loss(world, phase1_settings, tmp_path, variant) -> None:
    one, history = run(world, phase1_settings, tmp_path / "a", variant)
    other, again = run(world, phase1_settings, tmp_path / "b", variant)
    assert history == again
    assert all(torch.equal(a, b) for a, b in zip(one.parameters(), other.parameters(), strict=True))
    assert history[-1]["val_xe_target"] < 0.9 * history[0]["val_xe_target"]
    assert "kl" in history[-1] and "kl" not in history[0]


@pytest.mark.parametrize("initialisation", ["joint", "separate"])
def test_a_training_killed_at_ten_random_steps_ends_like_an_undisturbed_one(
    world, phase1_settings, tmp_path, monkeypatch, initialisation
) -> None:
    sampling = phase1_settings.scheduled_sampling.model_copy(update={"increase": 0.2, "every": 1})
    changes = {"checkpoint_every": 2, "initialisation": initialisation, "scheduled_sampling": sampling}
    settings = phase1_settings.model_copy(update=changes)
    expected, history = run(world, settings, tmp_path / "undisturbed")
    plain, calls = phase1.train_step, []
    deaths = set(random.Random(4).sample(range(1, 40), 10))

    def dying(*arguments):
        calls.append(0)
        if len(calls) in deaths:
            raise KeyboardInterrupt
        return plain(*arguments)

    monkeypatch.setattr(phase1, "train_step", dying)
    for _ in deaths:
        with contextlib.suppress(KeyboardInterrupt):
            model, resumed = run(world, settings, tmp_path / "killed")
    assert len(calls) == max(deaths)  # all ten came
    model, resumed = run(world, settings, tmp_path / "killed")
    assert resumed == history
    assert all(torch.equal(a, b) for a, b in zip(model.parameters(), expected.parameters(), strict=True))


def test_languages_that_start_apart_meet_with_the_best_weights_of_each(world, phase1_settings, tmp_path) -> None:
    settings = phase1_settings.model_copy(update={"initialisation": "separate"})
    assert [part.sides for part in parts(settings)] == [("source",), ("target",), ("source", "target")]
    _, history = run(world, settings, tmp_path)
    assert [row["step"] for row in history] == [7, 14, 21, 28, 35]
    assert [{"xe_source", "xe_target", "kl"} & row.keys() for row in history] == [
        {"xe_source"}, {"xe_source"}, {"xe_target"}, {"xe_target"}, {"xe_source", "xe_target", "kl"},
    ]  # fmt: skip
    # English learned nothing while the target language did, and goes on from where it was.
    apart, _ = run(world, settings.model_copy(update={"joint_epochs": 0}), tmp_path / "apart")
    english, _ = run(world, settings.model_copy(update={"joint_epochs": 0, "xe_epochs": 0}), tmp_path / "none")
    assert history[4]["val_xe_source"] < history[0]["val_xe_source"]
    assert not torch.equal(apart.source_map.weight, english.source_map.weight)


def test_without_kl_a_run_is_as_long_as_with_it(phase1_settings) -> None:
    for initialisation in ("joint", "separate"):
        settings = phase1_settings.model_copy(update={"initialisation": initialisation})
        with_kl, without = parts(settings), parts(settings, RunName.parse("hgm-no_kl"))
        assert [part.epochs for part in with_kl] == [part.epochs for part in without]
        assert with_kl[-1].xe_epochs < with_kl[-1].epochs == without[-1].xe_epochs


def test_losses_of_shards_add_up_to_those_of_the_batch(world, phase1_settings) -> None:
    model = build_model("hgm", phase1_settings, world.graphs, world.source, world.target, world.vectors).eval()
    data = split(world, "train")[:30]
    table, counts, objective = model.node_table(world.graphs, world.vectors), counts_of(data), Objective(joint=True)
    whole = batch_losses(model, table, data, objective)
    parts_of_it = [batch_losses(model, table, data[start::4], objective, counts) for start in range(4)]
    for name in ("xe_source", "xe_target", "kl"):
        assert sum(part[name].item() for part in parts_of_it) == pytest.approx(whole[name].item(), rel=1e-5)
    assert validation_losses(model, table, data, 7, objective) == pytest.approx(
        {f"val_{name}": loss.item() for name, loss in whole.items()}, rel=1e-5
    )


def test_one_language_alone_needs_no_sentence_of_the_other(world, phase1_settings) -> None:
    model = build_model("hgm", phase1_settings, world.graphs, world.source, world.target, world.vectors)
    table = model.node_table(world.graphs, world.vectors)
    data = [Example(example.graph, (), example.target) for example in split(world, "train")[:9]]
    losses = batch_losses(model, table, data, Objective(sides=("target",)))
    losses["xe_target"].backward()
    assert set(losses) == {"xe_target"}
    assert all(p.grad is None for p in model.source.parameters())


def test_a_step_cut_into_passes_is_the_same_step(world, phase1_settings, tmp_path) -> None:
    settings = phase1_settings.model_copy(update={"dropout": 0.0, "xe_epochs": 1, "joint_epochs": 1})
    _, whole = run(world, settings, tmp_path / "whole")
    _, cut = run(world, settings.model_copy(update={"accumulate": 3}), tmp_path / "cut")
    for one, other in zip(whole, cut, strict=True):
        assert one == pytest.approx(other, rel=1e-3)


def test_training_in_bf16_learns_as_much(world, phase1_settings, tmp_path) -> None:
    settings = phase1_settings.model_copy(update={"dropout": 0.0})
    model, rough = run(world, settings.model_copy(update={"precision": "bf16"}), tmp_path / "bf16")
    _, fine = run(world, settings, tmp_path / "fp32")
    assert {parameter.dtype for parameter in model.parameters()} == {torch.float32}
    assert rough != fine
    assert rough[-1]["val_xe_target"] == pytest.approx(fine[-1]["val_xe_target"], rel=0.02)
    assert rough[-1]["val_kl"] == pytest.approx(fine[-1]["val_kl"], rel=0.02)


def test_the_rate_decays_by_the_epoch(world, phase1_settings, tmp_path, monkeypatch) -> None:
    rates = []

    def recording(update, *_arguments):
        rates.append(update.optimizer.param_groups[0]["lr"])
        update.optimizer.step()
        update.schedule.step()
        return {"xe_target": 1.0}

    monkeypatch.setattr(phase1, "train_step", recording)
    decay = phase1_settings.learning_rate_decay.model_copy(update={"every": 2, "factor": 0.5})
    run(world, phase1_settings.model_copy(update={"learning_rate_decay": decay}), tmp_path)
    assert rates == pytest.approx([0.005] * 14 + [0.0025] * 7)
    rates.clear()
    run(world, phase1_settings.model_copy(update={"warmup_steps": 5}), tmp_path / "warm")
    assert rates == pytest.approx([0.001, 0.002, 0.003, 0.004] + [0.005] * 17)


def test_a_decoder_that_learned_only_word_frequencies_is_named(world, phase1_settings, tmp_path, caplog) -> None:
    data, validation = split(world, "train"), split(world, "val")
    words = [word for example in data for word in example.target[1:]]
    shares = {word: (words.count(word) + 1) / (len(words) + len(set(words)) + 1) for word in set(words)}
    said = [-math.log(shares[word]) for example in validation for word in example.target[1:]]
    blind = sum(said) / len(said)
    assert frequency_loss(data, validation, "target") == pytest.approx(blind)
    (part,) = parts(phase1_settings)
    good, bad = {"val_xe_source": 0.1, "val_xe_target": 0.5 * blind}, {"val_xe_source": 0.1, "val_xe_target": blind}
    phase1.warn_of_blind_sides("phase 1", part, [bad, good], data, validation)
    assert not caplog.records
    phase1.warn_of_blind_sides("phase 1", part, [bad, bad], data, validation)
    (record,) = caplog.records
    assert "the target decoder reached a loss of" in record.message and "warmup_steps" in record.message


def test_patience_ends_a_training_that_gets_no_better(world, phase1_settings, tmp_path) -> None:
    selection = phase1_settings.selection.model_copy(update={"patience": 2})
    changes = {"selection": selection, "learning_rate": 0.0, "xe_epochs": 9}
    _, history = run(world, phase1_settings.model_copy(update=changes), tmp_path)
    assert len(history) == 3  # the first is the best, and two are no better


def test_a_loss_that_is_no_number_stops_the_training(world, phase1_settings, tmp_path, monkeypatch) -> None:
    plain, calls = phase1.train_step, []

    def broken(*arguments):
        calls.append(0)
        losses = plain(*arguments)
        return {**losses, "xe_target": math.nan} if len(calls) == 3 else losses

    monkeypatch.setattr(phase1, "train_step", broken)
    with pytest.raises(TrainingDiverged, match=r"loss 'xe_target' is nan at step 3 .*25 examples pair-0"):
        run(world, phase1_settings, tmp_path)


def test_a_trained_model_writes_the_sentences_of_graphs_it_never_saw(world, phase1_settings, tmp_path) -> None:
    settings = phase1_settings.model_copy(update={"xe_epochs": 25, "dropout": 0.1, "learning_rate": 0.01})
    model, _ = run(world, settings, tmp_path)
    rows = [row for row in world.rows if row["split"] == "test"]
    graphs = {graph.id: graph for graph in world.graphs}
    decoding = validate_section(
        GenerationSettings, "generation", section("generation", beam=5, max_words=16, batch_size=7), "params.yaml"
    )
    captions = Captioner(model, world.vectors).captions([graphs[row["id"]] for row in rows], decoding)
    right = sum(list(caption.words) == row["target_tokens"] for caption, row in zip(captions, rows, strict=True))
    assert right >= 0.7 * len(rows)
    assert all(caption.score < 0 for caption in captions)
