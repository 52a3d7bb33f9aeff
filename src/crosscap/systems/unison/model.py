"""UNISON's phase-1 model: English and target language side by side, joined by the graph mapping."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from pathlib import Path

import torch
from safetensors import SafetensorError
from safetensors.torch import load_file, save_file
from torch import Tensor, nn

from crosscap.errors import InputError
from crosscap.graph.packing import PackedGraphs
from crosscap.io.artifacts import read_json
from crosscap.nn.graph_convolution import NodeEmbeddings
from crosscap.nn.losses import exp_kl, masked_cross_entropy
from crosscap.systems.unison.auto_encoder import GraphToSentence, WordInput
from crosscap.systems.unison.mapping import VARIANTS, GraphMapping, LearnedNodes
from crosscap.systems.unison.nodes import NodeTable
from crosscap.text.vocabulary import PAD


@dataclass(frozen=True)
class UnisonConfig:
    """All that is needed to build the model; stands in ``config.json`` beside its weights.

    Attributes:
        variant: a key of `mapping.VARIANTS`.
        size: D of node embeddings, features and LSTM layers.
        vector_size: E of the aligned word vectors.
        kl_size: d_c, the classes of the distributions that L_KL compares.
        word_input: ``vectors`` or ``learned``, see `WordInput`.
        source_words, target_words: the vocabularies in order of their ids.
        node_names: names with a learned embedding (variant ``gen`` alone).
    """

    variant: str
    size: int
    vector_size: int
    kl_size: int
    dropout: float
    word_input: str
    source_words: tuple[str, ...]
    target_words: tuple[str, ...]
    node_names: tuple[str, ...] = ()


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
        self.mapping: GraphMapping | LearnedNodes
        if config.variant == "gen":
            self.mapping = LearnedNodes(config.node_names, size, dropout)
        else:
            self.mapping = GraphMapping(VARIANTS[config.variant], target_map, dropout)
        self.source = self._auto_encoder(self.source_map, source_vectors, len(config.source_words))
        self.target = self._auto_encoder(target_map, target_vectors, len(config.target_words))
        # p(.) of eq. 11: one head a node type, shared by both languages, so that equal features are equal
        # distributions. (The released code has six heads, one a language and type.)
        self.heads = nn.ModuleList(nn.Linear(size, config.kl_size) for _ in range(3))

    def _auto_encoder(self, word_map: nn.Linear, vectors: Tensor | None, vocabulary: int) -> GraphToSentence:
        config = self.config
        if config.word_input == "learned":
            vectors = None
        elif vectors is None:
            vectors = torch.zeros(vocabulary, config.vector_size)
        words = WordInput(vectors, vocabulary, word_map)
        return GraphToSentence(words, config.size, vocabulary, config.dropout)

    def encode_source(self, table: NodeTable, graphs: PackedGraphs) -> Tensor:
        """z^x [B, 3, D] of the English graphs by the English encoder."""
        embedded = self.source_map(table.source)
        nodes = NodeEmbeddings(embedded[graphs.objects], embedded[graphs.relations], embedded[graphs.attributes])
        return self.source.encode(nodes, graphs)

    def encode_target(self, table: NodeTable, graphs: PackedGraphs) -> Tensor:
        """z^y [B, 3, D]: English graphs, mapped, by the target language's encoder."""
        return self.target.encode(self.mapping(table, graphs), graphs)

    def losses(
        self, table: NodeTable, graphs: PackedGraphs, source_BT: Tensor, target_BT: Tensor, joint: bool
    ) -> dict[str, Tensor]:
        """L_XE of both languages and, when ``joint``, L_KL (UNISON eqs. 10 and 11).

        Args:
            source_BT, target_BT: sentences as ids, <bos> first, <eos> last (unless cut), then padding.
        """
        z_source, z_target = self.encode_source(table, graphs), self.encode_target(table, graphs)
        losses = {
            "xe_source": masked_cross_entropy(self.source.logits(z_source, source_BT[:, :-1]), source_BT[:, 1:], PAD),
            "xe_target": masked_cross_entropy(self.target.logits(z_target, target_BT[:, :-1]), target_BT[:, 1:], PAD),
        }
        if joint:
            losses["kl"] = self.kl_loss(z_source, z_target)
        return losses

    def kl_loss(self, z_source: Tensor, z_target: Tensor) -> Tensor:
        """L_KL of eq. 11: English first, both sides trained; exactly 3 when all three distributions agree."""
        terms = [exp_kl(head(z_source[:, i]), head(z_target[:, i])) for i, head in enumerate(self.heads)]
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
            for name in ("source_words", "target_words", "node_names"):
                values[name] = tuple(values[name])
            model = cls(UnisonConfig(**values))
        except (KeyError, TypeError) as error:
            raise InputError(folder / "config.json", str(error), "the settings of a UNISON model") from None
        load_weights(model, folder / "model.safetensors")
        return model.eval()


def load_weights(model: nn.Module, path: str | Path) -> None:
    """Load a safetensors file into ``model``, every tensor of it.

    Raises:
        InputError: the file is missing, broken, or of another model.
    """
    remedy = "Train the model again."
    try:
        model.load_state_dict(load_file(path))
    except FileNotFoundError:
        raise InputError(path, "no such file", "the weights of a model", remedy) from None
    except (SafetensorError, RuntimeError) as error:
        raise InputError(path, str(error).splitlines()[0], "the weights that config.json describes", remedy) from None
