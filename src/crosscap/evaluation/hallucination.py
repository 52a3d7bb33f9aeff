"""Objects that a caption names and its image does not show: CHAIR (Rohrbach et al., EMNLP 2018, section 3).

The paper looks for the 80 object classes of COCO and their synonyms in English captions. Here words of any language
become English names through a `Glossary`, and those that are names of objects in image graphs count. As in the paper,
an object is there when the image's annotation or any of its reference captions names it; so whatever word a reference
uses is never a hallucination.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from crosscap.evaluation.glossary import Glossary
from crosscap.evaluation.stage_scores import Values, percent
from crosscap.graph.rules.label_names import object_name
from crosscap.graph.scene_graph import SceneGraph


class Mention(NamedTuple):
    """An object word.

    Attributes:
        name: what image graphs call the object.
        meanings: all that the word can mean, ``name`` among them.
    """

    name: str
    meanings: frozenset[str]


class ObjectFinder:
    """Finds the objects that a caption names.

    Args:
        glossary: of the captions' language.
        labels: English words and the name that image graphs have for them (``labels.json``).
        objects: the names that count.
    """

    def __init__(self, glossary: Glossary, labels: Mapping[str, str], objects: Collection[str]) -> None:
        self._glossary, self._labels, self._objects = glossary, labels, frozenset(objects)

    def mentions(self, words: Sequence[str]) -> list[Mention]:
        """The object words of a caption, in their order, each as often as it stands there."""
        found = (self._mention(meaning.english) for meaning in self._glossary.read(words))
        return [mention for mention in found if mention]

    def _mention(self, english: Sequence[str]) -> Mention | None:
        """Of "men", "guy", "lad": man, if that counts, or the first other that does; None where none does."""
        forms = [form for word in english for form in (self._labels.get(word), object_name(word).name, word) if form]
        name = next((form for form in forms if form in self._objects), None)
        return Mention(name, frozenset(forms)) if name else None


def shown_objects(
    references: Mapping[str, Iterable[Sequence[str]]], gold: Iterable[SceneGraph], finder: ObjectFinder
) -> dict[str, set[str]]:
    """The objects of each image: those of its gold graph, and those that a reference (words) names."""
    shown = {
        image: {mention.name for words in captions for mention in finder.mentions(words)}
        for image, captions in references.items()
    }
    for graph in gold:
        shown.setdefault(graph.id, set()).update(graph.objects)
    return shown


@dataclass
class Chair:
    """Counts over captions.

    Attributes:
        mentioned, hallucinated: object words, and those of objects that are not there.
        captions, with_hallucination: captions that could be judged, and those with such a word.
        of: of each judged caption the hallucinated names, in their order.
    """

    mentioned: int = 0
    hallucinated: int = 0
    captions: int = 0
    with_hallucination: int = 0
    of: dict[str, list[str]] = field(default_factory=dict)

    def scores(self) -> Values:
        """``CHAIR_i``: hallucinated of all object words; ``CHAIR_s``: captions with such a word; percent, or None."""
        return {
            "CHAIR_i": percent(self.hallucinated, self.mentioned),
            "CHAIR_s": percent(self.with_hallucination, self.captions),
        }


def chair(mentions: Mapping[str, Sequence[Mention]], shown: Mapping[str, Collection[str]]) -> Chair:
    """Count the mentions that nothing backs.

    Args:
        mentions: of each image's caption, from `ObjectFinder`.
        shown: the objects of each image; a caption of an image without any cannot be judged and does not count.
    """
    counts = Chair()
    for image, named in mentions.items():
        there = shown.get(image)
        if not there:
            continue
        wrong = [mention.name for mention in named if mention.meanings.isdisjoint(there)]
        counts.of[image] = wrong
        counts.mentioned += len(named)
        counts.hallucinated += len(wrong)
        counts.captions += 1
        counts.with_hallucination += bool(wrong)
    return counts


def finder_scores(
    sentences: Iterable[tuple[Sequence[str], Collection[str]]], finder: ObjectFinder, objects: Collection[str]
) -> Values:
    """How well the finder finds what sentences name, where that is known.

    Args:
        sentences: words of a sentence, and the objects of its gold graph.
        objects: the names that count, as the finder's.

    Returns:
        ``precision``: object words of an object that the graph has; ``recall``: objects of the graph that a word
        names; percent, None of nothing.
    """
    words = right = wanted = found = 0
    for sentence, gold in sentences:
        named = finder.mentions(sentence)
        truth = {name for name in gold if name in objects}
        words += len(named)
        right += sum(not mention.meanings.isdisjoint(gold) for mention in named)
        wanted += len(truth)
        found += sum(any(name in mention.meanings for mention in named) for name in truth)
    return {"precision": percent(right, words), "recall": percent(found, wanted)}
