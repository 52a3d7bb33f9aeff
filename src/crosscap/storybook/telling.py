"""Tells a scene in several languages at once: parallel captions of one content, of a wished length."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from random import Random

from crosscap.storybook.captions import choose_content
from crosscap.storybook.content import Content
from crosscap.storybook.grammar import chinese, english, german
from crosscap.storybook.grammar.english import EnglishCaption
from crosscap.storybook.grammar.tree import Phrase
from crosscap.storybook.scene import Scene

LANGUAGES = ("en", "zh", "de")
# Share of captions written as sentences, with a capital and a full stop; the others are bare.
WRITTEN_SHARE = 0.6


@dataclass(frozen=True)
class Telling:
    """A caption in English and in other languages (as people write them), with the trees of English and Chinese."""

    english: EnglishCaption
    texts: dict[str, str]
    chinese: Phrase | None


def tellings(
    scene: Scene, random: Random, languages: Sequence[str], lengths: range, attempts: int = 12
) -> Iterator[Telling]:
    """Tellings of ``scene`` whose English has a length in ``lengths``; it ends after ``attempts`` contents."""
    for _ in range(attempts):
        content = choose_content(scene, random)
        if content is None:
            return
        telling = tell(content, random, languages, scene.id, lengths)
        if telling is not None:
            yield telling


def tell(content: Content, random: Random, languages: Sequence[str], id: str, lengths: range) -> Telling | None:
    """``content`` in English and ``languages``.

    None where the English has another length than ``lengths`` (words without punctuation), or where no Chinese
    wording fits jieba's words.
    """
    written = random.random() < WRITTEN_SHARE
    caption = english.tell(content, random, written, id)
    if sum(word[0].isalnum() for word in caption.words) not in lengths:
        return None
    texts = {"en": as_written(caption.words)}
    tree = None
    if "zh" in languages:
        tree = chinese.tell(content, random, written)
        if tree is None:
            return None
        texts["zh"] = "".join(tree.words())
    if "de" in languages:
        texts["de"] = german.tell(content, random, written)
    if written:
        texts = {language: text[0].upper() + text[1:] for language, text in texts.items()}
    return Telling(caption, texts, tree)


def as_written(words: Sequence[str]) -> str:
    """English words as a line of text: no space before punctuation."""
    text = ""
    for word in words:
        text += word if word in (".", ",") or not text else f" {word}"
    return text
