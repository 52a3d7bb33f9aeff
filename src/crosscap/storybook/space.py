"""Spatial relations, computed from boxes: next to, near, behind, in front of, under, above."""

from __future__ import annotations

from collections.abc import Sequence

from crosscap.graph.scene_graph import Box
from crosscap.storybook.inventory import BY_SENSE
from crosscap.storybook.scene import SceneObject

# Who is spoken of first: "a man next to a tree", not "a tree next to a man".
RANK = {"person": 0, "animal": 1, "vehicle": 2, "thing": 3, "furniture": 4, "plant": 5, "clothing": 6}
SHELTERS = ("tree", "umbrella", "table")

NEXT_GAP, NEXT_BASE = 14, 16  # pixels between two things that are next to each other; between their feet
NEAR_GAP, NEAR_BASE = 36, 28
DEPTH = 8  # pixels between the feet of two things one of which is behind the other


def spatial_relations(
    things: Sequence[SceneObject], groups: Sequence[int], flying: Sequence[bool], related: Sequence[bool]
) -> list[tuple[int, str, int]]:
    """At most one relation for each two things of different groups.

    Args:
        things: N things.
        groups: N numbers; things of one group are related by what they do already.
        flying: N flags, true for what is in the air.
        related: N flags, false for what is carried or lies on something: only its carrier is near to others.
    """
    relations = []
    for first in range(len(things)):
        for second in range(first + 1, len(things)):
            if groups[first] == groups[second] or not (related[first] and related[second]):
                continue
            subject, other = sorted((first, second), key=lambda i: (RANK[BY_SENSE[things[i].sense].group], i))
            if flying[first] != flying[second]:
                subject, other = (first, second) if flying[first] else (second, first)
                if _over(things[subject].box, things[other].box):
                    relations.append((subject, "above", other))
            elif predicate := spatial_predicate(things[subject], things[other]):
                relations.append((subject, predicate, other))
    return relations


def spatial_predicate(subject: SceneObject, other: SceneObject) -> str:
    """The one predicate between two things on the ground, or "" when they have nothing to do with each other."""
    a, b = subject.box, other.box
    gap = max(a[0], b[0]) - min(a[2], b[2])
    feet = a[3] - b[3]
    middle = (a[0] + a[2]) / 2
    if other.sense in SHELTERS and b[0] <= middle <= b[2] and abs(feet) <= NEXT_BASE and a[1] > b[1] + 8:
        return "under"
    shared = -gap / min(a[2] - a[0], b[2] - b[0])
    if shared >= 0.3 and abs(feet) >= DEPTH:
        return "in front of" if feet > 0 else "behind"
    if gap <= NEXT_GAP and abs(feet) <= NEXT_BASE:
        return "next to"
    if gap <= NEAR_GAP and abs(feet) <= NEAR_BASE:
        return "near"
    return ""


def _over(high: Box, low: Box) -> bool:
    middle = (high[0] + high[2]) / 2
    return low[0] - 10 <= middle <= low[2] + 10 and high[3] <= low[1] + 12
