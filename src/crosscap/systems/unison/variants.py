"""UNISON's variants as compositions of parts, and where its paper and its released code read differently.

=============  ================  ==================================================================
``gen``        (none)            learned embeddings of the English names
``gm_base``    (none)            learned embeddings of the names' translations, one by one
``gm_word``    word              the retrieved target vector alone
``gm_word_sub``  word, sub       concatenated, Linear
``hgm_base``   word, sub, full   concatenated, Linear
``hgm``        word, sub, full   gate: a weighted sum
=============  ================  ==================================================================
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import Literal, get_args, get_type_hints

Nodes = Literal["names", "translations", "vectors"]
Level = Literal["word", "sub", "full"]
Join = Literal["none", "concat", "gate"]


@dataclass(frozen=True)
class Variant:
    """A row of the paper's tables 3 and 5.

    Attributes:
        nodes: what stands for a node: its English name, its translation, or vectors of the common space.
        levels: the levels of the mapping of objects.
        join: how an object joins them.
    """

    nodes: Nodes
    levels: tuple[Level, ...] = ()
    join: Join = "none"


VARIANTS: dict[str, Variant] = {
    "gen": Variant("names"),
    "gm_base": Variant("translations"),
    "gm_word": Variant("vectors", ("word",)),
    "gm_word_sub": Variant("vectors", ("word", "sub"), "concat"),
    "hgm_base": Variant("vectors", ("word", "sub", "full"), "concat"),
    "hgm": Variant("vectors", ("word", "sub", "full"), "gate"),
}


@dataclass(frozen=True)
class MappingReadings:
    """Readings of the graph mapping; the first value of each is the paper's, the other the released code's.

    Those that speak of a sub-graph or of the whole graph change nothing in variants without that level.

    Attributes:
        gate: ``node``, a gate for every object before the encoder (eqs. 5 and 6), or ``pooled``: each level is
            encoded and pooled by itself, and one gate a graph weighs the pooled vectors.
        concat: ``node``, levels are concatenated before the encoder, or ``convolution``: in the place of the
            convolution's own term, while its triplets are made of the sub-graph level.
        names: ``retrieval``, relations and attributes are mapped word by word (eq. 4), or ``learned``: their English
            vectors by the decoder's map of words and the sub-graph level's map, in variants with that level.
        sub_graph_self: whether the sub-graph level counts the node itself among its neighbours.
        sub_graph_activation: whether that level ends in ReLU and dropout or in a linear map.
        full_graph_map: ``own``, the whole graph's vector has a linear map of its own, or ``shared``: that of the
            words.
        attribute_owner: ``before``, an attribute is encoded with its object's embedding, or ``after``: with its
            encoded object, in variants with a sub-graph level.
    """

    gate: Literal["node", "pooled"] = "node"
    concat: Literal["node", "convolution"] = "node"
    names: Literal["retrieval", "learned"] = "retrieval"
    sub_graph_self: bool = False
    sub_graph_activation: bool = False
    full_graph_map: Literal["own", "shared"] = "own"
    attribute_owner: Literal["before", "after"] = "before"

    def __post_init__(self) -> None:
        allowed = get_type_hints(type(self))
        for name in (field.name for field in fields(self)):
            values = (False, True) if allowed[name] is bool else get_args(allowed[name])
            if getattr(self, name) not in values:
                raise ValueError(f"{name}: found {getattr(self, name)!r}, expected one of {values}")
