"""A world of three-word sentences, small enough to train on in seconds."""

from __future__ import annotations

import random
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import torch

from crosscap.config.loader import read_yaml, validate_section
from crosscap.config.phase1 import Phase1Settings
from crosscap.config.phase2 import Phase2Settings
from crosscap.graph.scene_graph import SceneGraph
from crosscap.text.vocabulary import Vocabulary
from crosscap.vectors.lookup import AlignedVectors

ROOT = Path(__file__).parents[3]
NOUNS = {"man": "男人", "dog": "狗", "horse": "马", "car": "车", "cat": "猫"}
ADJECTIVES = {"red": "红", "big": "大", "old": "老"}
# "ride" is one word in English and two in Chinese: the object decides, so context must be used.
PREDICATES = {"ride": "骑", "near": "旁边", "chase": "追"}
EXTRA = {"a": "一个", "sit": "坐"}


@dataclass(frozen=True)
class World:
    rows: list[dict[str, object]]
    graphs: list[SceneGraph]
    source: Vocabulary
    target: Vocabulary
    vectors: AlignedVectors


def make_world(count: int, seed: int = 0, vector_size: int = 12) -> World:
    draw = random.Random(seed)
    rows, graphs = [], []
    for number in range(count):
        one, other = draw.sample(sorted(NOUNS), 2)
        predicate, adjective = draw.choice(sorted(PREDICATES)), draw.choice([*sorted(ADJECTIVES), None])
        verb = "坐" if (predicate, other) == ("ride", "car") else PREDICATES[predicate]
        identifier = f"pair-{number:04d}"
        rows.append({
            "id": identifier,
            "source_tokens": ["a", *([adjective] if adjective else []), one, predicate, "a", other],
            "target_tokens": ["一个", *([ADJECTIVES[adjective]] if adjective else []), NOUNS[one], verb, NOUNS[other]],
            "split": ("val" if number % 10 == 8 else "test" if number % 10 == 9 else "train"),
        })  # fmt: skip
        attributes = ((0, adjective),) if adjective else ()
        graphs.append(SceneGraph(identifier, (one, other), attributes, ((0, predicate, 1),)))
    words = {**NOUNS, **ADJECTIVES, **PREDICATES, **EXTRA}
    generator = torch.Generator().manual_seed(seed)
    source = torch.nn.functional.normalize(torch.randn(len(words), vector_size, generator=generator))
    noise = 0.05 * torch.randn(len(words), vector_size, generator=generator)
    target = torch.nn.functional.normalize(source + noise)
    vectors = AlignedVectors(tuple(words), tuple(words.values()), source, target, torch.arange(len(words)))
    return World(rows, graphs, Vocabulary.from_words(words), Vocabulary.from_words(words.values()), vectors)


@pytest.fixture(scope="session")
def world() -> World:
    return make_world(200)


@pytest.fixture(autouse=True)
def one_thread() -> None:
    torch.set_num_threads(1)


def section(name: str, **changes: Any) -> dict[str, Any]:
    """A section of the repository's params.yaml with ``changes``."""
    return {**read_yaml(ROOT / "params.yaml")[name], **changes}


@pytest.fixture
def phase1_settings() -> Phase1Settings:
    values = section(
        "phase1", size=32, kl_size=8, dropout=0.2, word_input="vectors", max_words=16, xe_epochs=2, joint_epochs=1,
        batch_size=25, learning_rate=0.005, warmup_steps=0,
    )  # fmt: skip
    return validate_section(Phase1Settings, "phase1", values, "params.yaml")


@pytest.fixture
def phase2_settings() -> Phase2Settings:
    values = section("phase2", steps=20, batch_size=10, generator_start="random", image_pool=15, checkpoint_every=5)
    return validate_section(Phase2Settings, "phase2", values, "params.yaml")
