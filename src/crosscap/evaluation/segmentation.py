"""Captions to words for scoring: both sides by the same policy, punctuation dropped as coco-caption does.

Scores move by points with the segmentation, so it is a parameter and is written beside every score.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from importlib.metadata import version
from pathlib import Path

from crosscap.config.evaluation import Policy
from crosscap.errors import InputError
from crosscap.evaluation.java import SHORT_LIVED, JavaFailed, JavaMissing, java_command, run_java
from crosscap.text.tokenizers import tokenizer

# What coco-caption drops after its tokenizer. Its list also names -LRB- and the other brackets, but the tokenizer
# writes them in lowercase, so published scores count brackets as words, and so do we. The tokenizer makes '' of ".
PUNCTUATION = frozenset(("''", "'", "``", "`", ".", "?", "!", ",", ":", "-", "--", "...", ";", '"'))

# Seconds; it cuts 10,000 captions a second once Java runs.
STANFORD_TIMEOUT = 600.0


def segment(captions: Sequence[str], policy: Policy, language: str) -> list[list[str]]:
    """Words of every caption, lowercased, without punctuation.

    Args:
        captions: text, or words joined by spaces.
        policy: ``given`` splits at spaces; ``jieba`` joins and cuts again (fair to systems that cut otherwise);
            ``moses`` the project's rules for languages with spaces; ``characters`` splits into letters;
            ``ptb`` the Stanford tokenizer of coco-caption (needs Java).
        language: ISO 639-1 code.

    Raises:
        InputError: ``ptb`` without a Java that works.
    """
    if policy == "ptb":
        lines = _stanford(captions)
    elif policy == "given":
        lines = [caption.split() for caption in captions]
    elif policy == "characters":
        lines = [list("".join(caption.split())) for caption in captions]
    else:
        words = tokenizer(language)
        # jieba sees the text as people write it; Moses rules are stable under words split already.
        joined = (words.detokenize(caption.split()) if policy == "jieba" else caption for caption in captions)
        lines = [words.tokenize(caption) for caption in joined]
    return [[word for token in line if (word := _word(token))] for line in lines]


def describe(policy: Policy) -> str:
    """The policy with the version of what cuts, for the record beside the scores."""
    tool = {"jieba": "jieba", "moses": "sacremoses"}.get(policy)
    if policy == "ptb":
        return "ptb (Stanford PTBTokenizer 3.4.1, as coco-caption)"
    return f"{policy} ({tool} {version(tool)})" if tool else policy


def _word(token: str) -> str:
    """``token`` lowercased, or nothing when it is punctuation; Chinese marks stuck to a word are cut off."""
    token = token.lower().strip()
    if token in PUNCTUATION:
        return ""
    return "".join(letter for letter in token if not _wide_mark(letter))


def _wide_mark(letter: str) -> bool:
    """Punctuation outside ASCII, such as 。，「」: coco-caption's list knows only ASCII."""
    return not letter.isascii() and unicodedata.category(letter).startswith("P")


def _stanford(captions: Sequence[str]) -> list[list[str]]:
    """coco-caption's tokenizer, fed through a pipe: its own wrapper writes into the installed package."""
    import pycocoevalcap.tokenizer.ptbtokenizer as module

    if not captions:
        return []
    text = "\n".join(" ".join(caption.split()) for caption in captions) + "\n"
    program = ["-cp", module.STANFORD_CORENLP_3_4_1_JAR, "edu.stanford.nlp.process.PTBTokenizer"]
    try:
        command = [java_command(), *SHORT_LIVED, *program, "-preserveLines", "-lowerCase"]
        answer = run_java(command, Path(module.__file__).parent, STANFORD_TIMEOUT, text)
    except (JavaMissing, JavaFailed) as error:
        remedy = "Install a Java that works, or cut words another way (evaluation.segmentation, --segmentation)."
        raise InputError("ptb (the Stanford tokenizer)", str(error), "words of captions", remedy) from None
    lines = answer.split("\n")[: len(captions)]
    if len(lines) != len(captions):
        found = f"{len(lines)} lines for {len(captions)} captions"
        raise InputError("ptb (the Stanford tokenizer)", found, "a line a caption", "Install a Java that works.")
    return [line.split() for line in lines]
