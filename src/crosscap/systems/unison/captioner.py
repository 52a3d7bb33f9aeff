"""From scene graphs to captions with trained models: the inference of UNISON (section 3.5)."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import torch
from torch import Tensor

from crosscap.config.generation import GenerationSettings
from crosscap.errors import InputError
from crosscap.graph.scene_graph import SceneGraph
from crosscap.nn.beam_search import Hypothesis, LengthNorm
from crosscap.nn.constraints import Constraints
from crosscap.nn.decoding import Decoding
from crosscap.nn.sampling import Narrowing
from crosscap.systems.unison.cross_modal import CrossModalMapper
from crosscap.systems.unison.model import Unison
from crosscap.systems.unison.phase2 import pooled_features
from crosscap.text.vocabulary import SPECIALS, Vocabulary
from crosscap.training.device import best_device
from crosscap.vectors.lookup import AlignedVectors


@dataclass(frozen=True)
class Caption:
    """A caption of the graph ``id``: its words, and the sum of their log-probabilities.

    Attributes:
        others: further captions with their scores, where several were asked for, the best first.
    """

    id: str
    words: tuple[str, ...]
    score: float
    others: tuple[tuple[tuple[str, ...], float], ...] = ()


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
            InputError: a folder is missing or broken, or two of them do not belong together.
        """
        mapper = CrossModalMapper.load(phase2) if phase2 is not None else None
        model, aligned = Unison.load(phase1), AlignedVectors.load(vectors)
        if aligned.size != model.config.vector_size:
            raise _stranger(
                vectors, f"vectors of {aligned.size} values", f"{model.config.vector_size}, as {phase1} has"
            )
        if mapper is not None and mapper.config.size != model.config.size:
            raise _stranger(phase2, f"features of {mapper.config.size} values", f"{model.config.size}, as {phase1} has")
        return cls(model, aligned, mapper)

    def captions(self, graphs: Sequence[SceneGraph], settings: GenerationSettings) -> list[Caption]:
        """The captions of each graph, in order; those of one depend on no other.

        Raises:
            InputError: a required word is not in the vocabulary, or no sentence meets the constraints.
        """
        size, decoding = settings.batch_size, self.decoding(settings)
        z = pooled_features(self.model, graphs, self.vectors, size)
        if self.mapper is not None:
            z = self.mapper(z).detach()
        found: list[Caption] = []
        for start in range(0, len(graphs), size):
            batch = graphs[start : start + size]
            noise = _noise([graph.id for graph in batch], settings).to(z.device) if decoding.drawn else None
            said = self.model.target.decode(z[start : start + size], decoding, noise)
            found.extend(self._caption(graph, row) for graph, row in zip(batch, said, strict=True))
        return found

    def decoding(self, settings: GenerationSettings) -> Decoding:
        """``settings`` with ids for words.

        Raises:
            InputError: a required word is not in the vocabulary.
        """
        known = set(self.vocabulary.words) - set(SPECIALS)
        limits, drawn = settings.constraints, settings.sampling
        if missing := [word for word in limits.required_words if word not in known]:
            raise InputError(
                "params.yaml", f"{', '.join(missing)}: not in the vocabulary", "words that the captions may hold",
                "Take another word, or segment it as the corpus is.", "key generation.constraints.required_words",
            )  # fmt: skip
        # A word outside the vocabulary is never written anyway.
        banned = [word for word in limits.banned_words if word in known]
        constraints = Constraints(
            tuple(self.vocabulary.encode(banned)),
            tuple(self.vocabulary.encode(limits.required_words)),
            limits.min_words,
            limits.no_repeat,
        )
        norm = LengthNorm(settings.length_norm.kind, settings.length_norm.alpha)
        narrowing = Narrowing(drawn.temperature, drawn.top_k, drawn.top_p) if settings.method == "sample" else None
        return Decoding(settings.beam, settings.max_words, settings.n_best, norm, constraints, narrowing)

    def _caption(self, graph: SceneGraph, said: Sequence[Hypothesis]) -> Caption:
        if not said:
            raise InputError(
                "params.yaml", "no sentence meets the constraints", "constraints that leave one", "Loosen them.",
                f"key generation.constraints, graph {graph.id}",
            )  # fmt: skip
        first, *others = ((tuple(self.vocabulary.decode(one.tokens)), one.score) for one in said)
        return Caption(graph.id, *first, tuple(others))


def _stranger(folder: str | Path | None, found: str, expected: str) -> InputError:
    return InputError(folder or "", found, expected, "Take folders that one run of the workflow wrote.")


def _noise(ids: Sequence[str], settings: GenerationSettings) -> Tensor:
    """Uniform numbers for each graph, caption and word: a function of the seed and the graph's id."""
    rows = []
    for identifier in ids:
        digest = hashlib.sha256(f"{settings.sampling.seed} {identifier}".encode("utf-8", "surrogateescape")).digest()
        generator = torch.Generator().manual_seed(int.from_bytes(digest[:7], "big"))
        rows.append(torch.rand(settings.n_best, settings.max_words, generator=generator))
    return torch.stack(rows)
