"""A translator from a folder of transformers' own format: trained here, or released Marian or FSMT weights."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from pickle import UnpicklingError
from typing import Any

import torch
from safetensors import SafetensorError

from crosscap.errors import InputError
from crosscap.training.progress import progress
from crosscap.translation.decoding import GumbelNoise, LengthLimit

MODEL_TYPES = ("marian", "fsmt")


class Translator:
    """Translates sentences, sorted by length into batches; the order of the answers is that of the questions.

    Args:
        model, tokenizer: of transformers, Marian or FSMT.
        batch_sentences: sentences (times beams) decoded at a time.
    """

    def __init__(self, model: Any, tokenizer: Any, batch_sentences: int = 128) -> None:
        self.device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
        self.model = model.to(self.device).eval()
        self.tokenizer = tokenizer
        self.batch_sentences = batch_sentences

    @classmethod
    def load(cls, name: str | Path, batch_sentences: int = 128) -> Translator:
        """Load a folder, or a released name that is in transformers' local cache. Nothing is downloaded.

        Raises:
            InputError: no such model here, another kind of model, or weights that do not fill it.
        """
        from transformers import AutoTokenizer

        model_class = _model_class(name)
        with _errors_of(name):
            model, info = model_class.from_pretrained(name, local_files_only=True, output_loading_info=True)
            tokenizer = AutoTokenizer.from_pretrained(name, local_files_only=True)
        # Positions are computed, not learned: no file needs to hold them.
        missing = sorted(key for key in info["missing_keys"] if "embed_positions" not in key)
        if missing or info["mismatched_keys"]:
            raise InputError(
                name,
                f"no weights for {', '.join(missing[:3]) or info['mismatched_keys'][:3]}",
                "weights for every part of the model",
                "The file is not of this config.json.",
            )
        if model.config.model_type == "fsmt" and not hasattr(model.model.decoder, "config"):
            # transformers 4.57's FSMT decoder asks itself for it when it makes its cache.
            model.model.decoder.config = model.config
        return cls(model, tokenizer, batch_sentences)

    def save(self, folder: str | Path) -> None:
        """Write the folder that `load` reads, weights as safetensors."""
        self.model.save_pretrained(folder)
        self.tokenizer.save_pretrained(folder)

    def translate(self, texts: Sequence[str], beams: int = 1) -> list[str]:
        """The most probable translation of each text by greedy (``beams`` 1) or beam search."""
        return self._decode(texts, beams, lambda batch: [])

    def sample(self, texts: Sequence[str], seeds: Sequence[int], temperature: float, top_k: int) -> list[str]:
        """One translation of each text drawn from the ``top_k`` most probable pieces of each step.

        The randomness of a text comes from its own seed alone: neither its place nor its batch changes it (but for
        rounding, which can differ with a batch's shape).
        """
        return self._decode(
            texts, 1, lambda batch: [GumbelNoise([seeds[place] for place in batch], temperature, top_k)]
        )

    def _decode(self, texts: Sequence[str], beams: int, choose: Callable[[list[int]], list[Any]]) -> list[str]:
        from transformers import GenerationConfig

        limit = _max_positions(self.model.config) - 2
        encoded = self.tokenizer(list(texts), truncation=True, max_length=limit)["input_ids"] if texts else []
        answers = [""] * len(texts)
        size = max(1, self.batch_sentences // beams)
        for batch in progress(list(_batches([len(ids) for ids in encoded], size)), "translate"):
            inputs = self.tokenizer.pad({"input_ids": [encoded[place] for place in batch]}, return_tensors="pt").to(
                self.device
            )
            # Twice the source and some: a sentence that never ends must not hold up its batch.
            limits = [min(2 * len(encoded[place]) + 8, limit) for place in batch]
            settings = GenerationConfig.from_dict(self.model.generation_config.to_dict())
            settings.update(
                do_sample=False,
                num_beams=beams,
                num_return_sequences=1,
                use_cache=True,
                max_length=None,
                max_new_tokens=max(limits),
                early_stopping=beams > 1,
            )
            with torch.inference_mode():
                pieces = self.model.generate(
                    input_ids=inputs["input_ids"],
                    attention_mask=inputs["attention_mask"],
                    generation_config=settings,
                    # Without it, values of ours that are transformers' defaults would give way to the folder's.
                    use_model_defaults=False,
                    logits_processor=[*choose(batch), LengthLimit(limits, beams, settings.eos_token_id)],
                )
            decoded = self.tokenizer.batch_decode(pieces, skip_special_tokens=True)
            for place, text in zip(batch, decoded, strict=True):
                answers[place] = " ".join(text.split())
        return answers


def _batches(lengths: Sequence[int], size: int) -> Iterator[list[int]]:
    order = sorted(range(len(lengths)), key=lambda place: (lengths[place], place))
    for start in range(0, len(order), size):
        yield order[start : start + size]


def _max_positions(config: Any) -> int:
    return int(config.max_position_embeddings)


def _model_class(name: str | Path) -> Any:
    from transformers import AutoConfig, FSMTForConditionalGeneration, MarianMTModel

    with _errors_of(name):
        config = AutoConfig.from_pretrained(name, local_files_only=True)
    if config.model_type not in MODEL_TYPES:
        raise InputError(name, f"a model of type {config.model_type!r}", f"one of {', '.join(MODEL_TYPES)}")
    return MarianMTModel if config.model_type == "marian" else FSMTForConditionalGeneration


@contextmanager
def _errors_of(name: str | Path) -> Iterator[None]:
    """Turns what transformers raises for a missing or broken folder into an `InputError` that names it."""
    try:
        yield
    except (OSError, ValueError, KeyError, TypeError, UnpicklingError, SafetensorError) as error:
        first = str(error).strip().split("\n")[0]
        raise InputError(
            name,
            first,
            "a folder of a Marian or FSMT model in transformers' format",
            "Give the folder that holds config.json, or a name that is in the local cache.",
        ) from error
