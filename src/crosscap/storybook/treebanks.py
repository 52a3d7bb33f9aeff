"""Gold trees for the parsers: English dependencies, English and Chinese constituents, of scenes told nowhere else."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from random import Random

from crosscap.storybook.grammar.english_lexicon import PLURAL_ONLY, article, plural
from crosscap.storybook.grammar.tree import Leaf, Phrase, bracketed, conllu, dependencies
from crosscap.storybook.telling import tellings
from crosscap.storybook.world import sample_scene


def _words(text: str) -> tuple[str, ...]:
    return tuple(text.split())


# Words that no caption has, so that the parsers learn from the surroundings as well.
_NOUNS = _words("""
    teacher child player baby friend crowd monkey rabbit bear zebra giraffe train truck plane bag box ball phone
    laptop camera bottle plate bowl knife pizza sandwich banana carrot toy frisbee ski snowboard racket helmet glove
    shoe coat tie bucket rope ladder window door wall floor mirror clock towel pillow blanket river mountain hill
    field forest road bridge station building garden pool shop market restaurant office counter oven sink shelf
""")
_ADJECTIVES = _words("happy tall little large long short bright dark dirty clean empty new colorful plastic wet busy")
_VERBS = (
    "watch watches watching watched", "paint paints painting painted", "wash washes washing washed",
    "pull pulls pulling pulled", "touch touches touching touched", "follow follows following followed",
    "cut cuts cutting cut", "hit hits hitting hit", "lift lifts lifting lifted", "cook cooks cooking cooked",
    "pet pets petting petted", "brush brushes brushing brushed", "open opens opening opened",
    "clean cleans cleaning cleaned", "sell sells selling sold", "fill fills filling filled",
)  # fmt: skip
_FORMS = {"VB": 0, "VBP": 0, "VBZ": 1, "VBG": 2, "VBN": 3}


@dataclass(frozen=True)
class Treebank:
    """Sentences of one split, in file form: CoNLL-U blocks, and a bracketed tree a line."""

    scenes: list[str]
    dependencies: list[str]
    constituents: dict[str, list[str]]


def make_treebank(split: str, size: int, unknown_words: float, seed: int) -> Treebank:
    """``size`` sentences with a share of ``unknown_words`` among the English nouns, adjectives and verbs."""
    bank = Treebank([], [], {"en": [], "zh": []})
    for scene, english, chinese in _trees(split, size, seed):
        substitute(english, unknown_words, Random(f"{seed}/{scene}/words"))
        bank.scenes.append(scene)
        bank.dependencies.append(conllu(dependencies(english), scene))
        bank.constituents["en"].append(bracketed(english))
        bank.constituents["zh"].append(bracketed(chinese))
    return bank


def _trees(split: str, size: int, seed: int) -> Iterator[tuple[str, Phrase, Phrase]]:
    seen: set[str] = set()
    number = 0
    while len(seen) < size:
        number += 1
        scene = sample_scene(f"treebank-{split}-{number:06d}", seed)
        random = Random(f"{seed}/{scene.id}/telling")
        for telling in tellings(scene, random, ("zh",), range(3, 26)):
            if telling.texts["en"] not in seen and telling.chinese is not None:
                seen.add(telling.texts["en"])
                yield scene.id, telling.english.tree, telling.chinese
                break


def substitute(tree: Phrase, share: float, random: Random) -> None:
    """Replace a share of the content words by unknown ones of the same form, in place; articles follow."""
    leaves = tree.leaves()
    for leaf in leaves:
        if leaf.fixed_to is None and random.random() < share:
            _replace(leaf, random)
    for leaf, following in pairwise(leaves):
        if leaf.lemma == "a":
            leaf.word = article(following.word)


def _replace(leaf: Leaf, random: Random) -> None:
    if leaf.upos == "NOUN" and leaf.lemma not in PLURAL_ONLY:
        leaf.lemma = random.choice(_NOUNS)
        leaf.word = plural_of(leaf.lemma) if leaf.tag == "NNS" else leaf.lemma
    elif leaf.upos == "ADJ":
        leaf.lemma = leaf.word = random.choice(_ADJECTIVES)
    elif leaf.upos == "VERB" and leaf.lemma != "be":
        forms = random.choice(_VERBS).split()
        leaf.lemma, leaf.word = forms[0], forms[_FORMS[leaf.tag]]


def plural_of(noun: str) -> str:
    """The regular plural, and those of the unknown words that are irregular."""
    irregular = {"child": "children", "baby": "babies", "knife": "knives", "shelf": "shelves"}
    if noun in irregular:
        return irregular[noun]
    return noun + "es" if noun.endswith(("x", "ch", "sh")) else plural(noun)
