from __future__ import annotations

import json

import pytest
import torch

from crosscap.errors import InputError
from crosscap.graph.scene_graph import SceneGraph
from crosscap.nn.packed_sentences import pack_sentences
from crosscap.systems.unison.examples import examples
from crosscap.systems.unison.model import Unison
from crosscap.systems.unison.model_building import build_model
from crosscap.systems.unison.node_translation import NodeTranslations
from crosscap.systems.unison.nodes import NodeTable
from crosscap.systems.unison.objective import Objective, batch_losses
from crosscap.systems.unison.variants import VARIANTS
from crosscap.text.vocabulary import BOS, PAD, UNK
from tests.systems.unison.conftest import ADJECTIVES, NOUNS, PREDICATES

WORDS = {**NOUNS, **ADJECTIVES, **PREDICATES}
BARE = SceneGraph("bare", ("dog", "cat"))
EMPTY = SceneGraph("empty")


def make(world, settings, variant: str = "hgm") -> Unison:
    torch.manual_seed(5)
    translations = NodeTranslations({name: (word,) for name, word in WORDS.items()})
    return build_model(variant, settings, world.graphs, world.source, world.target, world.vectors, translations).eval()


def encode(model: Unison, world, graphs: list[SceneGraph]) -> torch.Tensor:
    table = model.node_table(graphs, world.vectors)
    return model.encode_target(table, table.pack(graphs))


@pytest.mark.parametrize("variant", VARIANTS)
def test_graphs_without_relations_attributes_or_nodes_have_zero_features_and_no_nan(
    world, phase1_settings, variant: str
) -> None:
    z = encode(make(world, phase1_settings, variant), world, [BARE, EMPTY])
    assert torch.equal(z[0, 1:], torch.zeros(2, phase1_settings.size))
    assert torch.equal(z[1], torch.zeros(3, phase1_settings.size))
    assert z[0, 0].abs().sum() > 0


def test_the_kl_loss_is_three_when_both_sides_agree_and_more_otherwise(world, phase1_settings) -> None:
    model = make(world, phase1_settings)
    z, other = torch.randn(2, 6, 3, phase1_settings.size)
    assert model.kl_loss(z, z).item() == 3.0
    assert model.kl_loss(z, other).item() > 3.0
    assert model.kl_loss(z.repeat(9, 1, 1), other.repeat(9, 1, 1)).item() == pytest.approx(
        model.kl_loss(z, other).item(), rel=1e-5
    )


def test_the_kl_loss_moves_the_encoders_of_both_languages(world, phase1_settings) -> None:
    model = make(world, phase1_settings)
    table = NodeTable.build(world.graphs, world.vectors)
    packed = table.pack(world.graphs)
    model.kl_loss(model.encode_source(table, packed), model.encode_target(table, packed)).backward()
    for side in (model.source, model.target):
        assert side.encoder.itself[0].weight.grad.abs().sum() > 0
    assert model.mapping.sub.map.weight.grad.abs().sum() > 0


@pytest.mark.parametrize("variant", VARIANTS)
def test_the_loss_of_a_batch_is_the_mean_over_all_its_words(world, phase1_settings, variant: str) -> None:
    model = make(world, phase1_settings, variant)
    graphs = {graph.id: graph for graph in world.graphs}
    data = examples(world.rows[:20], graphs, world.source, world.target, 16, "graphs.parquet")
    table = model.node_table(world.graphs, world.vectors)
    together = batch_losses(model, table, data, Objective())["xe_target"].item()
    lengths = [len(example.target) - 1 for example in data]
    assert len(set(lengths)) > 1
    each = [batch_losses(model, table, [example], Objective())["xe_target"].item() for example in data]
    expected = sum(loss * length for loss, length in zip(each, lengths, strict=True)) / sum(lengths)
    assert together == pytest.approx(expected, rel=1e-5)


def test_a_word_without_a_vector_changes_no_other_row_of_the_batch(world, phase1_settings) -> None:
    words = make(world, phase1_settings).target.words
    known = torch.tensor([[BOS, 5], [BOS, 6]])
    mixed = torch.tensor([[BOS, 5], [BOS, UNK]])
    assert torch.equal(words(known)[0], words(mixed)[0])
    assert torch.equal(words(mixed)[1, 1], words.word_map.bias)
    assert words(known)[0, 1].abs().sum() > 0


def test_beam_one_is_greedy_on_the_real_decoder_and_the_unknown_word_is_never_written(world, phase1_settings) -> None:
    model = make(world, phase1_settings).target
    model.decoder.output.bias.data[UNK] = 50.0
    z = torch.rand(5, 3, phase1_settings.size)
    for row, found in enumerate(model.sentences(z, beam=1, max_words=6)):
        tokens = [BOS]
        while len(tokens) < 7:
            so_far = pack_sentences(torch.tensor([[*tokens, UNK]]), PAD)
            scores = model.logits(z[row : row + 1], so_far)[-1].log_softmax(0)
            scores[[0, 1, 3]] = float("-inf")
            tokens.append(int(scores.argmax()))
            if tokens[-1] == 2:
                break
        assert list(found.tokens) == [token for token in tokens[1:] if token != 2]


@pytest.mark.parametrize("variant", VARIANTS)
def test_a_saved_model_is_loaded_the_same(world, phase1_settings, variant: str, tmp_path) -> None:
    model = make(world, phase1_settings, variant)
    model.save(tmp_path)
    loaded = Unison.load(tmp_path)
    assert loaded.config == model.config
    assert torch.equal(encode(loaded, world, world.graphs[:9]), encode(model, world, world.graphs[:9]))


def test_a_model_of_another_size_or_a_broken_file_is_named(world, phase1_settings, tmp_path) -> None:
    make(world, phase1_settings).save(tmp_path)
    weights = tmp_path / "model.safetensors"
    weights.write_bytes(weights.read_bytes()[:100])
    with pytest.raises(InputError, match=r"model\.safetensors: found .*Train the model again"):
        Unison.load(tmp_path)
    weights.unlink()
    with pytest.raises(InputError, match=r"model\.safetensors: found no such file"):
        Unison.load(tmp_path)


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"size": 0}, "size: found 0, expected a whole number from 1 on"),
        ({"kl_size": -2}, "kl_size: found -2"),
        ({"vector_size": 1.5}, "vector_size: found 1.5"),
        ({"size": 10**9}, ".*(memory|invalid|overflow)"),
        ({"word_input": "guessed"}, "word_input: found 'guessed', expected one of vectors, learned"),
        ({"kl_heads": "two"}, "kl_heads: found 'two'"),
        ({"kl_reduction": "none"}, "kl_reduction: found 'none', expected one of pair, batch_mean, batch_sum"),
        ({"target_words": [1, 2]}, "a word that is no text"),
        ({"variant": "hgmm"}, "'hgmm'"),
    ],
)
def test_settings_that_no_model_has_are_named(world, phase1_settings, tmp_path, changes, message: str) -> None:
    make(world, phase1_settings).save(tmp_path)
    path = tmp_path / "config.json"
    path.write_text(json.dumps({**json.loads(path.read_text()), **changes}))
    with pytest.raises(InputError, match=rf"config\.json: found {message}"):
        Unison.load(tmp_path)
