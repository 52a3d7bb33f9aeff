"""The storybook's parallel text: captions of scenes that are never drawn, and noise."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass
from random import Random

from crosscap.config.storybook import StorybookSettings
from crosscap.graph.scene_graph import SceneGraph
from crosscap.storybook.bilingual import english_words, word_pairs
from crosscap.storybook.noise import CLEAN, LENGTH, NoisyPair, add_noise
from crosscap.storybook.telling import LANGUAGES, Telling, tellings
from crosscap.storybook.world import sample_scene
from crosscap.text.dictionaries import count_words
from crosscap.text.tokenizers import tokenizer

# UNISON 4.1: a caption of the corpus has 10 to 16 words.
USUAL = range(10, 17)
OTHER = (range(4, 10), range(17, 31))


@dataclass(frozen=True)
class ParallelText:
    """The corpus of one target language in its final order, the clean pairs' graphs by position, and the scenes."""

    pairs: list[NoisyPair]
    graphs: dict[int, SceneGraph]
    scenes: list[str]


def bare(text: str) -> str:
    """A caption without its capital and full stop: captions that differ in nothing else are the same."""
    return text.lower().rstrip(".。")


def make_parallel_text(target: str, settings: StorybookSettings, forbidden: Collection[str]) -> ParallelText:
    """Captions in English and ``target``, none of them in ``forbidden`` (`bare` evaluation captions), with noise."""
    seed = settings.seed
    pairs: list[NoisyPair] = []
    graphs: dict[str, SceneGraph] = {}
    seen = set(forbidden)
    scenes = []
    number = 0
    while len(pairs) < settings.pairs:
        number += 1
        scene = sample_scene(f"text-{target}-{number:07d}", seed)
        random = Random(f"{seed}/{scene.id}/telling")
        other = random.random() < settings.other_lengths
        lengths = random.choice(OTHER) if other else USUAL
        for telling in tellings(scene, random, (target,), lengths):
            source, translation = telling.texts["en"], telling.texts[target]
            if not {bare(source), bare(translation)} & seen:
                seen |= {bare(source), bare(translation)}
                reason = LENGTH if other else CLEAN
                pairs.append(NoisyPair(source, translation, f"scene:{scene.id}", reason))
                graphs[scene.id] = telling.english.graph
                scenes.append(scene.id)
                break
    web = _web_captions(target, settings)
    scenes += [telling.english.graph.id for telling in web]
    others = [telling.texts for telling in web]
    noisy = add_noise(pairs, ("en", target), others, settings.noise, Random(f"{seed}/noise/{target}"))
    positions = {
        position: graphs[pair.origin.removeprefix("scene:")]
        for position, pair in enumerate(noisy)
        if pair.reason in (CLEAN, LENGTH)
    }
    return ParallelText(noisy, positions, scenes)


def _web_captions(target: str, settings: StorybookSettings) -> list[Telling]:
    """Captions in every language, raw material for pairs in a wrong language and broken ones."""
    wanted = max(1, round(settings.pairs * (settings.noise.wrong_language + settings.noise.broken)))
    return told_scenes(f"noise-{target}", wanted, settings.seed)


def told_scenes(prefix: str, count: int, seed: int) -> list[Telling]:
    """One telling in every language of each of the first ``count`` tellable scenes ``prefix``-0000001, …"""
    told: list[Telling] = []
    number = 0
    while len(told) < count:
        number += 1
        scene = sample_scene(f"{prefix}-{number:07d}", seed)
        told.extend(next(([t] for t in tellings(scene, Random(f"{seed}/{scene.id}"), LANGUAGES[1:], USUAL)), []))
    return told


def caption_corpus(target: str, count: int, seed: int, forbidden: Collection[str]) -> tuple[list[str], list[str]]:
    """``count`` captions in ``target`` alone, no two alike and none in ``forbidden`` (`bare`), and their scenes."""
    captions: list[str] = []
    scenes: list[str] = []
    seen = set(forbidden)
    number = 0
    while len(captions) < count:
        number += 1
        scene = sample_scene(f"caption-{target}-{number:07d}", seed)
        for telling in tellings(scene, Random(f"{seed}/{scene.id}/telling"), (target,), USUAL):
            if bare(telling.texts[target]) not in seen:
                seen.add(bare(telling.texts[target]))
                captions.append(telling.texts[target])
                scenes.append(scene.id)
                break
    return captions, scenes


def caption_dictionary(language: str, told: list[Telling]) -> Counter[str]:
    """Word counts of the captions ``told``; words of the lexicon that they lack count once."""
    counts = count_words((telling.texts[language] for telling in told), tokenizer(language))
    lexicon = english_words() if language == "en" else [word for _, word in word_pairs(language)]
    for word in lexicon:
        counts[word] = counts[word] or 1
    return counts
