"""What a caption says in English, its scene graph, and how far that is the graph it was written from (β_G)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path

from crosscap.graph.coincidence import graph_coincidence
from crosscap.graph.scene_graph import SceneGraph
from crosscap.syntax.dependency_parser import load_parser
from crosscap.syntax.tree import Tree
from crosscap.training.progress import progress
from crosscap.translation.caption_results import SHARD_SIZE, caption_translator, translation_of


def back_translations(
    captions: Iterable[str], model: Path, source: str, beams: int, batch_pieces: int
) -> dict[str, Sequence[str]]:
    """Each caption's words in the language ``source``, as `translate_captions` gets them; each text is asked once.

    Args:
        captions: text as people write it; one without letters is not asked and gives no words.
        model: folder of the translator from the captions' language.
        source: ISO 639-1 code.
        beams: hypotheses of beam search.
        batch_pieces: caption pieces decoded at a time.

    Raises:
        InputError: no such model, or a broken one.
    """
    texts = sorted(set(captions))
    asked = [text for text in texts if text.strip()]
    english: dict[str, Sequence[str]] = dict.fromkeys(texts, ())
    if asked:
        translate = caption_translator(model, source, beams, batch_pieces)
        parts = [asked[at : at + SHARD_SIZE] for at in range(0, len(asked), SHARD_SIZE)]
        for part in progress(parts, "translations of captions, in parts"):
            english.update(zip(part, (translation_of(value)["tokens"] for value in translate(part)), strict=True))
    return english


def sentence_graphs(
    sentences: Mapping[str, Sequence[str]], model: Path, read: Callable[[Tree, str], SceneGraph]
) -> dict[str, SceneGraph]:
    """The scene graph of each sentence by its key; a sentence without words has an empty one.

    Args:
        sentences: English words.
        model: folder of the dependency parser.
        read: the rules, see `graph_reader`.
    """
    different = sorted({tuple(words) for words in sentences.values() if words})
    trees = load_parser(model).parse([list(words) for words in different]) if different else ()
    graphs = {words: read(tree, "") for words, tree in zip(different, trees, strict=True)}
    return {key: graphs.get(tuple(words), SceneGraph("")) for key, words in sentences.items()}


def graph_coincidences(captions: Mapping[str, SceneGraph], images: Mapping[str, SceneGraph]) -> dict[str, float]:
    """β_G of each image's caption, times 100; captions of images without a graph have none.

    Args:
        captions: the graph of each image's caption.
        images: the graph that each caption was written from.
    """
    return {
        image: round(100 * graph_coincidence(images[image], graph), 4)
        for image, graph in captions.items()
        if image in images
    }
