"""A scene: what is in a picture, before it is drawn or told."""

from __future__ import annotations

from dataclasses import dataclass

from crosscap.graph.scene_graph import Box, SceneGraph
from crosscap.storybook.inventory import BY_SENSE


@dataclass(frozen=True)
class SceneObject:
    """One thing in a scene.

    Attributes:
        sense: key of `inventory.BY_SENSE`, or a place's name for the ground.
        attributes: names from the kind's list.
        box: ``x0, y0, x1, y1`` in pixels, of what can be seen of it.
        pose: what the body does (a key of `anatomy.POSES` for people), for drawing.
        facing: 1 looks to the right, -1 to the left.
        depth: drawing order; greater is nearer to the viewer.
    """

    sense: str
    attributes: tuple[str, ...]
    box: Box
    pose: str = ""
    facing: int = 1
    depth: float = 0.0

    @property
    def name(self) -> str:
        """The English lemma."""
        return BY_SENSE[self.sense].name if self.sense in BY_SENSE else self.sense


@dataclass(frozen=True)
class Scene:
    """What happens where.

    Attributes:
        id: ``<split>-<number>``; the drawn and the told scenes never share one.
        place: name of the place.
        objects: 2-6 things, then what people wear, then the place itself as the last object.
        relations: ``(subject index, predicate, object index)``, every visible one.
        seed: everything random about drawing or telling this scene starts from it.
    """

    id: str
    place: str
    objects: tuple[SceneObject, ...]
    relations: tuple[tuple[int, str, int], ...]
    seed: int

    def graph(self) -> SceneGraph:
        """The gold scene graph, with boxes."""
        return SceneGraph(
            id=self.id,
            objects=tuple(thing.name for thing in self.objects),
            attributes=tuple((i, name) for i, thing in enumerate(self.objects) for name in thing.attributes),
            relations=self.relations,
            boxes=tuple(thing.box for thing in self.objects),
            scores=(1.0,) * len(self.objects),
        )
