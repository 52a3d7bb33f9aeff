from __future__ import annotations

import pytest
import torch

from crosscap.systems.unison.model_building import build_model
from crosscap.systems.unison.scheduled_sampling import sampled_inputs, sampling_share
from crosscap.text.vocabulary import BOS, EOS, PAD


@pytest.fixture
def speaker(world, phase1_settings):
    torch.manual_seed(0)
    model = build_model("hgm", phase1_settings, world.graphs, world.source, world.target, world.vectors)
    return model.target.eval()


def sentences(count: int) -> torch.Tensor:
    torch.manual_seed(1)
    words = torch.randint(4, 12, (count, 9))
    words[:, 0], words[:, 8] = BOS, EOS
    words[: count // 2, 5], words[: count // 2, 6:] = EOS, PAD
    return words


def test_the_share_rises_by_the_epoch_up_to_its_limit() -> None:
    shares = [sampling_share(epoch, 0.05, 5, 0.25) for epoch in (0, 4, 5, 9, 10, 25, 79)]
    assert shares == pytest.approx([0, 0, 0.05, 0.05, 0.1, 0.25, 0.25])
    assert sampling_share(50, 0.0, 5, 0.25) == 0


def test_as_many_words_are_drawn_as_the_share_says_and_the_frame_stays(speaker) -> None:
    words, z = sentences(400), torch.rand(400, 3, 32)
    read = sampled_inputs(speaker, z, words, 0.5)
    assert torch.equal(read[:, 0], words[:, 0])
    assert torch.equal(read[words == PAD], words[words == PAD])
    inner = (words != PAD) & (words != BOS)
    inner[:, 8] = False  # never read
    changed = (read != words)[inner].float().mean().item()
    same_by_chance = 1 / len(speaker.words(torch.arange(3))) * 0.3
    assert 0.5 * 0.8 < changed <= 0.5 + 0.05 + same_by_chance
    assert not ((read == PAD) | (read == BOS))[inner].any()
    assert torch.equal(sampled_inputs(speaker, z, words, 0.0), words)


def test_a_drawn_word_follows_what_was_read_before_it(speaker) -> None:
    """A decoder that always says the next number draws the successors of what it read."""
    with torch.no_grad():
        speaker.decoder.output.weight.zero_()
        speaker.decoder.output.bias.fill_(-50.0)
        speaker.decoder.output.bias[7] = 50.0
    words = sentences(6)
    read = sampled_inputs(speaker, torch.rand(6, 3, 32), words, 1.0)
    assert (read[:, 1:5] == 7).all()
    state = torch.random.get_rng_state()
    once = sampled_inputs(speaker, torch.rand(6, 3, 32), words, 0.5)
    torch.random.set_rng_state(state)
    assert torch.equal(once, sampled_inputs(speaker, torch.rand(6, 3, 32), words, 0.5))
