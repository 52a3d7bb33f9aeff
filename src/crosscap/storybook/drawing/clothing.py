"""What people wear; each piece fills its own box."""

from __future__ import annotations

from crosscap.storybook.drawing.palette import INK, darker, lighter
from crosscap.storybook.drawing.pen import Pen


def draw_shirt(pen: Pen) -> None:
    pen.body_polygon(
        [(0.0, 0.16), (0.22, 0.0), (0.78, 0.0), (1.0, 0.16), (0.96, 0.42), (0.86, 0.40), (0.86, 1.0), (0.14, 1.0),
         (0.14, 0.40), (0.04, 0.42)]
    )  # fmt: skip
    pen.arc(0.32, -0.14, 0.68, 0.16, 0, 180, pen.outline, 1)


def draw_jacket(pen: Pen) -> None:
    pen.body_polygon(
        [(0.0, 0.14), (0.22, 0.0), (0.78, 0.0), (1.0, 0.14), (1.0, 0.56), (0.90, 0.56), (0.92, 1.0), (0.08, 1.0),
         (0.10, 0.56), (0.0, 0.56)]
    )  # fmt: skip
    shirt = (250, 248, 240) if sum(pen.look.main) < 560 else (70, 78, 104)
    pen.polygon([(0.34, 0.0), (0.66, 0.0), (0.50, 0.34)], shirt, pen.outline)
    pen.line(((0.50, 0.34), (0.50, 0.98)), pen.outline, 1.8)
    for y in (0.48, 0.68, 0.88):
        pen.circle(0.57, y, 0.03, lighter(pen.look.main, 0.7), pen.outline, 0.5)
    for x in (0.18, 0.66):
        pen.line(((x, 0.74), (x + 0.16, 0.74)), pen.outline, 1.2)


def draw_dress(pen: Pen) -> None:
    pen.body_polygon(
        [(0.26, 0.0), (0.74, 0.0), (0.86, 0.18), (0.72, 0.42), (1.0, 1.0), (0.0, 1.0), (0.28, 0.42), (0.14, 0.18)]
    )
    pen.line(((0.28, 0.43), (0.72, 0.43)), pen.look.dark if not pen.look.pattern else pen.outline, 2)
    pen.line(((0.02, 0.96), (0.98, 0.96)), pen.look.light, 1.4)


def draw_hat(pen: Pen) -> None:
    pen.body_pie(0.16, 0.0, 0.84, 1.56, 180, 360)
    pen.box(0.16, 0.58, 0.84, 0.76, pen.look.dark if sum(pen.look.main) > 200 else pen.look.light)
    pen.body_box(0.0, 0.72, 1.0, 1.0, radius=2.5)


def draw_scarf(pen: Pen) -> None:
    pen.body_box(0.54, 0.20, 0.88, 1.0, radius=1.5)
    for x in (0.60, 0.71, 0.82):
        pen.line(((x, 0.92), (x, 1.0)), pen.outline, 0.8)
    pen.body_box(0.0, 0.0, 1.0, 0.46, radius=4)


def draw_eyewear(pen: Pen) -> None:
    frame = pen.look.main
    lens = (220, 236, 244) if "black" in pen.look.attributes else lighter(frame, 0.75)
    for x in (0.0, 0.54):
        pen.box(x, 0.04, x + 0.46, 0.98, lens, radius=4, line=frame)
        pen.arc(x, 0.04, x + 0.46, 0.98, 0, 360, frame, 1.6)
        pen.circle(x + 0.26, 0.52, 0.13, INK)
    pen.line(((0.44, 0.44), (0.56, 0.44)), darker(frame, 0.2), 1.6)
    pen.line(((0.0, 0.36), (0.02, 0.30)), frame, 1.4)
