"""Folders of Marian and FSMT models in transformers' format: found, checked and loaded. Nothing is downloaded."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from pickle import UnpicklingError
from typing import Any

from safetensors import SafetensorError

from crosscap.errors import InputError
from crosscap.io.artifacts import read_json

WEIGHTS = ("model.safetensors", "model.safetensors.index.json", "pytorch_model.bin", "pytorch_model.bin.index.json")
# Files of each architecture's tokenizer, as released models have them.
TOKENIZER = {
    "marian": ("source.spm", "target.spm", "vocab.json"),
    "fsmt": ("vocab-src.json", "vocab-tgt.json", "merges.txt", "tokenizer_config.json"),
}
# Keys of config.json that hold the size of each vocabulary file.
VOCABULARIES = {
    "marian": {"vocab.json": "vocab_size", "target_vocab.json": "decoder_vocab_size"},
    "fsmt": {"vocab-src.json": "src_vocab_size", "vocab-tgt.json": "tgt_vocab_size"},
}


def find_folder(name: str | Path) -> Path:
    """The folder ``name``, or that of the released model ``name`` in the local cache of transformers.

    Raises:
        InputError: neither is there.
    """
    if Path(name).is_dir():
        return Path(name)
    from huggingface_hub import snapshot_download
    from huggingface_hub.errors import HFValidationError, LocalEntryNotFoundError

    try:
        return Path(snapshot_download(str(name), local_files_only=True))
    except (HFValidationError, LocalEntryNotFoundError):
        found = "a file" if Path(name).exists() else "no such folder, and no model of this name in the local cache"
        expected = "a folder of a Marian or FSMT model in transformers' format"
        remedy = "Give the folder that holds config.json, or the name of a model that was downloaded before."
        raise InputError(name, found, expected, remedy) from None


def check_folder(folder: Path) -> dict[str, Any]:
    """The model's config.json, after a look at every file that loading needs.

    Raises:
        InputError: no model, another architecture, a file is missing, or a vocabulary has another size than the model.
    """
    if not (folder / "config.json").is_file():
        raise InputError(folder, "no config.json", "a folder of a Marian or FSMT model in transformers' format")
    config = _mapping(folder / "config.json")
    kind = config.get("model_type")
    if kind not in TOKENIZER:
        expected = f"one of {', '.join(TOKENIZER)}"
        raise InputError(folder / "config.json", f"a model of type {kind!r}", expected, "Bring a translator of these.")
    remedy = "Copy all files of the release; the names are those of its page."
    for file in TOKENIZER[kind]:
        if not (folder / file).is_file():
            raise InputError(
                folder / file, "no such file", f"the tokenizer's files: {', '.join(TOKENIZER[kind])}", remedy
            )
    if not any((folder / file).is_file() for file in WEIGHTS):
        raise InputError(folder, "no weights", f"one of {', '.join(WEIGHTS)}", remedy)
    for file, key in VOCABULARIES[kind].items():
        size = config.get(key)
        if size is not None and (folder / file).is_file() and len(_mapping(folder / file)) != size:
            raise InputError(
                folder / file,
                f"{len(_mapping(folder / file))} pieces",
                f"{size}, the {key} of config.json",
                "The vocabulary and the weights are of two models: copy both from one.",
            )
    return config


def direction(folder: Path) -> tuple[str | None, str | None]:
    """Languages that the folder's files say it translates from and to, as two-letter codes; ``None`` if unknown."""
    config = _mapping(folder / "config.json")
    file = folder / "tokenizer_config.json"
    tokenizer = _mapping(file) if file.is_file() else {}
    languages = config.get("langs") or tokenizer.get("langs")
    if not isinstance(languages, list) or len(languages) != 2:
        languages = [tokenizer.get("source_lang"), tokenizer.get("target_lang")]
    # OPUS-MT also has codes of three letters and of language groups (zho, ROMANCE): nothing that we can check.
    source, target = (code if isinstance(code, str) and len(code) == 2 else None for code in languages)
    return source, target


def check_direction(folder: Path, source: str | None, target: str | None) -> None:
    """Refuse a model that is known to translate between other languages; ``None`` allows any.

    Raises:
        InputError: as said.
    """
    for what, wanted, known in zip(("from", "into"), (source, target), direction(folder), strict=True):
        if wanted is not None and known is not None and wanted != known:
            found, expected = f"a translator {what} {known!r}", f"one {what} {wanted!r}"
            raise InputError(
                folder, found, expected, "Are forward and backward exchanged, or is it another language's?"
            )


def check_pivot(there: Path, back: Path, source: str, target: str | None = None) -> None:
    """Refuse two models that are no round trip from ``source``, by way of ``target`` if given, as far as files say.

    Raises:
        InputError: as said, or as `check_folder`.
    """
    for folder in (there, back):
        check_folder(folder)
    check_direction(there, source, target)
    check_direction(back, target or direction(there)[1], source)


def load_model(folder: Path) -> tuple[Any, Any]:
    """Model and tokenizer of a folder.

    Raises:
        InputError: as `check_folder`, or files that are broken or do not fit each other.
    """
    from transformers import AutoTokenizer, FSMTForConditionalGeneration, MarianMTModel

    kind = check_folder(folder)["model_type"]
    model_class = MarianMTModel if kind == "marian" else FSMTForConditionalGeneration
    with _errors_of(folder):
        model, info = model_class.from_pretrained(folder, local_files_only=True, output_loading_info=True)
        tokenizer = AutoTokenizer.from_pretrained(folder, local_files_only=True)
        if not tokenizer:  # transformers 4.57 returns False for a broken SentencePiece model
            raise ValueError("a .spm file that is no SentencePiece model")
    # Positions are computed, not learned: no file needs to hold them.
    missing = sorted(key for key in info["missing_keys"] if "embed_positions" not in key)
    if missing or info["mismatched_keys"]:
        raise InputError(
            folder,
            f"no weights for {', '.join(missing[:3]) or info['mismatched_keys'][:3]}",
            "weights for every part of the model",
            "The file is not of this config.json.",
        )
    if kind == "fsmt" and not hasattr(model.model.decoder, "config"):
        # transformers 4.57's FSMT decoder asks itself for it when it makes its cache.
        model.model.decoder.config = model.config
    return model, tokenizer


def _mapping(path: Path) -> dict[str, Any]:
    value = read_json(path)
    if not isinstance(value, dict):
        raise InputError(path, f"a {type(value).__name__}", "a JSON object")
    return value


@contextmanager
def _errors_of(folder: Path) -> Iterator[None]:
    """Turns what transformers raises for broken files into an `InputError` that names the folder."""
    try:
        yield
    # RuntimeError: weights of another shape, or a .spm file that is none.
    except (OSError, ValueError, KeyError, TypeError, RuntimeError, UnpicklingError, SafetensorError) as error:
        first = " ".join(str(error).split())[:300]
        raise InputError(
            folder,
            first,
            "files that transformers can load as a Marian or FSMT model",
            "Copy the release again, or train the model here.",
        ) from error
