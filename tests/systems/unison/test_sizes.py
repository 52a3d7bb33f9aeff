from __future__ import annotations

from dataclasses import replace

import torch

from crosscap.systems.unison.model import Unison
from tests.systems.unison.test_equations import make


def test_the_parts_have_the_papers_sizes(world) -> None:
    with torch.device("meta"):
        config = replace(make(world, "hgm").config, size=1000, vector_size=300, kl_size=100, word_input="vectors")
        shapes = {name: tuple(value.shape) for name, value in Unison(config).named_parameters()}
    words = len(world.target)
    assert {name: shapes[name] for name in shapes if name.startswith(("mapping", "target"))} == {
        "mapping.word_map.weight": (1000, 300), "mapping.word_map.bias": (1000,),
        "mapping.sub.pairs.0.weight": (2000, 600), "mapping.sub.pairs.0.bias": (2000,),
        "mapping.sub.map.weight": (1000, 1000), "mapping.sub.map.bias": (1000,),
        "mapping.full.pool.score.0.weight": (64, 300), "mapping.full.pool.score.0.bias": (64,),
        "mapping.full.pool.score.2.weight": (1, 64), "mapping.full.pool.score.2.bias": (1,),
        "mapping.full.map.weight": (1000, 300), "mapping.full.map.bias": (1000,),
        "mapping.fusion.gate.score.0.weight": (512, 1000), "mapping.fusion.gate.score.0.bias": (512,),
        "mapping.fusion.gate.score.2.weight": (64, 512), "mapping.fusion.gate.score.2.bias": (64,),
        "mapping.fusion.gate.score.4.weight": (3, 64), "mapping.fusion.gate.score.4.bias": (3,),
        "target.encoder.itself.0.weight": (1000, 1000), "target.encoder.itself.0.bias": (1000,),
        "target.encoder.triplets.0.weight": (3000, 3000), "target.encoder.triplets.0.bias": (3000,),
        "target.encoder.attribute.0.weight": (1000, 2000), "target.encoder.attribute.0.bias": (1000,),
        **{f"target.pools.{kind}.score.0.{part}": shape for kind in ("objects", "relations", "attributes")
           for part, shape in (("weight", (64, 1000)), ("bias", (64,)))},
        **{f"target.pools.{kind}.score.2.{part}": shape for kind in ("objects", "relations", "attributes")
           for part, shape in (("weight", (1, 64)), ("bias", (1,)))},
        "target.triplet.0.weight": (1000, 3000), "target.triplet.0.bias": (1000,),
        "target.words.begin": (1000,),
        "target.decoder.from_word.weight": (4000, 1000), "target.decoder.from_word.bias": (4000,),
        "target.decoder.words.weight": (4000, 1000), "target.decoder.from_words.weight": (4000, 1000),
        "target.decoder.from_condition.weight": (4000, 1000), "target.decoder.from_condition.bias": (4000,),
        "target.decoder.sentence.weight": (4000, 1000),
        "target.decoder.output.weight": (words, 1000), "target.decoder.output.bias": (words,),
    }  # fmt: skip
    assert [shapes[f"heads.{kind}.weight"] for kind in range(3)] == [(100, 1000)] * 3
