"""A translator of sentences: a Marian or FSMT model, trained here or released."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import torch

from crosscap.translation.batches import batches_by_length
from crosscap.translation.decoding import GumbelNoise, LengthLimit
from crosscap.translation.model_folder import find_folder, load_model


class Translator:
    """Translates sentences in batches of like length; the order of the answers is that of the questions.

    A sentence's answer depends on the sentence, not on those given with it (see `batches`).

    Args:
        model, tokenizer: of transformers, Marian or FSMT.
        batch_pieces: source pieces (times beams, padding included) decoded at a time; bounds the memory.
    """

    def __init__(self, model: Any, tokenizer: Any, batch_pieces: int = 2048) -> None:
        self.device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
        self.model = model.to(self.device).eval()
        self.tokenizer = tokenizer
        self.batch_pieces = batch_pieces
        # Start and end are pieces as well.
        self.longest = int(model.config.max_position_embeddings) - 2

    @classmethod
    def load(cls, name: str | Path, batch_pieces: int = 2048) -> Translator:
        """Load a folder, or a released name that is in transformers' local cache. Nothing is downloaded.

        Raises:
            InputError: no such model here, another kind of model, or files that do not fit each other.
        """
        return cls(*load_model(find_folder(name)), batch_pieces)

    def save(self, folder: str | Path) -> None:
        """Write the folder that `load` reads, weights as safetensors."""
        self.model.save_pretrained(folder)
        self.tokenizer.save_pretrained(folder)

    def too_long(self, texts: Sequence[str]) -> list[bool]:
        """Whether each text has more pieces than the model's positions, so that only its start is translated."""
        return (
            [len(ids) > self.longest for ids in self.tokenizer(list(texts), verbose=False)["input_ids"]]
            if texts
            else []
        )

    def translate(self, texts: Sequence[str], beams: int = 1) -> list[str]:
        """The most probable translation of each text by greedy (``beams`` 1) or beam search."""
        return [answers[0] for answers in self._decode(texts, beams, 1, lambda places: [])]

    def best(self, texts: Sequence[str], beams: int, count: int) -> list[list[str]]:
        """The ``count`` (at most ``beams``) most probable translations of each text that beam search finds."""
        return self._decode(texts, beams, count, lambda places: [])

    def sample(
        self, texts: Sequence[str], seeds: Sequence[int], temperature: float, top_k: int, top_p: float = 1.0
    ) -> list[str]:
        """One translation of each text, drawn as `GumbelNoise` says by the randomness of its own seed."""

        def noise(places: np.ndarray) -> list[Any]:
            return [GumbelNoise([seeds[place] for place in places], temperature, top_k, top_p)]

        return [answers[0] for answers in self._decode(texts, 1, 1, noise)]

    def log_probability(self, texts: Sequence[str], translations: Sequence[str]) -> list[float]:
        """Mean log-probability (nats) of the pieces of ``translations[i]``, its end included, given ``texts[i]``."""
        sources, targets = self._pieces(texts), self._pieces(translations, target=True)
        means = [0.0] * len(texts)
        pad, start = self.model.config.pad_token_id, self.model.config.decoder_start_token_id
        longer = [max(len(source), len(target)) for source, target in zip(sources, targets, strict=True)]
        for width, places in batches_by_length(longer, 1, self.batch_pieces, self.longest):
            source = _padded([sources[place] for place in places], width, pad).to(self.device)
            target = _padded([targets[place] for place in places], width, pad).to(self.device)
            shifted = torch.cat([torch.full_like(target[:, :1], start), target[:, :-1]], dim=1)
            with torch.inference_mode():
                logits = self.model(
                    input_ids=source, attention_mask=source != pad, decoder_input_ids=shifted, use_cache=False
                ).logits
                of_pieces = logits.log_softmax(dim=-1).gather(2, target.unsqueeze(2)).squeeze(2)
            kept = target != pad
            for place, mean in zip(places, ((of_pieces * kept).sum(1) / kept.sum(1)).tolist(), strict=True):
                means[place] = mean
        return means

    def _pieces(self, texts: Sequence[str], target: bool = False) -> list[list[int]]:
        if not texts:
            return []
        if target and self.model.config.model_type == "fsmt":
            # Its tokenizer encodes by the source's vocabulary only; the merges are those of both languages.
            ids = {piece: number for number, piece in self.tokenizer.decoder.items()}
            unknown, end = ids[self.tokenizer.unk_token], self.model.config.eos_token_id
            pieces = [self.tokenizer.tokenize(text)[: self.longest - 1] for text in texts]
            return [[*(ids.get(piece, unknown) for piece in one), end] for one in pieces]
        side = {"text_target": list(texts)} if target else {"text": list(texts)}
        return self.tokenizer(**side, truncation=True, max_length=self.longest)["input_ids"]

    def _decode(
        self, texts: Sequence[str], beams: int, count: int, choose: Callable[[np.ndarray], list[Any]]
    ) -> list[list[str]]:
        from transformers import GenerationConfig

        encoded = self._pieces(texts)
        answers: list[list[str]] = [[""] * count for _ in texts]
        lengths = [len(ids) for ids in encoded]
        for width, places in batches_by_length(lengths, beams, self.batch_pieces, self.longest):
            source = _padded([encoded[place] for place in places], width, self.model.config.pad_token_id)
            # Twice the source and some: a sentence that never ends must not hold up its batch.
            limits = [min(2 * len(encoded[place]) + 8, self.longest) for place in places]
            settings = GenerationConfig.from_dict(self.model.generation_config.to_dict())
            settings.update(
                do_sample=False,
                num_beams=beams,
                num_return_sequences=count,
                use_cache=True,
                max_length=None,
                max_new_tokens=max(limits),
                early_stopping=beams > 1,
            )
            with torch.inference_mode():
                pieces = self.model.generate(
                    input_ids=source.to(self.device),
                    attention_mask=(source != self.model.config.pad_token_id).to(self.device),
                    generation_config=settings,
                    # Without it, values of ours that are transformers' defaults would give way to the folder's.
                    use_model_defaults=False,
                    logits_processor=[*choose(places), LengthLimit(limits, beams, settings.eos_token_id)],
                )
            decoded = self.tokenizer.batch_decode(pieces, skip_special_tokens=True)
            for row, place in enumerate(places):
                answers[place] = [" ".join(text.split()) for text in decoded[row * count : (row + 1) * count]]
        return answers


def _padded(rows: Sequence[Sequence[int]], width: int, pad: int) -> torch.Tensor:
    return torch.tensor([[*row, *[pad] * (width - len(row))] for row in rows])
