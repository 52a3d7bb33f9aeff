"""People: a body in a pose, dressed in the garments that the scene says, with a face that tells who it is."""

from __future__ import annotations

from dataclasses import dataclass

from PIL import Image

from crosscap.storybook.affordances import CHILDREN
from crosscap.storybook.anatomy import POSES, garment_box
from crosscap.storybook.drawing.clothing import (
    draw_dress,
    draw_eyewear,
    draw_hat,
    draw_jacket,
    draw_scarf,
    draw_shirt,
)
from crosscap.storybook.drawing.palette import INK, Look, Rgb, darker, lighter, vary
from crosscap.storybook.drawing.pen import Pen

SKINS: tuple[Rgb, ...] = ((250, 214, 182), (236, 190, 150), (206, 150, 108), (150, 100, 70))
HAIRS: tuple[Rgb, ...] = ((58, 40, 34), (104, 66, 40), (34, 30, 34), (150, 92, 46))
YOUNG_HAIRS: tuple[Rgb, ...] = ((226, 178, 84), (196, 92, 44))
OLD_HAIR: Rgb = (214, 214, 218)
TROUSERS: tuple[Rgb, ...] = ((64, 78, 112), (92, 84, 76), (70, 70, 78), (120, 104, 82))
CHILD_TROUSERS: tuple[Rgb, ...] = ((74, 128, 190), (186, 82, 74), (96, 150, 104), (150, 104, 180))
SHOE: Rgb = (62, 50, 48)
GARMENTS = {
    "shirt": draw_shirt, "jacket": draw_jacket, "dress": draw_dress, "hat": draw_hat, "scarf": draw_scarf,
    "glasses.eyewear": draw_eyewear,
}  # fmt: skip
UPPER = ("shirt", "jacket", "dress")

# From the hip to the foot over a knee, as fractions of the box; the near leg last.
LEGS: dict[str, tuple[tuple[tuple[float, float], ...], ...]] = {
    "walk": (((0.30, 0.97),), ((0.72, 0.97),)),
    "run": (((0.36, 0.80), (0.08, 0.90)), ((0.70, 0.78), (0.76, 0.97))),
    "kick": (((0.36, 0.97),), ((0.66, 0.78), (0.95, 0.80))),
    "lean": (((0.18, 0.97),), ((0.32, 0.97),)),
    "wide": (((0.26, 0.80), (0.24, 0.97)), ((0.74, 0.80), (0.76, 0.97))),
    "sit": (((0.74, 0.76), (0.70, 0.96)), ((0.84, 0.76), (0.86, 0.97))),
    "ride": (((0.60, 0.80), (0.52, 0.93)), ((0.68, 0.80), (0.58, 0.97))),
}


@dataclass(frozen=True)
class Worn:
    """One garment: its sense and how it is painted."""

    sense: str
    look: Look


@dataclass(frozen=True)
class _Body:
    pen: Pen
    sense: str
    skin: Rgb
    hair: Rgb
    trousers: Rgb
    sleeve: Rgb
    x: float
    y: float
    r: float

    @property
    def female(self) -> bool:
        return self.sense in ("woman", "girl")

    @property
    def across(self) -> float:
        """The head's radius as a fraction of the box's width."""
        return self.r / self.pen.aspect


def draw_person(pen: Pen, sense: str, worn: list[Worn], size: tuple[float, float]) -> None:
    """Draw who is in ``pen``'s box of ``size`` pixels (width, height), looking to the right."""
    look, pose = pen.look, POSES[pen.look.pose]
    rng = look.rng
    old, young = "old" in look.attributes, "young" in look.attributes
    upper = next((garment for garment in worn if garment.sense in UPPER), None)
    hair = OLD_HAIR if old else rng.choice(YOUNG_HAIRS if young else HAIRS)
    trousers = rng.choice(CHILD_TROUSERS if sense in CHILDREN else TROUSERS)
    skin = vary(rng, rng.choice(SKINS), 5)
    sleeve = upper.look.main if upper else skin
    body = _Body(pen, sense, skin, vary(rng, hair, 7), vary(rng, trousers), sleeve, pose.axis, *pose.head)
    bare = upper is not None and upper.sense == "dress"
    if pose.legs == "lie":
        _lying(body, worn, size)
        return
    _hair_behind(body, old)
    _arm(body, pose.back, pose.trunk)
    _legs(body, pose.legs, pose.trunk[1], bare)
    shoulders = pose.trunk[0]
    pen.box(body.x - 0.8 * body.across, shoulders, body.x + 0.8 * body.across, pose.trunk[1], body.skin, radius=3)
    pen.line(((body.x, body.y), (body.x, shoulders + 0.02)), body.skin, 0.075 * size[1])
    for garment in worn:
        if garment.sense in UPPER:
            _dress(pen, garment, size)
    _arm(body, pose.front, pose.trunk)
    _head(body, old, young)
    for garment in worn:
        if garment.sense not in UPPER:
            _dress(pen, garment, size)
    if look.pose == "look":
        _arm(body, pose.front, pose.trunk)
    if look.pose == "swim":
        pen.line(((0.0, 0.93), (0.2, 0.99), (0.4, 0.93), (0.6, 0.99), (0.8, 0.93), (1.0, 0.98)), (206, 232, 244), 2)


def _dress(pen: Pen, garment: Worn, size: tuple[float, float]) -> None:
    """Draw a garment on a layer of its own and lay it on the body."""
    width, height = size
    x0, y0, x1, y1 = garment_box(garment.sense, POSES[pen.look.pose], (0.0, 0.0, width, height), 1)
    turned = POSES[pen.look.pose].legs == "lie" and garment.sense in UPPER
    cloth = Pen(y1 - y0 if turned else x1 - x0, x1 - x0 if turned else y1 - y0, garment.look)
    GARMENTS[garment.sense](cloth)
    layer = cloth.layer.transpose(Image.Transpose.ROTATE_90) if turned else cloth.layer
    pen.layer.alpha_composite(layer, (max(0, round(2 * x0)), max(0, round(2 * y0))))


def _arm(body: _Body, hand: tuple[float, float], trunk: tuple[float, float]) -> None:
    side = 1 if hand[0] > body.x else -1
    height = body.pen.height / 2
    shoulder = (body.x + 0.86 * side * body.across, trunk[0] + 0.05)
    elbow = ((shoulder[0] + hand[0]) / 2 + 0.03 * side, (shoulder[1] + hand[1]) / 2 + 0.035)
    width = min(6.5, 0.068 * height)
    body.pen.line((shoulder, elbow, hand), darker(body.skin, 0.45), width + 1)
    body.pen.line((shoulder, elbow, hand), body.skin, width)
    body.pen.line((shoulder, elbow), darker(body.sleeve, 0.42), width + 2.2)
    body.pen.line((shoulder, elbow), body.sleeve, width + 1)
    body.pen.circle(hand[0], min(0.97, hand[1]), 0.62 * width / height, body.skin, darker(body.skin, 0.45), 0.6)


def _legs(body: _Body, style: str, hip: float, bare: bool) -> None:
    if style == "none":
        return
    height, pen = body.pen.height / 2, body.pen
    width = min(8.5, 0.088 * height)
    half = 0.42 * body.across
    standing = (((body.x - 1.2 * half, 0.97),), ((body.x + 1.2 * half, 0.97),))
    color = body.skin if bare else body.trousers
    for side, joints in zip((-1, 1), LEGS.get(style, standing), strict=True):
        points = ((body.x + side * half, hip - 0.02), *joints)
        pen.line(points, darker(color, 0.4), width + 1.2)
        pen.line(points, color, width)
        x, y = points[-1]
        if body.sense == "boy":  # in shorts
            knee = ((points[-2][0] + x) / 2, (points[-2][1] + y) / 2)
            pen.line((knee, (x, y)), darker(body.skin, 0.4), width + 1.2)
            pen.line((knee, (x, y)), body.skin, width)
        toe = (min(0.98, x + 0.045 / pen.aspect), y)
        pen.line(((x - 0.01, y), toe), SHOE, min(5.0, 0.055 * height))


def _hair_behind(body: _Body, old: bool) -> None:
    """Hair that falls behind the shoulders."""
    pen, x, y, r, across = body.pen, body.x, body.y, body.r, body.across
    if body.sense == "woman" and not old:
        pen.box(
            x - 1.08 * across, y - 0.7 * r, x + 0.62 * across, y + 1.75 * r, body.hair, radius=5, line=darker(body.hair)
        )
    if body.sense == "girl":
        for side in (-1, 1):
            pen.circle(x + 1.15 * side * across, y + 0.15 * r, 0.42 * r, body.hair, darker(body.hair), 0.8)
            pen.circle(x + 1.25 * side * across, y + 0.75 * r, 0.30 * r, body.hair, darker(body.hair), 0.8)


def _head(body: _Body, old: bool, young: bool) -> None:
    pen, x, y, r, across = body.pen, body.x, body.y, body.r, body.across
    edge = darker(body.skin, 0.35)
    hair, line = body.hair, darker(body.hair, 0.35)
    if body.sense == "woman" and old:
        pen.circle(x - 0.1 * across, y - 0.86 * r, 0.34 * r, hair, line, 0.8)
    pen.circle(x, y - 0.08 * r, 0.95 * r, hair, line, 0.8)
    pen.ellipse(x - 0.84 * across, y - 0.62 * r, x + 0.90 * across, y + 0.98 * r, body.skin, edge)
    if body.sense == "man":
        if old:
            pen.ellipse(x - 0.80 * across, y - 1.0 * r, x + 0.86 * across, y + 0.2 * r, body.skin)
            pen.pie(x - 0.72 * across, y - 0.1 * r, x + 0.80 * across, y + 1.04 * r, 5, 175, hair, line)
        else:
            pen.pie(x - 0.92 * across, y - 1.0 * r, x + 0.94 * across, y + 0.5 * r, 180, 350, hair)
            pen.arc(
                x - 0.66 * across, y - 0.1 * r, x + 0.74 * across, y + 0.98 * r, 15, 165, darker(body.skin, 0.4), 1.6
            )
    elif body.sense == "boy":
        for k in range(5):
            left = x + (-0.86 + 0.34 * k) * across
            pen.polygon(
                [(left, y - 0.40 * r), (left + 0.24 * across, y - 1.03 * r), (left + 0.46 * across, y - 0.40 * r)], hair
            )
    else:
        pen.pie(x - 0.95 * across, y - 1.02 * r, x + 0.95 * across, y + 0.62 * r, 180, 300, hair)
        pen.pie(x - 0.35 * across, y - 1.02 * r, x + 0.98 * across, y + 0.30 * r, 230, 360, hair)
    if body.sense == "girl":
        pen.circle(x - 0.8 * across, y - 0.75 * r, 0.20 * r, (236, 84, 120), (150, 40, 70), 0.6)
    for eye in (-0.22, 0.46):
        pen.circle(x + eye * across, y + 0.10 * r, 0.12 * r, INK)
        if body.female:
            pen.line(((x + (eye - 0.18) * across, y - 0.06 * r), (x + (eye + 0.16) * across, y - 0.10 * r)), INK, 0.7)
    for cheek in (-0.46, 0.66):
        pen.circle(
            x + cheek * across,
            y + 0.42 * r,
            0.13 * r,
            (242, 150, 136) if sum(body.skin) > 480 else lighter(body.skin, 0.15),
        )
    mouth = (190, 50, 60) if body.female else darker(body.skin, 0.6)
    if body.sense == "man" and not old:
        pen.line(
            ((x - 0.20 * across, y + 0.44 * r), (x + 0.13 * across, y + 0.36 * r), (x + 0.46 * across, y + 0.44 * r)),
            hair,
            2.2,
        )
        pen.arc(x - 0.14 * across, y + 0.34 * r, x + 0.40 * across, y + 0.74 * r, 25, 155, mouth, 1)
    elif not old or body.sense == "woman":
        pen.arc(x - 0.18 * across, y + 0.26 * r, x + 0.46 * across, y + 0.70 * r, 20, 160, mouth, 1)
    else:
        pen.line(((x, y + 0.50 * r), (x + 0.30 * across, y + 0.50 * r)), darker(body.skin, 0.5), 1)
    if young:
        for dx, dy in ((-0.5, 0.26), (-0.36, 0.34), (0.6, 0.26), (0.74, 0.34)):
            pen.circle(x + dx * across, y + dy * r, 0.045 * r, darker(body.skin, 0.4))


def _lying(body: _Body, worn: list[Worn], size: tuple[float, float]) -> None:
    """On the back, the head at the left."""
    pen = body.pen
    bare = any(garment.sense == "dress" for garment in worn)
    color = body.skin if bare else body.trousers
    for y in (0.50, 0.74):
        pen.line(((0.56, y), (0.93, y)), darker(color, 0.4), 0.22 * size[1])
        pen.line(((0.56, y), (0.93, y)), color, 0.18 * size[1])
        pen.line(((0.955, y - 0.1), (0.96, y)), SHOE, 0.15 * size[1])
    pen.box(0.02, 0.05, 0.16, 0.96, body.hair, radius=5, line=darker(body.hair))
    pen.box(0.2, 0.42, 0.4, 0.80, body.skin)
    for garment in worn:
        if garment.sense in UPPER:
            _dress(pen, garment, size)
    pen.line(((0.30, 0.50), (0.42, 0.66), (0.52, 0.60)), darker(body.sleeve, 0.4), 0.16 * size[1])
    pen.line(((0.30, 0.50), (0.42, 0.66), (0.52, 0.60)), body.sleeve, 0.12 * size[1])
    pen.circle(0.53, 0.60, 0.09, body.skin, darker(body.skin, 0.4), 0.6)
    _head(body, "old" in pen.look.attributes, "young" in pen.look.attributes)
    for garment in worn:
        if garment.sense not in UPPER:
            _dress(pen, garment, size)
