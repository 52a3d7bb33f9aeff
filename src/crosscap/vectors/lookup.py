"""Word vectors of two languages in one space: of words, of multi-word names, and of a name's retrieved translation.

The folder is what `align_word_vectors` writes: ``source.safetensors``, ``target.safetensors``, ``words.json``,
``retrieval.safetensors`` (see docs/contracts.md).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import torch
from safetensors import SafetensorError
from safetensors.torch import load_file, save_file

from crosscap.errors import InputError
from crosscap.io.artifacts import read_json, write_json
from crosscap.vectors.inflection import inflections
from crosscap.vectors.nearest import nearest_rows


@dataclass(frozen=True)
class AlignedVectors:
    """Vectors of a source and a target language in one space.

    A source name without a row of its own is put together and scaled to unit length as every row is: a name of several
    words ("in front of") is the mean of its known words, and a lemma that the text only holds inflected ("ride") the
    mean of its regular forms (rides, riding). A name without any known word gets zeros, and so does its retrieval.

    Attributes:
        source_words, target_words: the words, in the order of the rows.
        source [V_source, D], target [V_target, D]: float32 rows of unit length.
        nearest [V_source]: row of ``target`` most similar to each row of ``source`` (UNISON's translation table).
    """

    source_words: tuple[str, ...]
    target_words: tuple[str, ...]
    source: torch.Tensor
    target: torch.Tensor
    nearest: torch.Tensor

    def __post_init__(self) -> None:
        object.__setattr__(self, "_source_rows", {word: row for row, word in enumerate(self.source_words)})
        object.__setattr__(self, "_target_rows", {word: row for row, word in enumerate(self.target_words)})

    @classmethod
    def load(cls, folder: str | Path) -> AlignedVectors:
        """Read the folder.

        Raises:
            InputError: a file is missing or broken, or words and rows differ in number.
        """
        folder = Path(folder)
        words = read_json(folder / "words.json")
        if not isinstance(words, dict) or not all(_are_words(words.get(side)) for side in ("source", "target")):
            raise InputError(folder / "words.json", "something else", "lists of words `source` and `target`")
        source, target = (_matrix(folder / f"{side}.safetensors") for side in ("source", "target"))
        nearest_path = folder / "retrieval.safetensors"
        nearest = _tensor(nearest_path, "nearest")
        if nearest.dtype != torch.int64 or nearest.dim() != 1 or not _within(nearest, len(target)):
            raise InputError(nearest_path, "rows that are none", f"whole numbers below {len(target)}")
        if source.shape[1] != target.shape[1]:
            found, expected = f"vectors of {target.shape[1]} values", f"{source.shape[1]}, as the source's"
            raise InputError(folder / "target.safetensors", found, expected)
        for name, entries, rows in (
            ("source", words["source"], len(source)),
            ("target", words["target"], len(target)),
            ("source", words["source"], len(nearest)),
        ):
            if len(entries) != rows:
                raise InputError(folder / "words.json", f"{len(entries)} {name} words", f"{rows}, one a row")
        return cls(tuple(words["source"]), tuple(words["target"]), source, target, nearest)

    def save(self, folder: str | Path) -> None:
        """Write the folder's files; ``folder`` must exist."""
        folder = Path(folder)
        write_json(folder / "words.json", {"source": list(self.source_words), "target": list(self.target_words)})
        save_file({"vectors": self.source.contiguous()}, folder / "source.safetensors")
        save_file({"vectors": self.target.contiguous()}, folder / "target.safetensors")
        save_file({"nearest": self.nearest.contiguous()}, folder / "retrieval.safetensors")

    @property
    def size(self) -> int:
        """D, the length of a vector."""
        return self.source.shape[1]

    def source_index(self, word: str) -> int | None:
        """Row of a source word, ``None`` when it has none."""
        return self._source_rows.get(word)  # type: ignore[attr-defined]

    def target_index(self, word: str) -> int | None:
        """Row of a target word, ``None`` when it has none."""
        return self._target_rows.get(word)  # type: ignore[attr-defined]

    def source_vector(self, name: str) -> torch.Tensor:
        """Vector [D] of a source word or multi-word name; zeros when no word of it is known."""
        return self.source_matrix([name])[0]

    def target_vector(self, word: str) -> torch.Tensor:
        """Vector [D] of a target word; zeros when unknown."""
        return self.target_matrix([word])[0]

    def retrieve(self, name: str) -> torch.Tensor:
        """Vector [D] of the target word most similar to a source word or name; zeros when no word of it is known."""
        return self.retrieved_matrix([name])[0]

    def source_matrix(self, names: Sequence[str]) -> torch.Tensor:
        """`source_vector` of every name -> [N, D]."""
        return _rows_of(names, self.source, self._source_rows, inflected=True)  # type: ignore[attr-defined]

    def target_matrix(self, words: Sequence[str]) -> torch.Tensor:
        """`target_vector` of every word -> [N, D]."""
        return _rows_of(words, self.target, self._target_rows, inflected=False)  # type: ignore[attr-defined]

    def retrieved_matrix(self, names: Sequence[str]) -> torch.Tensor:
        """`retrieve` of every name -> [N, D]."""
        rows = torch.tensor(self.retrieved_rows(names), dtype=torch.int64)
        known = (rows >= 0).unsqueeze(1)
        return torch.where(known, self.target[rows.clamp(min=0)], 0.0)

    def retrieved_rows(self, names: Sequence[str]) -> list[int]:
        """Row of ``target`` most similar to every name, -1 when no word of it is known."""
        rows = [self.source_index(name) for name in names]
        found = [-1 if row is None else int(self.nearest[row]) for row in rows]
        composed = [place for place, row in enumerate(rows) if row is None]
        vectors = self.source_matrix([names[place] for place in composed])
        for place, vector, best in zip(composed, vectors, nearest_rows(vectors, self.target)[:, 0], strict=True):
            found[place] = int(best) if bool(vector.any()) else -1
        return found

    def retrieved_words(self, names: Sequence[str]) -> list[str | None]:
        """The target word most similar to every name, ``None`` when no word of the name is known."""
        return [self.target_words[row] if row >= 0 else None for row in self.retrieved_rows(names)]


def _rows_of(names: Sequence[str], table: torch.Tensor, rows: Mapping[str, int], inflected: bool) -> torch.Tensor:
    matrix = table.new_zeros(len(names), table.shape[1])
    for place, name in enumerate(names):
        if name in rows:
            matrix[place] = table[rows[name]]
            continue
        found = [_word_rows(word, rows, inflected) for word in name.split()]
        words = [_unit(table[list(known)].mean(0)) for known in found if known]
        if words:
            matrix[place] = _unit(torch.stack(words).mean(0))
    return matrix


def _word_rows(word: str, rows: Mapping[str, int], inflected: bool) -> tuple[int, ...]:
    if word in rows:
        return (rows[word],)
    return tuple(rows[form] for form in inflections(word) if form in rows) if inflected else ()


def _unit(vector: torch.Tensor) -> torch.Tensor:
    return vector / vector.norm().clamp(min=1e-12)


def _tensor(path: Path, name: str) -> torch.Tensor:
    try:
        tensors = load_file(path)
    except FileNotFoundError:
        raise InputError(path, "no such file", "a safetensors file", "Run `align_word_vectors` again.") from None
    except SafetensorError as error:
        raise InputError(path, str(error), "a safetensors file", "Run `align_word_vectors` again.") from None
    if name not in tensors:
        raise InputError(path, f"tensors {sorted(tensors)}", f"a tensor {name!r}")
    return tensors[name]


def _matrix(path: Path) -> torch.Tensor:
    matrix = _tensor(path, "vectors")
    if matrix.dtype != torch.float32 or matrix.dim() != 2 or not bool(matrix.isfinite().all()):
        found = f"{str(matrix.dtype).removeprefix('torch.')} {list(matrix.shape)}"
        raise InputError(path, found, "one row of finite float32 values a word", "Run `align_word_vectors` again.")
    return matrix


def _within(rows: torch.Tensor, count: int) -> bool:
    return bool(((rows >= 0) & (rows < count)).all())


def _are_words(value: object) -> bool:
    return isinstance(value, list) and all(isinstance(word, str) for word in value)
