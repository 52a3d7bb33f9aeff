"""UNISON's phase-1 model: English and target language side by side, joined by the graph mapping."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any, Literal, get_args

import torch
from safetensors.torch import save_file
from torch import Tensor, nn

from crosscap.errors import InputError
from crosscap.graph.packing import PackedGraphs
from crosscap.graph.scene_graph import SceneGraph
from crosscap.io.artifacts import read_json
from crosscap.nn.graph_convolution import NodeEmbeddings
from crosscap.nn.losses import KlReduction, exp_kl
from crosscap.systems.unison.auto_encoder import GraphToSentence, WordInput
from crosscap.systems.unison.mapping import GraphMapping
from crosscap.systems.unison.node_translation import NodeTranslations
from crosscap.systems.unison.nodes import NodeTable
from crosscap.systems.unison.scheduled_sampling import sampled_inputs
from crosscap.systems.unison.symbolic_nodes import SymbolicNodes
from crosscap.systems.unison.variants import VARIANTS, MappingReadings
from crosscap.systems.unison.weights import load_weights
from crosscap.text.vocabulary import PAD
from crosscap.vectors.lookup import AlignedVectors

Side = Literal["source", "target"]
"""A language: ``source`` is that of the graphs (English in the paper), ``target`` that of the captions."""

_CHOICES = {
    "word_input": ("vectors", "learned"),
    "kl_heads": ("shared", "per_language"),
    "kl_reduction": get_args(KlReduction),
}


@dataclass(frozen=True)
class UnisonConfig:
    """All that is needed to build the model; stands in ``config.json`` beside its weights.

    Attributes:
        variant: a key of `variants.VARIANTS`.
        size: D of node embeddings, features and LSTM layers.
        vector_size: E of the aligned word vectors.
        kl_size: d_c, the classes of the distributions that L_KL compares.
        word_input: ``vectors`` or ``learned``, see `WordInput`.
        source_words, target_words: the vocabularies in order of their ids.
        mapping: how the graph mapping reads the paper.
        kl_heads: ``shared``, one head a node type, so that equal features are equal distributions (the paper writes
            one p), or ``per_language``, six of them (released code).
        kl_reduction: see `exp_kl`.
        node_tokens: names, or words of translations, with a learned embedding (variants ``gen`` and ``gm_base``).
        node_translations: the target words of each name (variant ``gm_base``).
    """

    variant: str
    size: int
    vector_size: int
    kl_size: int
    dropout: float
    word_input: str
    source_words: tuple[str, ...]
    target_words: tuple[str, ...]
    mapping: MappingReadings = field(default_factory=MappingReadings)
    kl_heads: str = "shared"
    kl_reduction: KlReduction = "pair"
    node_tokens: tuple[str, ...] = ()
    node_translations: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    @classmethod
    def from_json(cls, values: dict[str, Any]) -> UnisonConfig:
        """The configuration that ``config.json`` holds.

        Raises:
            AttributeError, KeyError, TypeError, ValueError: a value is missing, unknown or of another kind.
        """
        for name in ("size", "vector_size", "kl_size"):
            if type(values[name]) is not int or values[name] < 1:
                raise ValueError(f"{name}: found {values[name]!r}, expected a whole number from 1 on")
        for name, choices in _CHOICES.items():
            if values[name] not in choices:
                raise ValueError(f"{name}: found {values[name]!r}, expected one of {', '.join(choices)}")
        words = {name: tuple(values[name]) for name in ("source_words", "target_words", "node_tokens")}
        if not all(isinstance(word, str) for known in words.values() for word in known):
            raise TypeError("a word that is no text")
        translations = {name: tuple(tokens) for name, tokens in values["node_translations"].items()}
        mapping = MappingReadings(**values["mapping"])
        return cls(**{**values, **words, "mapping": mapping, "node_translations": translations})


@dataclass(frozen=True)
class BatchCounts:
    """What the losses of a whole batch are divided by: pairs, and words to be said on each side.

    A caller that gives those of the whole batch with each shard of it gets losses that add up to the whole batch's.
    """

    pairs: int
    source_words: int
    target_words: int

    @classmethod
    def of(cls, source_BT: Tensor, target_BT: Tensor) -> BatchCounts:
        """The counts of sentences as `Unison.losses` takes them: every word but the first is to be said."""
        said = (int(sentences[:, 1:].ne(PAD).sum()) for sentences in (source_BT, target_BT))
        return cls(len(source_BT), *said)


class Unison(nn.Module):
    """Both languages' auto-encoders and the mapping between them.

    Args:
        source_vectors: [V_source, E] vectors of the source vocabulary; zeros where a word has none.
        target_vectors: [V_target, E], likewise.
        Left out when the weights are loaded after.
    """

    def __init__(
        self, config: UnisonConfig, source_vectors: Tensor | None = None, target_vectors: Tensor | None = None
    ) -> None:
        super().__init__()
        self.config = config
        size, dropout = config.size, config.dropout
        self.source_map = nn.Linear(config.vector_size, size)
        target_map = nn.Linear(config.vector_size, size)
        variant = VARIANTS[config.variant]
        self.mapping: GraphMapping | SymbolicNodes
        if variant.nodes == "vectors":
            self.mapping = GraphMapping(variant, config.mapping, target_map, dropout)
        else:
            self.mapping = SymbolicNodes(config.node_tokens, size, dropout)
        self.source = self._auto_encoder(self.source_map, source_vectors, len(config.source_words))
        self.target = self._auto_encoder(target_map, target_vectors, len(config.target_words))
        # p(.) of eq. 11: one head a node type.
        self.heads = nn.ModuleList(nn.Linear(size, config.kl_size) for _ in range(3))
        self.target_heads = self.heads
        if config.kl_heads == "per_language":
            self.target_heads = nn.ModuleList(nn.Linear(size, config.kl_size) for _ in range(3))

    def _auto_encoder(self, word_map: nn.Linear, vectors: Tensor | None, vocabulary: int) -> GraphToSentence:
        config = self.config
        if config.word_input == "learned":
            vectors = None
        elif vectors is None:
            vectors = torch.zeros(vocabulary, config.vector_size)
        words = WordInput(vectors, vocabulary, word_map)
        return GraphToSentence(words, config.size, vocabulary, config.dropout)

    def node_table(self, graphs: Iterable[SceneGraph], vectors: AlignedVectors) -> NodeTable:
        """What this model knows of every name in ``graphs``."""
        table = NodeTable.build(graphs, vectors)
        if not isinstance(self.mapping, SymbolicNodes):
            return table
        if VARIANTS[self.config.variant].nodes == "translations":
            translations = NodeTranslations(self.config.node_translations)
            return replace(table, symbols=self.mapping.rows(translations.tokens(name) for name in table.row_of))
        return replace(table, symbols=self.mapping.rows((name,) for name in table.row_of))

    def encode_source(self, table: NodeTable, graphs: PackedGraphs) -> Tensor:
        """z^x [B, 3, D] of the English graphs by the English encoder."""
        rows = (graphs.objects, graphs.relations, graphs.attributes)
        return self.source.encode(NodeEmbeddings(*(self.source_map(table.source[names]) for names in rows)), graphs)

    def encode_target(self, table: NodeTable, graphs: PackedGraphs) -> Tensor:
        """z^y [B, 3, D]: English graphs, mapped, by the target language's encoder."""
        nodes = self.mapping(table, graphs)
        if isinstance(self.mapping, SymbolicNodes):
            return self.target.encode(nodes, graphs)
        return self.target.encode(nodes, graphs, self.mapping.fusion_in_encoder, self.mapping.attributes_after)

    def losses(
        self,
        table: NodeTable,
        graphs: PackedGraphs,
        source_BT: Tensor,
        target_BT: Tensor,
        joint: bool,
        counts: BatchCounts | None = None,
        sides: Sequence[Side] = ("source", "target"),
        sampling: float = 0.0,
    ) -> dict[str, Tensor]:
        """L_XE of both languages and, when ``joint``, L_KL (UNISON eqs. 10 and 11).

        Args:
            source_BT, target_BT: sentences as ids, <bos> first, <eos> last (unless cut), then padding.
            counts: of the whole batch, when this is a part of it: the parts' losses then add up to the whole's.
            sides: whose L_XE is asked for; ``joint`` needs both, and sentences of the other are not read.
            sampling: share of the words that the decoders read from themselves, see `scheduled_sampling`.
        """
        counts = counts or BatchCounts.of(source_BT, target_BT)
        of_side = {
            "source": (self.encode_source, self.source, source_BT, counts.source_words),
            "target": (self.encode_target, self.target, target_BT, counts.target_words),
        }
        losses, z = {}, {}
        for side in sides:
            encode, speaker, words, said = of_side[side]
            z[side] = encode(table, graphs)
            read = sampled_inputs(speaker, z[side].detach(), words, sampling) if sampling else None
            losses[f"xe_{side}"] = speaker.negative_log_likelihood(z[side], words, read) / said
        if joint:
            losses["kl"] = self.kl_loss(z["source"], z["target"], counts.pairs)
        return losses

    def kl_loss(self, z_source: Tensor, z_target: Tensor, pairs: int | None = None) -> Tensor:
        """L_KL of eq. 11: English first, both sides trained; exactly 3 when all three distributions agree.

        Args:
            pairs: of the whole batch, when z_source and z_target [B, 3, D] are a part of it.
        """
        terms = [
            exp_kl(one(z_source[:, kind]), other(z_target[:, kind]), self.config.kl_reduction, pairs)
            for kind, (one, other) in enumerate(zip(self.heads, self.target_heads, strict=True))
        ]
        return torch.stack(terms).sum()

    def save(self, folder: str | Path) -> None:
        """Write ``config.json`` and ``model.safetensors`` into an existing folder."""
        folder = Path(folder)
        text = json.dumps(asdict(self.config), ensure_ascii=False, indent=1, sort_keys=True)
        (folder / "config.json").write_text(text + "\n", encoding="utf-8")
        # The shared linear map has two names in the state; safetensors wants one tensor a name.
        save_file({name: value.clone().contiguous() for name, value in self.state_dict().items()},
                  folder / "model.safetensors")  # fmt: skip

    @classmethod
    def load(cls, folder: str | Path) -> Unison:
        """Read what `save` wrote, in eval mode.

        Raises:
            InputError: a file is missing or does not fit.
        """
        folder = Path(folder)
        values = read_json(folder / "config.json")
        try:
            model = cls(UnisonConfig.from_json(values))
        except (AttributeError, KeyError, RuntimeError, TypeError, ValueError) as error:
            raise InputError(folder / "config.json", str(error), "the settings of a UNISON model") from None
        load_weights(model, folder / "model.safetensors")
        return model.eval()
