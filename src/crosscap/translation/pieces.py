"""Subword pieces of two languages: SentencePiece models trained here, in a Marian tokenizer's files."""

from __future__ import annotations

import io
import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from crosscap.errors import InputError
from crosscap.io.artifacts import write_json

# Languages written without spaces: nothing but a limit of length keeps a piece from being a whole phrase.
SPACELESS = frozenset({"ja", "km", "lo", "my", "th", "zh"})


def train_tokenizer(
    folder: str | Path,
    source: Sequence[str],
    target: Sequence[str],
    languages: tuple[str, str],
    pieces: int,
    longest_piece: int,
) -> Any:
    """Train ``source.spm`` and ``target.spm`` of at most ``pieces`` pieces each and load them as a `MarianTokenizer`.

    ``longest_piece`` (characters) limits the pieces of `SPACELESS` languages.

    The files go to ``folder``, laid out as the released Marian models: one vocabulary for both languages, ``</s>``
    first, ``<unk>`` second, ``<pad>`` last.
    """
    import sentencepiece
    from transformers import MarianTokenizer

    folder = Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    known: dict[str, None] = {}
    for name, sentences, language in zip(("source", "target"), (source, target), languages, strict=True):
        path = folder / f"{name}.spm"
        path.write_bytes(_train_pieces(sentences, pieces, longest_piece if language in SPACELESS else 16))
        processor = sentencepiece.SentencePieceProcessor(model_file=str(path))
        known.update(dict.fromkeys(processor.id_to_piece(number) for number in range(processor.get_piece_size())))
    ordered = ["</s>", "<unk>", *(piece for piece in known if piece not in ("</s>", "<unk>", "<s>", "<pad>")), "<pad>"]
    write_json(folder / "vocab.json", {piece: number for number, piece in enumerate(ordered)})
    return MarianTokenizer(
        source_spm=str(folder / "source.spm"),
        target_spm=str(folder / "target.spm"),
        vocab=str(folder / "vocab.json"),
        source_lang=languages[0],
        target_lang=languages[1],
        model_max_length=512,
    )


def _train_pieces(sentences: Sequence[str], pieces: int, longest: int) -> bytes:
    import sentencepiece

    model = io.BytesIO()
    try:
        sentencepiece.SentencePieceTrainer.train(
            sentence_iterator=iter(sentences),
            model_writer=model,
            model_type="unigram",
            vocab_size=pieces,
            # A small corpus has fewer pieces than asked for: take what it has.
            hard_vocab_limit=False,
            max_sentencepiece_length=longest,
            character_coverage=0.9995,
            num_threads=1,
            minloglevel=2,
        )
    except RuntimeError as error:
        found, expected, remedy = f"{pieces} pieces for {len(sentences)} sentences", "pieces to train", str(error)
        if few := re.search(r"required_chars\. \d+ vs (\d+)", str(error)):
            # As with Chinese: every frequent character is a piece, and words should have room beside them.
            found, expected = f"{pieces} pieces", f"more than {few[1]}, the pieces of single characters"
            remedy = f"Set {2 * int(few[1])}, say, so that there are pieces of whole words too."
        raise InputError("params.yaml", found, expected, remedy, "key translator.train.pieces") from None
    return model.getvalue()
