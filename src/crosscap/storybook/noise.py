"""Makes parallel text as it comes from the web: what does not belong is mixed in, and noted."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from random import Random

from crosscap.config.storybook import NoiseSettings
from crosscap.storybook import foreign_texts
from crosscap.storybook.telling import LANGUAGES

CLEAN, LENGTH = "clean", "length"


@dataclass(frozen=True)
class NoisyPair:
    """A pair of the corpus and the truth about it: ``reason`` is `CLEAN` for what a perfect filter keeps."""

    source: str
    target: str
    origin: str
    reason: str = CLEAN


def add_noise(
    pairs: Sequence[NoisyPair],
    languages: tuple[str, str],
    others: Sequence[dict[str, str]],
    settings: NoiseSettings,
    random: Random,
) -> list[NoisyPair]:
    """``pairs`` with noise among them, in a random order in which a duplicate comes after its original.

    Args:
        languages: codes of source and target.
        others: captions of other scenes in every language, raw material of wrong languages.
        settings: noise pairs of every sort, as shares of the number of ``pairs``.
    """
    makers: dict[str, tuple[float, Callable[[], NoisyPair]]] = {
        "foreign": (settings.foreign, lambda: _foreign(languages, random)),
        "misaligned": (settings.misaligned, lambda: _misaligned(pairs, languages, random)),
        "wrong_language": (settings.wrong_language, lambda: _wrong_language(others, languages, random)),
        "broken": (settings.broken, lambda: _broken(random.choice(others), languages, random)),
    }
    everything = list(pairs)
    for share, make in makers.values():
        everything += [make() for _ in range(round(share * len(pairs)))]
    random.shuffle(everything)
    clean = [position for position, pair in enumerate(everything) if pair.reason == CLEAN]
    copies: dict[int, list[NoisyPair]] = {}
    for position in random.sample(clean, round(settings.duplicate * len(pairs))):
        after = random.randrange(position, len(everything))
        copies.setdefault(after, []).append(replace(everything[position], reason="duplicate"))
    return [pair for position, first in enumerate(everything) for pair in (first, *copies.get(position, ()))]


def _foreign(languages: tuple[str, str], random: Random) -> NoisyPair:
    text = foreign_texts.sample(random)
    return NoisyPair(text.texts[languages[0]], text.texts[languages[1]], text.genre, "foreign")


def _misaligned(pairs: Sequence[NoisyPair], languages: tuple[str, str], random: Random) -> NoisyPair:
    """A caption beside another caption's translation, or beside text about something else."""
    one = random.choice(pairs)
    if random.random() < 0.3:
        return replace(one, target=foreign_texts.sample(random).texts[languages[1]], reason="misaligned")
    other = random.choice(pairs)
    while other.target == one.target:
        other = random.choice(pairs)
    return replace(one, target=other.target, reason="misaligned")


def _wrong_language(others: Sequence[dict[str, str]], languages: tuple[str, str], random: Random) -> NoisyPair:
    """One side in a third language, or the source copied to the target side."""
    texts = random.choice(others)
    source, target = languages
    third = next(language for language in LANGUAGES if language not in languages)
    kind = random.choice(("target", "source", "copy", "swapped"))
    sides = {
        "target": (source, third),
        "source": (third, target),
        "copy": (source, source),
        "swapped": (target, source),
    }
    first, second = sides[kind]
    return NoisyPair(texts[first], texts[second], "web", "wrong_language")


def _broken(texts: dict[str, str], languages: tuple[str, str], random: Random) -> NoisyPair:
    """Mojibake, an empty side, control characters, markup."""
    sides = [texts[languages[0]], texts[languages[1]]]
    side = random.randrange(2)
    kind = random.choice(("mojibake", "empty", "control", "markup", "replacement"))
    text = sides[side]
    cut = random.randrange(1, len(text))
    if kind == "mojibake":
        # UTF-8 read as Latin-1; ASCII would survive that, so curly quotes stand around it.
        text = f"“{text}”".encode().decode("latin-1")
    elif kind == "empty":
        text = random.choice(("", " "))
    elif kind == "control":
        text = text[:cut] + random.choice(("\x00", "\x07", "\x1b", "\x08")) + text[cut:]
    elif kind == "markup":
        text = random.choice((f"<p>{text}</p>", f"{text}<br/>", f'<a href="page.html">{text}</a>'))
    else:
        text = text[:cut] + "\ufffd\ufffd" + text[cut:]
    sides[side] = text
    return NoisyPair(sides[0], sides[1], "web", "broken")
