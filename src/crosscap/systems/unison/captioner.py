"""From scene graphs to captions with trained models: the inference of UNISON (section 3.5)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from crosscap.graph.scene_graph import SceneGraph
from crosscap.systems.unison.cross_modal import CrossModalMapper
from crosscap.systems.unison.model import Unison
from crosscap.systems.unison.phase2 import pooled_features
from crosscap.text.vocabulary import Vocabulary
from crosscap.training.device import best_device
from crosscap.vectors.lookup import AlignedVectors


@dataclass(frozen=True)
class Caption:
    """A caption of the graph ``id``: its words, and the sum of their log-probabilities."""

    id: str
    words: tuple[str, ...]
    score: float


class Captioner:
    """Writes captions in the target language.

    Args:
        mapper: maps features of images to features of text; ``None`` to decode as they are.
    """

    def __init__(self, model: Unison, vectors: AlignedVectors, mapper: CrossModalMapper | None = None) -> None:
        device = best_device()
        self.model, self.vectors = model.to(device).eval(), vectors
        self.mapper = mapper.to(device).eval() if mapper else None
        self.vocabulary = Vocabulary(model.config.target_words)

    @classmethod
    def load(cls, phase1: str | Path, vectors: str | Path, phase2: str | Path | None = None) -> Captioner:
        """Load ``models/phase1/T/V``, ``models/aligned_vectors/T`` and, for images, ``models/phase2/T/V``.

        Raises:
            InputError: a folder is missing or broken.
        """
        mapper = CrossModalMapper.load(phase2) if phase2 is not None else None
        return cls(Unison.load(phase1), AlignedVectors.load(vectors), mapper)

    def captions(self, graphs: Sequence[SceneGraph], beam: int, max_words: int, batch_size: int) -> list[Caption]:
        """One caption a graph, in order."""
        z = pooled_features(self.model, graphs, self.vectors, batch_size)
        if self.mapper is not None:
            z = self.mapper(z).detach()
        found = [
            hypothesis
            for start in range(0, len(graphs), batch_size)
            for hypothesis in self.model.target.sentences(z[start : start + batch_size], beam, max_words)
        ]
        return [
            Caption(graph.id, tuple(self.vocabulary.decode(hypothesis.tokens)), hypothesis.score)
            for graph, hypothesis in zip(graphs, found, strict=True)
        ]
