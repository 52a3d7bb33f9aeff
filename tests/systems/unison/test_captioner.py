from __future__ import annotations

import pytest
import torch

from crosscap.config.generation import GenerationSettings
from crosscap.config.loader import validate_section
from crosscap.errors import InputError
from crosscap.io.artifacts import write_json
from crosscap.systems.unison.captioner import Captioner
from crosscap.systems.unison.cross_modal import CrossModalMapper, MapperConfig
from crosscap.systems.unison.model_building import build_model
from tests.systems.unison.conftest import make_world, section


def settings(**changes) -> GenerationSettings:
    values = section("generation", beam=3, max_words=6, batch_size=8)
    for key, value in changes.items():
        outer, _, inner = key.partition("__")
        (values[outer] if inner else values)[inner or outer] = value
    for key in ("banned_words", "required_words"):
        values["constraints"][key] = tuple(values["constraints"][key])
    return validate_section(GenerationSettings, "generation", values, "params.yaml")


@pytest.fixture
def captioner(world, phase1_settings) -> Captioner:
    torch.manual_seed(5)
    model = build_model("hgm", phase1_settings, world.graphs, world.source, world.target, world.vectors)
    for parameter in model.parameters():  # far from uniform, so that captions differ
        parameter.data.mul_(2.5)
    return Captioner(model, world.vectors)


@pytest.mark.parametrize("method", ["beam", "sample"])
def test_a_graphs_captions_depend_on_no_other_graph(captioner, world, method: str) -> None:
    graphs = world.graphs[:20]
    together = captioner.captions(graphs, settings(method=method, n_best=2))
    assert len({caption.words for caption in together}) > 3
    alone = captioner.captions(graphs[::-1], settings(method=method, n_best=2, batch_size=1))[::-1]
    for one, other in zip(together, alone, strict=True):
        assert (one.id, one.words) == (other.id, other.words)
        assert one.score == pytest.approx(other.score, abs=1e-4)
        assert [words for words, _ in one.others] == [words for words, _ in other.others]


def test_several_captions_come_best_first_with_their_scores(captioner, world) -> None:
    single = captioner.captions(world.graphs[:9], settings())
    for first, caption in zip(single, captioner.captions(world.graphs[:9], settings(n_best=3)), strict=True):
        assert first.words == caption.words and not first.others
        told = [(caption.words, caption.score), *caption.others]
        assert len({words for words, _ in told}) == 3
        assert [score for _, score in told] == sorted((score for _, score in told), reverse=True)


def test_drawn_captions_depend_on_the_seed(captioner, world) -> None:
    first, same, other = (
        [caption.words for caption in captioner.captions(world.graphs[:9], settings(method="sample", sampling__seed=s))]
        for s in (1, 1, 2)
    )
    assert first == same != other


def test_banned_words_are_not_written_and_required_ones_always(captioner, world) -> None:
    graphs = world.graphs[:9]
    often = captioner.captions(graphs, settings())[0].words[0]
    wanted = next(word for word in world.target.words[4:] if word != often)
    limits = {"constraints__banned_words": [often, "no such word"], "constraints__required_words": [wanted]}
    for caption in captioner.captions(graphs, settings(**limits)):
        assert wanted in caption.words and often not in caption.words


def test_constraints_that_cannot_be_met_are_errors_that_name_them(captioner, world) -> None:
    with pytest.raises(InputError, match=r"required_words: found nowhere: not in the vocabulary"):
        captioner.captions(world.graphs[:2], settings(constraints__required_words=["nowhere"]))
    narrow = settings(constraints__banned_words=list(world.target.words[6:]), constraints__no_repeat=1,
                      constraints__min_words=5)  # fmt: skip
    with pytest.raises(InputError, match=rf"graph {world.graphs[0].id}: found no sentence meets the constraints"):
        captioner.captions(world.graphs[:2], narrow)
    for changes, said in (
        ({"n_best": 4}, "n_best 4 exceeds beam 3"),
        ({"method": "sample", "constraints__required_words": ["x"]}, "need method beam"),
        ({"constraints__min_words": 7}, "more words than max_words 6"),
        ({"constraints__required_words": ["x"], "constraints__banned_words": ["x"]}, "required and banned at once: x"),
    ):
        with pytest.raises(InputError, match=said):
            settings(**changes)


def test_folders_of_different_runs_are_refused(captioner, world, tmp_path) -> None:
    folders = [tmp_path / name for name in ("phase1", "vectors", "phase2")]
    for folder in folders:
        folder.mkdir()
    captioner.model.save(folders[0])
    world.vectors.save(folders[1])
    size = captioner.model.config.size
    CrossModalMapper(MapperConfig(size, "random")).save(folders[2])
    assert len(Captioner.load(*folders).captions(world.graphs[:2], settings())) == 2
    CrossModalMapper(MapperConfig(8, "random")).save(folders[2])
    with pytest.raises(InputError, match=rf"phase2: found features of 8 values, expected {size}, as .*phase1 has"):
        Captioner.load(*folders)
    make_world(5, vector_size=20).vectors.save(folders[1])
    with pytest.raises(InputError, match=r"vectors: found vectors of 20 values, expected 12, as .*phase1 has"):
        Captioner.load(*folders)


@pytest.mark.parametrize("size", [-1, "large", 10**9])
def test_a_mapper_of_a_size_that_no_tensor_has_is_named(tmp_path, size) -> None:
    write_json(tmp_path / "config.json", {"size": size, "start": "random"})
    with pytest.raises(InputError, match=r"config\.json: found .*, expected the settings of a cross-modal mapper"):
        CrossModalMapper.load(tmp_path)
