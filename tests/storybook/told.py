"""Contents drawn from the storybook's own scenes, and small ones made by hand."""

from __future__ import annotations

from collections.abc import Iterator
from random import Random

from crosscap.storybook.captions import choose_content
from crosscap.storybook.content import Content, Detail, Entity, Statement
from crosscap.storybook.world import sample_scene


def contents(count: int, seed: int = 3) -> Iterator[tuple[Content, Random]]:
    """``count`` contents of as many scenes, each with the random numbers to tell it with."""
    for number in range(count):
        scene = sample_scene(f"test-{number:06d}", seed)
        random = Random(f"{seed}/{scene.id}")
        content = choose_content(scene, random)
        if content is not None:
            yield content, random


def does(subject: Entity, predicate: str, other: Entity, place: Detail | None = None) -> Content:
    return Content(Statement((subject,), predicate, other, place))


def sayings(tell: object, content: Content, count: int = 60) -> set[str]:
    """What ``tell(content, random)`` says with ``count`` seeds."""
    assert callable(tell)
    return {tell(content, Random(seed)) for seed in range(count)}
