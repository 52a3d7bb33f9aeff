"""Scores of a cross-modal mapper on validation images, to choose its weights by. Nothing here trains."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import torch
from torch import Tensor

from crosscap.errors import InputError
from crosscap.evaluation.segmentation import segment
from crosscap.graph.scene_graph import SceneGraph
from crosscap.systems.unison.cross_modal import CrossModalMapper
from crosscap.systems.unison.model import Unison
from crosscap.systems.unison.phase2 import pooled_features, validation_losses
from crosscap.systems.unison.selection import METRICS, caption_score, require_captions
from crosscap.text.vocabulary import Vocabulary
from crosscap.vectors.lookup import AlignedVectors

WITHOUT_SPACES = ("zh", "ja")
Words = list[str]


class ImageValidation:
    """Tells the score ``by`` of a mapper: ``val_cycle``, ``val_identity``, or a metric of captions.

    Args:
        model: of phase 1, frozen.
        graphs: of validation images.
        references: image id -> captions that people wrote, for a metric of captions; images without any are left out.
        language: of the captions.
        path: the file of ``references``, or of ``graphs``, for errors.

    Raises:
        InputError: there is no image to validate on, or one where two are needed.
    """

    def __init__(
        self,
        by: str,
        model: Unison,
        vectors: AlignedVectors,
        graphs: Sequence[SceneGraph],
        references: Mapping[str, Sequence[str]],
        language: str,
        path: str | Path,
    ) -> None:
        if by in METRICS:
            graphs = [graph for graph in graphs if references.get(graph.id)]
        if not graphs:
            raise InputError(
                path, "no validation image" + (" with a caption" if by in METRICS else ""), f"some to choose by {by}",
                "Give validation images, or choose phase2.selection: last.",
            )  # fmt: skip
        require_captions(by, len(graphs))
        self.by, self.model, self.language = by, model, language
        self.z: Tensor = pooled_features(model, graphs, vectors)
        self.vocabulary = Vocabulary(model.config.target_words)
        self.references = [self._words(references[graph.id]) for graph in graphs] if by in METRICS else []
        self.longest = max((len(words) for group in self.references for words in group), default=0)

    def __call__(self, mapper: CrossModalMapper) -> dict[str, float]:
        """``val_cycle`` and ``val_identity`` and, if it was asked for, the metric of greedy captions."""
        scores = validation_losses(mapper, self.z)
        if self.by in METRICS:
            with torch.no_grad():
                said = self.model.target.sentences(mapper(self.z), 1, self.longest)
            captions = self._words([" ".join(self.vocabulary.decode(hypothesis.tokens)) for hypothesis in said])
            scores[self.by] = caption_score(self.by, captions, self.references)
        return scores

    def _words(self, captions: Sequence[str]) -> list[Words]:
        """Both sides cut by the language's own tokenizer, whatever the words of the model are."""
        return segment(captions, "jieba" if self.language in WITHOUT_SPACES else "moses", self.language)
