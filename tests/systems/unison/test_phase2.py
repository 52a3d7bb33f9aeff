from __future__ import annotations

import contextlib
import random

import pytest
import torch

from crosscap.systems.unison import phase2
from crosscap.systems.unison.cross_modal import CrossModalMapper, ImagePool, MapperConfig, gan_loss
from crosscap.systems.unison.model_building import build_model
from crosscap.systems.unison.phase2 import PhaseTwo, pooled_features, train, validation_losses, weights_digest

SIZE = 8


def mapper(start: str = "random") -> CrossModalMapper:
    torch.manual_seed(0)
    return CrossModalMapper(MapperConfig(SIZE, start))


def features(count: int, seed: int = 1) -> torch.Tensor:
    return torch.rand(count, 3, SIZE, generator=torch.Generator().manual_seed(seed))


def test_phase_two_changes_the_mapper_and_nothing_else(world, phase1_settings, phase2_settings, tmp_path) -> None:
    model = build_model("hgm", phase1_settings, world.graphs, world.source, world.target, world.vectors)
    before = weights_digest(model)
    image, text = (pooled_features(model, part, world.vectors) for part in (world.graphs[:40], world.graphs[40:100]))
    cross = CrossModalMapper(MapperConfig(phase1_settings.size, "random"))
    fresh = weights_digest(cross)
    history = train(image, text, phase2_settings, cross, tmp_path)
    assert weights_digest(model) == before
    assert weights_digest(cross) != fresh
    assert [row["step"] for row in history] == [5, 10, 15, 20]


def test_features_are_taken_without_dropout_and_carry_no_gradient(world, phase1_settings) -> None:
    model = build_model("hgm", phase1_settings, world.graphs, world.source, world.target, world.vectors).train()
    one = pooled_features(model, world.graphs[:9], world.vectors)
    other = pooled_features(model.train(), world.graphs[:9], world.vectors, batch_size=2)
    assert not one.requires_grad
    torch.testing.assert_close(one, other)
    assert pooled_features(model, [], world.vectors).shape == (0, 3, phase1_settings.size)


def test_the_generator_step_gives_discriminators_no_gradient(phase2_settings) -> None:
    cross = mapper()
    run = PhaseTwo(cross, phase2_settings)
    torch.stack(list(run.generator_losses(features(4), features(4, 2)).values())).sum().backward()
    assert all(p.grad is not None and p.grad.abs().sum() > 0 for p in cross.generators())
    assert all(p.grad is None for p in cross.discriminators())


def test_the_discriminator_step_gives_generators_no_gradient(phase2_settings) -> None:
    cross = mapper()
    image, text = features(4), features(4, 2)
    losses = PhaseTwo(cross, phase2_settings).discriminator_losses(
        image, text, cross.to_image(text), cross.to_text(image)
    )
    torch.stack(list(losses.values())).sum().backward()
    assert all(p.grad is None for p in cross.generators())
    assert all(p.grad is not None for p in cross.discriminators())


def test_identity_generators_have_no_cycle_and_no_identity_loss(phase2_settings) -> None:
    settings = phase2_settings.model_copy(update={"identity_weight": 5.0})
    losses = PhaseTwo(mapper("identity"), settings).generator_losses(features(4), features(4, 2))
    assert losses["cycle"].item() == 0.0
    assert losses["identity"].item() == 0.0


def test_the_losses_are_the_sums_over_types_of_means_over_batch_and_logits(phase2_settings) -> None:
    settings = phase2_settings.model_copy(update={"identity_weight": 5.0})
    cross, image, text = mapper(), features(4), features(4, 2)
    found = PhaseTwo(cross, settings).generator_losses(image, text)

    def layer(part: str, kind: int, z: torch.Tensor) -> torch.Tensor:
        return torch.nn.functional.leaky_relu(getattr(cross, part).layers[kind](z), 0.2)

    expected = dict.fromkeys(found, 0.0)
    for kind in range(3):
        i, t = image[:, kind], text[:, kind]
        fake_t, fake_i = layer("to_text", kind, i), layer("to_image", kind, t)
        logits = layer("judge_text", kind, fake_t)
        assert logits.shape == (4, SIZE)
        expected["gan_text"] += -torch.log(torch.sigmoid(logits)).mean().item()
        expected["gan_image"] += -torch.log(torch.sigmoid(layer("judge_image", kind, fake_i))).mean().item()
        cycle = (layer("to_image", kind, fake_t) - i).abs().mean() + (layer("to_text", kind, fake_i) - t).abs().mean()
        expected["cycle"] += 10 * cycle.item()
        same = (layer("to_text", kind, t) - t).abs().mean() + (layer("to_image", kind, i) - i).abs().mean()
        expected["identity"] += 5 * same.item()
    assert {name: loss.item() for name, loss in found.items()} == pytest.approx(expected, rel=1e-5)


def test_zero_features_stay_zero() -> None:
    z = features(3)
    z[:, 1] = 0.0
    assert torch.equal(mapper()(z)[:, 1], torch.zeros(3, SIZE))


def test_least_squares_and_vanilla_losses_have_their_formulas() -> None:
    logits = torch.tensor([[0.5, -1.0]])
    assert gan_loss(logits, True, "lsgan").item() == pytest.approx((0.25 + 4.0) / 2)
    assert gan_loss(logits, False, "vanilla").item() == pytest.approx(
        torch.nn.functional.softplus(logits).mean().item(), rel=1e-6
    )


def test_the_pool_shows_new_features_until_it_is_full_and_then_also_old_ones() -> None:
    torch.manual_seed(0)
    pool = ImagePool(4)
    first = torch.arange(4.0).reshape(4, 1)
    assert torch.equal(pool.query(first), first)
    shown = torch.cat([pool.query(torch.full((1, 1), 10.0 + n)) for n in range(60)]).flatten()
    old = (shown != torch.arange(10.0, 70.0)).sum().item()
    assert 15 <= old <= 45
    assert len(pool.kept) == 4
    assert ImagePool(0).query(first) is first


@pytest.mark.parametrize("spectral", [False, True])
def test_a_training_killed_at_ten_random_steps_ends_like_an_undisturbed_one(
    phase2_settings, tmp_path, monkeypatch, spectral
) -> None:
    image, text = features(30), features(30, 2)
    settings = phase2_settings.model_copy(update={"selection": "val_cycle", "steps": 30, "checkpoint_every": 2})

    def fresh() -> CrossModalMapper:
        torch.manual_seed(0)
        return CrossModalMapper(MapperConfig(SIZE, "random", spectral))

    def trained(folder: str) -> tuple[CrossModalMapper, list]:
        cross = fresh()
        return cross, train(
            image, text, settings, cross, tmp_path / folder, validate=lambda m: validation_losses(m, image)
        )

    expected, history = trained("undisturbed")
    plain, calls = phase2.PhaseTwo.train_step, []
    deaths = set(random.Random(4).sample(range(1, 45), 10))

    def dying(*arguments):
        calls.append(0)
        if len(calls) in deaths:
            raise KeyboardInterrupt
        return plain(*arguments)

    monkeypatch.setattr(phase2.PhaseTwo, "train_step", dying)
    for _ in deaths:
        with contextlib.suppress(KeyboardInterrupt):
            trained("killed")
    assert len(calls) == max(deaths)  # all ten came
    resumed, rows = trained("killed")
    assert rows == history
    assert weights_digest(resumed) == weights_digest(expected)


def test_spectral_norm_keeps_the_discriminators_from_stretching_anything(phase2_settings, tmp_path) -> None:
    cross = CrossModalMapper(MapperConfig(SIZE, "random", spectral_norm=True))
    settings = phase2_settings.model_copy(update={"discriminator_learning_rate": 0.05, "steps": 60})
    train(features(30), features(30, 2), settings, cross, tmp_path)
    for judge in (cross.judge_text, cross.judge_image):
        for layer in judge.layers:
            assert torch.linalg.matrix_norm(layer.weight, 2).item() == pytest.approx(1, abs=0.1)
    cross.save(tmp_path)
    assert weights_digest(CrossModalMapper.load(tmp_path)) == weights_digest(cross)


def test_each_side_learns_at_its_own_rate(phase2_settings) -> None:
    settings = phase2_settings.model_copy(update={"discriminator_learning_rate": 0.0})
    cross = mapper()
    generators, judges = weights_digest(cross.to_text), weights_digest(cross.judge_text)
    PhaseTwo(cross, settings).train_step(features(4), features(4, 2))
    assert weights_digest(cross.to_text) != generators
    assert weights_digest(cross.judge_text) == judges


def test_the_validation_scores_have_their_formulas() -> None:
    cross, z = mapper(), features(5)
    with torch.no_grad():
        mapped = cross.to_text(z)
        back = cross.to_image(mapped)
    expected = {
        "val_cycle": (back - z).abs().mean(dim=(0, 2)).sum(),
        "val_identity": (mapped - z).abs().mean(dim=(0, 2)).sum(),
    }
    assert validation_losses(cross, z) == pytest.approx({name: value.item() for name, value in expected.items()})
    assert validation_losses(mapper("identity"), z) == {"val_cycle": 0.0, "val_identity": 0.0}


def test_a_digest_tells_the_smallest_change() -> None:
    cross = mapper()
    before = weights_digest(cross)
    with torch.no_grad():
        cross.to_text.layers[2].weight[0, 0] = torch.nextafter(cross.to_text.layers[2].weight[0, 0], torch.tensor(9.0))
    assert weights_digest(cross) != before
