"""What stands in rooms and gardens."""

from __future__ import annotations

from crosscap.storybook.drawing.palette import Rgb, darker, lighter, mix, vary
from crosscap.storybook.drawing.pen import Pen

BARK: Rgb = (118, 84, 56)
LEAF: Rgb = (76, 150, 66)
GLASS: Rgb = (186, 220, 236)


def draw_lamp(pen: Pen) -> None:
    pen.line(((0.5, 0.30), (0.5, 0.94)), (96, 84, 78), 2.2)
    pen.ellipse(0.14, 0.92, 0.86, 1.0, (96, 84, 78))
    pen.ellipse(0.36, 0.30, 0.64, 0.42, (255, 240, 168))
    pen.body_polygon([(0.26, 0.0), (0.74, 0.0), (1.0, 0.36), (0.0, 0.36)])
    pen.line(((0.08, 0.335), (0.92, 0.335)), (255, 238, 170), 1.6)


def draw_table(pen: Pen) -> None:
    for x in (0.14, 0.86):
        pen.line(((x, 0.2), (x, 0.82)), pen.outline, 3)
    for x in (0.06, 0.94):
        pen.body_line(((x, 0.2), (x, 0.96)), 4)
    pen.body_box(0.02, 0.12, 0.98, 0.30, radius=1)
    pen.body_box(0.0, 0.0, 1.0, 0.16, radius=3)
    pen.line(((0.02, 0.05), (0.98, 0.05)), pen.look.light, 1)


def draw_chair(pen: Pen) -> None:
    """The back is at the left: who sits looks to the right."""
    for x in (0.22, 0.80):
        pen.line(((x, 0.55), (x, 0.94)), pen.outline, 2.4)
    pen.body_line(((0.07, 0.04), (0.07, 0.96)), 4)
    pen.body_line(((0.93, 0.56), (0.93, 0.96)), 4)
    for y in (0.10, 0.26):
        pen.body_box(0.04, y, 0.30, y + 0.10, radius=1)
    pen.body_line(((0.30, 0.03), (0.30, 0.52)), 3)
    pen.body_box(0.0, 0.51, 1.0, 0.62, radius=2)


def draw_bench(pen: Pen) -> None:
    for x in (0.10, 0.90):
        pen.line(((x, 0.02), (x, 0.97)), (66, 64, 70), 3)
        pen.line(((x - 0.06, 0.97), (x + 0.06, 0.97)), (66, 64, 70), 3)
    for y in (0.0, 0.20):
        pen.body_box(0.0, y, 1.0, y + 0.15, radius=1)
    pen.body_box(0.0, 0.48, 1.0, 0.62, radius=2)
    pen.box(0.01, 0.62, 0.99, 0.68, pen.look.dark)


def draw_bed(pen: Pen) -> None:
    wood = (146, 98, 60)
    pen.box(0.0, 0.0, 0.06, 1.0, wood, radius=2, line=darker(wood))
    pen.box(0.94, 0.30, 1.0, 1.0, wood, radius=2, line=darker(wood))
    pen.box(0.04, 0.72, 0.96, 0.90, wood, line=darker(wood))
    pen.box(0.05, 0.48, 0.95, 0.74, (244, 240, 232), radius=4, line=(188, 182, 176))
    pen.box(0.07, 0.34, 0.27, 0.54, (250, 250, 250), radius=6, line=(190, 190, 196))
    pen.body_polygon([(0.32, 0.48), (0.95, 0.48), (0.95, 0.84), (0.30, 0.84)])
    pen.box(0.30, 0.46, 0.40, 0.84, pen.look.light, radius=2, line=pen.outline)


def draw_sofa(pen: Pen) -> None:
    for x in (0.10, 0.90):
        pen.line(((x, 0.9), (x, 0.98)), (84, 62, 48), 4)
    pen.body_box(0.06, 0.0, 0.94, 0.70, radius=7)
    pen.line(((0.5, 0.05), (0.5, 0.48)), pen.outline, 1)
    pen.box(0.10, 0.46, 0.50, 0.74, pen.look.light, radius=4, line=pen.outline)
    pen.box(0.50, 0.46, 0.90, 0.74, pen.look.light, radius=4, line=pen.outline)
    pen.body_box(0.08, 0.70, 0.92, 0.94, radius=3)
    pen.body_box(0.0, 0.28, 0.13, 0.94, radius=6)
    pen.body_box(0.87, 0.28, 1.0, 0.94, radius=6)


def draw_tree(pen: Pen) -> None:
    pen.polygon([(0.44, 0.55), (0.56, 0.55), (0.64, 1.0), (0.36, 1.0)], BARK, darker(BARK))
    pen.line(((0.50, 0.70), (0.68, 0.54)), BARK, 3)
    leaf = vary(pen.look.rng, LEAF, 14)
    blobs = (
        (0.28, 0.44, 0.18),
        (0.72, 0.44, 0.18),
        (0.28, 0.26, 0.17),
        (0.74, 0.26, 0.165),
        (0.50, 0.18, 0.18),
        (0.50, 0.40, 0.22),
    )
    for x, y, r in blobs:
        pen.circle(x, y, r, darker(leaf, 0.18), darker(leaf, 0.4), 1)
    for x, y, r in blobs:
        pen.circle(x - 0.02, y - 0.015, 0.88 * r, leaf)
    for x, y in ((0.34, 0.22), (0.58, 0.14), (0.62, 0.34), (0.28, 0.40), (0.46, 0.46)):
        pen.circle(x, y, 0.045, lighter(leaf, 0.25))


def draw_flower(pen: Pen) -> None:
    stem = (64, 138, 62)
    pen.line(((0.5, 0.36), (0.5, 0.99)), stem, 2.4)
    pen.ellipse(0.02, 0.66, 0.50, 0.80, lighter(stem, 0.15), darker(stem))
    pen.ellipse(0.50, 0.58, 0.98, 0.72, lighter(stem, 0.15), darker(stem))
    for x, y in ((0.5, 0.13), (0.22, 0.22), (0.78, 0.22), (0.32, 0.40), (0.68, 0.40)):
        pen.circle(x, y, 0.13, pen.look.main, pen.outline, 0.8)
    pen.circle(0.5, 0.27, 0.09, (250, 206, 66), (190, 130, 40), 0.8)


def draw_house(pen: Pen) -> None:
    roof = mix(darker(pen.look.main, 0.45), (128, 62, 50), 0.5)
    pen.box(0.72, 0.06, 0.82, 0.30, darker(roof, 0.2))
    pen.body_box(0.08, 0.38, 0.92, 1.0)
    pen.polygon([(0.0, 0.42), (0.5, 0.0), (1.0, 0.42)], roof, darker(roof, 0.4))
    for k in (0.14, 0.28):
        pen.line(((0.5 - 1.1 * k, k + 0.02), (0.5 + 1.1 * k, k + 0.02)), darker(roof, 0.25), 0.8)
    door = (122, 78, 50)
    pen.box(0.42, 0.66, 0.60, 1.0, door, radius=2, line=darker(door))
    pen.circle(0.57, 0.84, 0.014, (240, 214, 110))
    for x in (0.16, 0.68):
        pen.box(x, 0.54, x + 0.17, 0.76, GLASS, line=(250, 250, 246))
        pen.line(((x + 0.085, 0.54), (x + 0.085, 0.76)), (250, 250, 246), 1.2)
        pen.line(((x, 0.65), (x + 0.17, 0.65)), (250, 250, 246), 1.2)
    pen.circle(0.5, 0.25, 0.06, GLASS, (250, 250, 246), 1)


def draw_fence(pen: Pen) -> None:
    for y in (0.32, 0.70):
        pen.body_box(0.0, y, 1.0, y + 0.13)
    posts = 7
    for k in range(posts):
        x = k / (posts - 1) * 0.91
        pen.body_polygon([(x, 0.14), (x + 0.045, 0.0), (x + 0.09, 0.14), (x + 0.09, 1.0), (x, 1.0)])
