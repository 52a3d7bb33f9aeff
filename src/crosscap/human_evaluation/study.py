"""What is judged by whom: images drawn, captions blinded, merged where they are the same, and dealt to raters.

::

    {"study": "5f2c81d0", "scale": "unison", "qualities": ["relevancy", "fluency"], "language": "zh", "seed": 1,
     "systems": [["hgm", "data/captions/zh/hgm/with_phase2.json"], ["references", …]],
     "items": {"c0001": {"images": ["2000017"], "captions": ["一只狗"], "systems": ["hgm"], "qualities": […]}, …},
     "raters": {"rater-1": ["c0044", "c0003", …], …}}
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from functools import cached_property
from itertools import pairwise
from pathlib import Path
from random import Random

from pydantic import TypeAdapter, ValidationError

from crosscap.errors import InputError
from crosscap.human_evaluation.scales import OF_SETS, QUALITIES, SCALES
from crosscap.io.artifacts import read_json

CAPTION, SET = "c", "s"
"""What the name of an item begins with."""


@dataclass(frozen=True)
class Item:
    """What is rated at once: a caption beside its picture, or several captions of one system, each beside its own.

    Attributes:
        systems: all that gave exactly these captions; the rating counts for each.
    """

    images: tuple[str, ...]
    captions: tuple[str, ...]
    systems: tuple[str, ...]
    qualities: tuple[str, ...]


@dataclass(frozen=True)
class Study:
    """The key: what raters must not see.

    Attributes:
        systems: name of each, and where its captions came from.
        raters: names of the items in the order in which each rater sees them.
    """

    scale: str
    qualities: tuple[str, ...]
    language: str
    seed: int
    systems: tuple[tuple[str, str], ...]
    items: Mapping[str, Item]
    raters: Mapping[str, tuple[str, ...]]

    @cached_property
    def code(self) -> str:
        """Names the study on every sheet: of equal studies the same, of others another."""
        content = json.dumps(asdict(self), ensure_ascii=False, sort_keys=True)
        return hashlib.sha256(content.encode()).hexdigest()[:8]

    @cached_property
    def images(self) -> list[str]:
        """Those that are judged."""
        return sorted({image for item in self.items.values() for image in item.images})

    @classmethod
    def read(cls, path: Path) -> Study:
        """Read the key.

        Raises:
            InputError: it is no key, or was changed since the sheets were made.
        """
        value = read_json(path)
        remedy = "Give the key.json that `crosscap judge sheets` wrote."
        code = value.pop("study", None) if isinstance(value, dict) else None
        try:
            study = TypeAdapter(cls).validate_python(value)
        except ValidationError as error:
            problem = error.errors()[0]
            place = ".".join(str(part) for part in problem["loc"])
            raise InputError(path, f"{problem['msg']} ({place})", "the key of a study", remedy) from None
        if study.code != code or study.scale not in SCALES or not set(study.qualities) <= set(QUALITIES):
            raise InputError(path, f"a content that is not that of study {code}", "an unchanged key", remedy)
        return study

    def content(self) -> dict[str, object]:
        """As the key's JSON holds it."""
        return {"study": self.code, **asdict(self)}


@dataclass(frozen=True)
class Plan:
    """How many of what.

    Attributes:
        images: to draw; all there are if fewer.
        raters_per_image: each image is judged by so many of the raters.
        group: captions that are shown together to be rated as a set; 1: each caption is asked for every quality.
    """

    images: int
    raters: int
    raters_per_image: int
    group: int
    seed: int


def design(
    captions: Mapping[str, Mapping[str, str]],
    sources: Mapping[str, str],
    images: Sequence[str],
    scale: str,
    qualities: Sequence[str],
    language: str,
    plan: Plan,
) -> Study:
    """Draw ``plan.images`` of ``images``, and deal their captions to raters, the same way for the same arguments.

    Images are dealt in blocks, whose captions by one system also make the groups: every rater of a group has rated
    its captions one by one before. Names of items say nothing: they are given after shuffling.

    Args:
        captions: system -> image -> caption as it is shown, of all ``images``.
        sources: system -> where its captions come from.

    Raises:
        InputError: more raters than the images can be dealt to.
    """
    random = Random(plan.seed)
    drawn = random.sample(sorted(images), min(plan.images, len(images)))
    in_groups = plan.group > 1 and any(name in OF_SETS for name in qualities)
    singly = tuple(name for name in qualities if not (in_groups and name in OF_SETS))
    together = tuple(name for name in qualities if name not in singly)
    blocks = _blocks(drawn, plan.group if in_groups else 1)
    single = [item for image in drawn if singly for item in _merged(captions, [image], singly)]
    grouped = [item for block in blocks if in_groups for item in _merged(captions, block, together)]
    items = {**_named(CAPTION, single, random), **_named(SET, grouped, random)}
    shares = len(blocks) * plan.raters_per_image
    if not plan.raters_per_image <= plan.raters <= shares:
        what = f"{len(blocks)} sets of images" if in_groups else f"{len(blocks)} images"
        found = f"{plan.raters} raters, {plan.raters_per_image} of them for each of {what}"
        remedy = "Change --raters, --raters-per-image or --images."
        raise InputError("crosscap judge sheets", found, "something to rate for each", remedy)
    dealt: dict[str, set[str]] = {f"rater-{n:0{len(str(plan.raters))}}": set() for n in range(1, plan.raters + 1)}
    raters = list(dealt)
    for number, block in enumerate(blocks):
        for turn in range(plan.raters_per_image):
            dealt[raters[(number * plan.raters_per_image + turn) % plan.raters]].update(block)
    orders = {}
    for rater, theirs in dealt.items():
        mine = [name for name, item in items.items() if item.images[0] in theirs]
        random.shuffle(mine)
        # Sets of captions come last: they show which captions have one author, and the answers would colour the others.
        orders[rater] = tuple(sorted(mine, key=lambda name: name.startswith(SET)))
    return Study(scale, tuple(qualities), language, plan.seed, tuple(sources.items()), items, orders)


def _blocks(images: Sequence[str], size: int) -> list[Sequence[str]]:
    """Runs of ``images`` of at most ``size``, as equal as can be: of 25 by 10 there are 9, 8 and 8."""
    count = -(-len(images) // size)
    edges = [len(images) * number // count for number in range(count + 1)]
    return [images[start:end] for start, end in pairwise(edges)]


def _merged(captions: Mapping[str, Mapping[str, str]], images: Sequence[str], qualities: tuple[str, ...]) -> list[Item]:
    """An item for each different answer to ``images``: what two systems say alike is rated once."""
    systems: dict[tuple[str, ...], list[str]] = {}
    for system, texts in captions.items():
        systems.setdefault(tuple(texts[image] for image in images), []).append(system)
    return [Item(tuple(images), texts, tuple(names), qualities) for texts, names in systems.items()]


def _named(letter: str, items: list[Item], random: Random) -> dict[str, Item]:
    random.shuffle(items)
    return {f"{letter}{number:04}": item for number, item in enumerate(items, 1)}
