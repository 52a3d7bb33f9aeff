"""fastText vectors (Bojanowski et al. 2017) of two languages, trained on their tokenised sentences with gensim."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np
import numpy.typing as npt

from crosscap.config.word_vectors import WordVectorTraining

Vectors = tuple[list[str], npt.NDArray[np.float32]]

# One character of a private-use area before every word tells the languages apart where they share a text.
_SOURCE, _TARGET = "\ue000", "\ue001"


def train_monolingual(sentences: Iterable[Sequence[str]], settings: WordVectorTraining) -> Vectors:
    """Words of one language, most frequent first, and their skip-gram vectors [V, D]."""
    return _train([list(sentence) for sentence in sentences], settings)


def train_interleaved(
    pairs: Iterable[tuple[Sequence[str], Sequence[str]]], settings: WordVectorTraining
) -> tuple[Vectors, Vectors]:
    """Both languages' words and vectors from sentence pairs merged into one text (Vulić and Moens 2015).

    A small corpus tells too little about a word for two spaces trained apart to have one shape; in the merged text a
    word and its translation stand in the same contexts.
    """
    words, vectors = _train([interleave(source, target) for source, target in pairs], settings)
    return _language(words, vectors, _SOURCE), _language(words, vectors, _TARGET)


def interleave(source: Sequence[str], target: Sequence[str]) -> list[str]:
    """Both sentences' words, marked by language, in the order of their relative places."""
    placed = [((place + 0.5) / len(source), _SOURCE + word) for place, word in enumerate(source)]
    placed += [((place + 0.5) / len(target), _TARGET + word) for place, word in enumerate(target)]
    return [word for _, word in sorted(placed, key=lambda item: item[0])]


def _language(words: Sequence[str], vectors: npt.NDArray[np.float32], mark: str) -> Vectors:
    rows = [row for row, word in enumerate(words) if word.startswith(mark)]
    return [words[row][len(mark) :] for row in rows], vectors[rows]


def _train(sentences: list[list[str]], settings: WordVectorTraining) -> Vectors:
    from gensim.models import FastText

    # One worker: with more, the order of the updates and so the result is left to chance.
    model = FastText(
        sentences=sentences,
        sg=1,
        workers=1,
        vector_size=settings.size,
        window=settings.window,
        min_count=settings.min_count,
        min_n=settings.shortest_subword,
        max_n=settings.longest_subword,
        bucket=settings.buckets,
        negative=settings.negatives,
        sample=settings.subsampling,
        alpha=settings.learning_rate,
        epochs=settings.epochs,
        seed=settings.seed,
    )
    return list(model.wv.index_to_key), model.wv.vectors.astype(np.float32)
