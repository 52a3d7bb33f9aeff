"""How a person's body fills its box in each pose: shared by the layout (where is the hat?) and the drawing."""

from __future__ import annotations

from dataclasses import dataclass

from crosscap.graph.scene_graph import Box

Point = tuple[float, float]


@dataclass(frozen=True)
class Pose:
    """Fractions of the person's box, looking to the right.

    Attributes:
        aspect: width over height of the box.
        height: of the box, over the standing height.
        axis: x of head and trunk.
        head: y of the head's centre and its radius, over the box's height.
        trunk: y of shoulders and of hips.
        front, back: the hands.
        legs: how the legs are drawn.
    """

    aspect: float
    height: float = 1.0
    axis: float = 0.5
    head: Point = (0.155, 0.15)
    trunk: Point = (0.31, 0.64)
    front: Point = (0.93, 0.60)
    back: Point = (0.07, 0.60)
    legs: str = "stand"


SIT_HEAD, SIT_TRUNK = (0.2, 0.195), (0.40, 0.74)
POSES = {
    "stand": Pose(0.46),
    "walk": Pose(0.50, legs="walk"),
    "run": Pose(0.62, front=(0.95, 0.48), back=(0.06, 0.52), legs="run"),
    "hold": Pose(0.54, axis=0.44, front=(0.95, 0.47), back=(0.05, 0.60)),
    "eat": Pose(0.50, axis=0.46, front=(0.88, 0.27), back=(0.05, 0.60)),
    "read": Pose(0.52, axis=0.42, front=(0.92, 0.46), back=(0.70, 0.52)),
    "reach": Pose(0.62, axis=0.36, front=(0.97, 0.46), back=(0.04, 0.58), legs="walk"),
    "embrace": Pose(0.60, axis=0.36, front=(0.97, 0.60), back=(0.04, 0.58), legs="walk"),
    "push": Pose(0.66, axis=0.40, front=(0.97, 0.44), back=(0.94, 0.52), legs="run"),
    "catch": Pose(0.62, axis=0.36, front=(0.97, 0.26), back=(0.93, 0.40), legs="walk"),
    "raise": Pose(0.58, axis=0.40, front=(0.95, 0.06), back=(0.05, 0.60)),
    "carry": Pose(0.50, front=(0.95, 0.05), back=(0.05, 0.05), legs="walk"),
    "look": Pose(0.50, axis=0.46, front=(0.80, 0.12), back=(0.05, 0.60)),
    "kick": Pose(0.66, axis=0.38, front=(0.80, 0.44), back=(0.04, 0.44), legs="kick"),
    "lean": Pose(0.62, axis=0.55, front=(0.97, 0.40), back=(0.26, 0.60), legs="lean"),
    "balance": Pose(0.72, front=(0.98, 0.38), back=(0.02, 0.42), legs="wide"),
    "strum": Pose(0.52, front=(0.93, 0.46), back=(0.30, 0.58)),
    "sit": Pose(0.62, 0.76, 0.36, SIT_HEAD, SIT_TRUNK, (0.80, 0.68), (0.10, 0.72), "sit"),
    "sit_hold": Pose(0.62, 0.76, 0.36, SIT_HEAD, SIT_TRUNK, (0.93, 0.58), (0.30, 0.70), "sit"),
    "sit_eat": Pose(0.62, 0.76, 0.36, SIT_HEAD, SIT_TRUNK, (0.80, 0.34), (0.10, 0.72), "sit"),
    "ride": Pose(0.68, 0.78, 0.34, SIT_HEAD, SIT_TRUNK, (0.98, 0.58), (0.92, 0.62), "ride"),
    "aboard": Pose(0.72, 0.50, 0.45, (0.30, 0.29), (0.60, 1.0), (0.96, 0.80), (0.04, 0.92), "none"),
    "lie": Pose(2.7, 0.40, 0.15, (0.44, 0.40), (0.30, 0.55), (0.48, 0.72), (0.42, 0.50), "lie"),
    "swim": Pose(1.5, 0.34, 0.40, (0.45, 0.44), (0.86, 1.0), (0.95, 0.50), (0.05, 0.80), "none"),
}


def spot(pose: Pose, box: Box, facing: int, point: Point) -> Point:
    """Pixel position of ``point`` (fractions, looking right) in ``box``."""
    x0, y0, x1, y1 = box
    across = point[0] if facing > 0 else 1 - point[0]
    return x0 + across * (x1 - x0), y0 + point[1] * (y1 - y0)


def head(pose: Pose, box: Box, facing: int) -> tuple[float, float, float]:
    """Centre and radius of the head in pixels."""
    x, y = spot(pose, box, facing, (pose.axis, pose.head[0]))
    return x, y, pose.head[1] * (box[3] - box[1])


def garment_box(sense: str, pose: Pose, box: Box, facing: int) -> Box:
    """Where a piece of clothing is on the body, clipped to the person's box."""
    x, y, r = head(pose, box, facing)
    height = box[3] - box[1]
    if pose.legs == "lie":
        top, bottom = box[1] + 0.30 * height, box[1] + 0.94 * height
        length = box[2] - box[0]
        spans = {"shirt": (0.27, 0.60), "jacket": (0.27, 0.64), "dress": (0.27, 0.78), "scarf": (0.22, 0.36)}
        if sense in spans:
            start, end = spans[sense]
            near, far = (box[0] + start * length, box[0] + end * length)
            if facing < 0:
                near, far = (box[2] - end * length, box[2] - start * length)
            return _clip((near, top, far, bottom), box)
    shoulders, hips = box[1] + pose.trunk[0] * height, box[1] + pose.trunk[1] * height
    half = 0.98 * r
    boxes = {
        "hat": (x - 1.25 * r, y - 1.05 * r, x + 1.25 * r, y - 0.20 * r),
        "glasses.eyewear": (x - 0.88 * r, y - 0.26 * r, x + 0.88 * r, y + 0.34 * r),
        "scarf": (x - 0.85 * r, y + 0.80 * r, x + 0.85 * r, y + 2.2 * r),
        "shirt": (x - 1.15 * half, shoulders, x + 1.15 * half, hips),
        "jacket": (x - 1.25 * half, shoulders, x + 1.25 * half, hips + 0.05 * height),
        "dress": (x - 1.40 * half, shoulders, x + 1.40 * half, hips + (0.18 if pose.legs != "none" else 0) * height),
    }
    return _clip(boxes[sense], box)


def _clip(part: Box, whole: Box) -> Box:
    return max(part[0], whole[0]), max(part[1], whole[1]), min(part[2], whole[2]), min(part[3], whole[3])
