"""The model's batches against the equations node by node, for every variant and every reading of the paper."""

from __future__ import annotations

import math
from dataclasses import replace

import pytest
import torch

from crosscap.errors import InputError
from crosscap.graph.scene_graph import SceneGraph
from crosscap.nn.packed_sentences import pack_sentences
from crosscap.systems.unison.model import BatchCounts, Unison, UnisonConfig
from crosscap.systems.unison.variants import VARIANTS, MappingReadings
from crosscap.text.vocabulary import BOS, EOS, PAD
from tests.systems.unison.conftest import ADJECTIVES, NOUNS, PREDICATES
from tests.systems.unison.reference import Reference, random_graphs

TRANSLATIONS = {"man": ("男人",), "old dog": ("老", "狗"), "dog": ("狗",), "ride": ("骑",), "red": ("红", "的")}
NAMES = [*NOUNS, *ADJECTIVES, *PREDICATES, "old dog", "dog unheard", "unheard"]
GRAPHS = random_graphs(NAMES, 30, seed=4)

CODE = MappingReadings(
    gate="pooled", concat="convolution", names="learned", sub_graph_self=True, sub_graph_activation=True,
    full_graph_map="shared", attribute_owner="after",
)  # fmt: skip
PAPER = MappingReadings()
CASES = [
    *((name, readings) for readings in (PAPER, CODE) for name in VARIANTS),
    *(("hgm", replace(PAPER, **{key: getattr(CODE, key)})) for key in vars(CODE) if key != "concat"),
    ("gm_word_sub", replace(PAPER, concat="convolution")),
]


def make(world, variant: str, readings: MappingReadings = PAPER, **changes) -> Unison:
    torch.manual_seed(11)
    config = UnisonConfig(
        variant=variant, size=10, vector_size=world.vectors.size, kl_size=6, dropout=0.5, word_input="learned",
        source_words=world.source.words, target_words=world.target.words, mapping=readings,
        node_tokens=("car", "dog", "man", "near", "男人", "狗", "红", "骑"), node_translations=TRANSLATIONS, **changes,
    )  # fmt: skip
    return Unison(config).eval()


def encode(model: Unison, world, graphs: list[SceneGraph]) -> tuple[torch.Tensor, torch.Tensor]:
    table = model.node_table(graphs, world.vectors)
    packed = table.pack(graphs)
    with torch.no_grad():
        return model.encode_source(table, packed), model.encode_target(table, packed)


@pytest.mark.parametrize(("variant", "readings"), CASES)
@torch.no_grad()
def test_a_batch_of_graphs_is_encoded_as_the_equations_say_of_each(world, variant: str, readings) -> None:
    model = make(world, variant, readings)
    reference = Reference(model, world.vectors)
    z_source, z_target = encode(model, world, GRAPHS)
    for number, graph in enumerate(GRAPHS):
        torch.testing.assert_close(z_source[number], reference.z_source(graph), atol=2e-5, rtol=1e-4)
        torch.testing.assert_close(z_target[number], reference.z_target(graph), atol=2e-5, rtol=1e-4)


@pytest.mark.parametrize(("variant", "readings"), CASES)
def test_the_order_of_nodes_and_the_other_graphs_of_a_batch_change_no_feature(world, variant: str, readings) -> None:
    model = make(world, variant, readings)
    _, together = encode(model, world, GRAPHS)
    rich = max(range(len(GRAPHS)), key=lambda n: len(GRAPHS[n].objects) + len(GRAPHS[n].relations))
    graph = GRAPHS[rich]
    order = list(reversed(range(len(graph.objects))))
    turned = SceneGraph(
        "turned",
        tuple(reversed(graph.objects)),
        tuple((order[i], name) for i, name in reversed(graph.attributes)),
        tuple((order[s], name, order[o]) for s, name, o in graph.relations[1:] + graph.relations[:1]),
    )
    for alone in (graph, turned):
        torch.testing.assert_close(encode(model, world, [alone])[1][0], together[rich], atol=1e-5, rtol=1e-4)
    # Nor does a last graph without any node, which blanks the batch in the released code.
    torch.testing.assert_close(
        encode(model, world, [*GRAPHS, SceneGraph("empty")])[1][:-1], together, atol=1e-5, rtol=1e-4
    )


@pytest.mark.parametrize("readings", [PAPER, CODE])
def test_without_relations_and_attributes_their_features_are_zero_and_objects_are_their_own_layer(
    world, readings
) -> None:
    model = make(world, "hgm", readings)
    bare = SceneGraph("bare", ("man", "horse"))
    z_source, z_target = encode(model, world, [bare, GRAPHS[0]])
    for z in (z_source, z_target):
        assert torch.equal(z[0, 1:], torch.zeros(2, 10))
        assert not z.isnan().any()
    table = model.node_table([bare], world.vectors)
    packed = table.pack([bare])
    own = model.source_map(table.source[packed.objects])
    around = model.source.encoder.neighbourhood(own, own[:0], packed)
    alone = model.source.encoder.itself(own)
    assert torch.equal(model.source.encoder.objects(alone, around), alone)


@pytest.mark.parametrize("readings", [PAPER, CODE])
def test_the_gate_weighs_the_three_levels_with_shares_of_one(world, readings) -> None:
    mapping = make(world, "hgm", readings).mapping
    gate = (mapping.fusion or mapping.fusion_in_encoder).gate
    weights = gate(5 * torch.randn(40, 10, generator=torch.Generator().manual_seed(1)))
    assert weights.shape == (40, 3)
    assert (weights >= 0).all()
    torch.testing.assert_close(weights.sum(1), torch.ones(40))


@pytest.mark.parametrize("variant", VARIANTS)
def test_a_saved_model_keeps_its_readings_and_translations(world, variant: str, tmp_path) -> None:
    model = make(world, variant, CODE, kl_heads="per_language", kl_reduction="batch_mean")
    model.save(tmp_path)
    loaded = Unison.load(tmp_path)
    assert loaded.config == model.config
    for one, other in zip(encode(loaded, world, GRAPHS), encode(model, world, GRAPHS), strict=True):
        assert torch.equal(one, other)
    broken = (tmp_path / "config.json").read_text().replace('"pooled"', '"poled"')
    (tmp_path / "config.json").write_text(broken)
    with pytest.raises(InputError, match=r"config\.json: found gate: found 'poled', expected one of"):
        Unison.load(tmp_path)


@pytest.mark.parametrize("heads", ["shared", "per_language"])
def test_each_reduction_of_the_kl_loss_is_its_sum_over_pairs_and_types(world, heads: str) -> None:
    z_source, z_target = torch.randn(2, 7, 3, 10, generator=torch.Generator().manual_seed(2))
    models = {
        kind: make(world, "hgm", kl_heads=heads, kl_reduction=kind) for kind in ("pair", "batch_mean", "batch_sum")
    }
    with torch.no_grad():
        rows = Reference(models["pair"], world.vectors).kl(z_source, z_target)
        found = {kind: model.kl_loss(z_source, z_target).item() for kind, model in models.items()}
    columns = list(zip(*rows, strict=True))
    assert found["pair"] == pytest.approx(sum(math.exp(kl) for row in rows for kl in row) / 7, rel=1e-4)
    assert found["batch_mean"] == pytest.approx(sum(math.exp(sum(column) / 7) for column in columns), rel=1e-4)
    assert found["batch_sum"] == pytest.approx(sum(math.exp(sum(column)) for column in columns), rel=1e-4)
    assert min(found.values()) > 3


def test_heads_of_one_language_each_disagree_about_equal_features(world) -> None:
    z = torch.randn(5, 3, 10, generator=torch.Generator().manual_seed(3))
    assert make(world, "hgm").kl_loss(z, z).item() == 3.0
    assert make(world, "hgm", kl_heads="per_language").kl_loss(z, z).item() > 3.0


def test_the_losses_of_a_batchs_parts_add_up_to_the_batchs_and_so_do_their_gradients(world) -> None:
    model = make(world, "hgm")
    generator = torch.Generator().manual_seed(5)

    def sentences(words: int) -> torch.Tensor:
        rows = torch.full((len(GRAPHS), 8), PAD)
        for row in rows:
            length = int(torch.randint(1, 6, (), generator=generator))
            row[0], row[length + 1] = BOS, EOS
            row[1 : length + 1] = torch.randint(4, words, (length,), generator=generator)
        return rows

    source, target = sentences(len(world.source)), sentences(len(world.target))
    table = model.node_table(GRAPHS, world.vectors)
    counts = BatchCounts.of(source, target)
    assert counts == BatchCounts(30, int((source[:, 1:] != PAD).sum()), int((target[:, 1:] != PAD).sum()))

    def losses(rows: slice) -> dict[str, torch.Tensor]:
        return model.losses(table, table.pack(GRAPHS[rows]), source[rows], target[rows], True, counts)

    whole = model.losses(table, table.pack(GRAPHS), source, target, True)
    torch.stack(list(whole.values())).sum().backward()
    expected = {name: parameter.grad.clone() for name, parameter in model.named_parameters()}
    model.zero_grad()
    parts = [losses(slice(0, 4)), losses(slice(4, 17)), losses(slice(17, 30))]
    for part in parts:
        torch.stack(list(part.values())).sum().backward()
    assert set(whole) == {"xe_source", "xe_target", "kl"}
    for name, loss in whole.items():
        assert sum(part[name].item() for part in parts) == pytest.approx(loss.item(), rel=1e-5)
    for name, parameter in model.named_parameters():
        torch.testing.assert_close(parameter.grad, expected[name], atol=1e-6, rtol=1e-4)


@torch.no_grad()
def test_the_loss_of_a_batch_is_that_of_its_sentences_word_by_word(world) -> None:
    model = make(world, "hgm")
    reference = Reference(model, world.vectors)
    sentences = {
        "source": [[BOS, 5, 4, 9, EOS], [BOS, EOS], [BOS, 7, 7]],  # the last was cut
        "target": [[BOS, 6, EOS], [BOS, 4, 8, 8, 5, 10, EOS], [BOS, EOS]],
    }
    padded = {side: torch.tensor([row + [PAD] * (7 - len(row)) for row in rows]) for side, rows in sentences.items()}
    graphs = GRAPHS[2:5]
    table = model.node_table(graphs, world.vectors)
    found = model.losses(table, table.pack(graphs), padded["source"], padded["target"], joint=True)
    z = {
        "source": [reference.z_source(graph) for graph in graphs],
        "target": [reference.z_target(graph) for graph in graphs],
    }
    for side, rows in sentences.items():
        each = [
            reference.negative_log_likelihood(getattr(model, side), one, row)
            for one, row in zip(z[side], rows, strict=True)
        ]
        assert found[f"xe_{side}"].item() == pytest.approx(sum(each) / sum(len(row) - 1 for row in rows), rel=1e-5)
    kl = [math.exp(one) for row in reference.kl(z["source"], z["target"]) for one in row]
    assert found["kl"].item() == pytest.approx(sum(kl) / len(graphs), rel=1e-4)


@pytest.mark.parametrize("readings", [PAPER, CODE])
@torch.no_grad()
def test_dropout_stands_behind_every_fully_connected_layer_and_before_the_output(world, readings) -> None:
    model = make(world, "hgm", readings).train()
    for module in model.modules():
        if isinstance(module, torch.nn.Dropout):
            module.p = 1.0
    table = model.node_table(GRAPHS, world.vectors)
    packed = table.pack(GRAPHS)
    assert model.encode_source(table, packed).abs().sum() == 0
    assert model.encode_target(table, packed).abs().sum() == 0
    level = model.mapping.sub(table.source[packed.objects], packed)
    assert torch.equal(level, torch.zeros_like(level) + (0 if readings is CODE else model.mapping.sub.map.bias))
    said = pack_sentences(torch.tensor([[BOS, 5, EOS]]), PAD)
    assert torch.equal(model.target.logits(torch.rand(1, 3, 10), said), model.target.decoder.output.bias.expand(2, -1))
