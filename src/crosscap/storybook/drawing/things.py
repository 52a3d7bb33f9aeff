"""Things one can hold, play, eat or read."""

from __future__ import annotations

from math import cos, pi, sin

from crosscap.storybook.drawing.palette import INK, Rgb, darker, lighter
from crosscap.storybook.drawing.pen import Pen

PAPER: Rgb = (252, 248, 236)
STICK: Rgb = (120, 92, 66)


def draw_football(pen: Pen) -> None:
    pen.ellipse(0, 0, 1, 1, (250, 250, 248), INK)
    star = [(0.5 + 0.19 * sin(2 * pi * k / 5), 0.5 - 0.19 * cos(2 * pi * k / 5)) for k in range(5)]
    pen.polygon(star, INK)
    for k in range(5):
        dx, dy = sin(2 * pi * k / 5), -cos(2 * pi * k / 5)
        pen.line(((0.5 + 0.19 * dx, 0.5 + 0.19 * dy), (0.5 + 0.36 * dx, 0.5 + 0.36 * dy)), INK, 0.9)
        tip = [(0.5 + r * sin(2 * pi * k / 5 + a), 0.5 - r * cos(2 * pi * k / 5 + a))
               for r, a in ((0.34, 0.0), (0.46, 0.36), (0.485, 0.0), (0.46, -0.36))]  # fmt: skip
        pen.polygon(tip, INK)


def draw_basketball(pen: Pen) -> None:
    orange = (228, 112, 34)
    line = darker(orange, 0.65)
    pen.ellipse(0, 0, 1, 1, orange, line)
    pen.line(((0.5, 0.02), (0.5, 0.98)), line, 1)
    pen.line(((0.02, 0.5), (0.98, 0.5)), line, 1)
    pen.arc(-0.55, 0.08, 0.30, 0.92, -52, 52, line, 1)
    pen.arc(0.70, 0.08, 1.55, 0.92, 128, 232, line, 1)


def draw_guitar(pen: Pen) -> None:
    pen.line(((0.50, 0.44), (0.90, 0.24)), darker(STICK, 0.4), 3.2)
    pen.box(0.88, 0.04, 1.0, 0.34, darker(STICK, 0.55), radius=2)
    pen.body_ellipse(0.30, 0.18, 0.62, 0.92)
    pen.body_ellipse(0.0, 0.06, 0.44, 1.0)
    pen.body_ellipse(0.24, 0.24, 0.52, 0.88)
    pen.ellipse(0.34, 0.36, 0.48, 0.70, darker(pen.look.main, 0.72))
    pen.line(((0.16, 0.40), (0.18, 0.72)), INK, 2)
    for shift in (0.0, 0.07):
        pen.line(((0.17, 0.52 + shift), (0.90, 0.20 + shift)), PAPER, 0.5)


def draw_piano(pen: Pen) -> None:
    """An upright piano; who plays it stands at its left."""
    pen.line(((0.06, 0.60), (0.06, 0.98)), pen.outline, 3)
    pen.body_box(0.20, 0.0, 1.0, 0.98, radius=3)
    pen.box(0.27, 0.10, 0.93, 0.36, pen.look.light, radius=2, line=pen.outline)
    pen.box(0.36, 0.16, 0.52, 0.34, PAPER, line=(150, 140, 130))
    pen.body_box(0.0, 0.56, 0.98, 0.66, radius=1)
    pen.box(0.02, 0.47, 0.96, 0.57, PAPER, line=INK)
    for key in range(14):
        x = 0.05 + key * 0.065
        pen.line(((x, 0.47), (x, 0.56)), (150, 144, 140), 0.5)
        if key % 7 not in (2, 6):
            pen.box(x + 0.018, 0.47, x + 0.046, 0.53, INK)
    pen.line(((0.55, 0.92), (0.66, 0.92)), (232, 190, 84), 2)


def draw_kite(pen: Pen) -> None:
    pen.line(((0.50, 0.74), (0.38, 0.82), (0.56, 0.88), (0.42, 0.99)), STICK, 1)
    for x, y in ((0.40, 0.82), (0.52, 0.90)):
        pen.polygon(
            [(x - 0.10, y - 0.04), (x + 0.10, y + 0.04), (x + 0.10, y - 0.04), (x - 0.10, y + 0.04)], pen.look.dark
        )
    pen.body_polygon([(0.5, 0.0), (1.0, 0.32), (0.5, 0.78), (0.0, 0.32)])
    pen.line(((0.5, 0.0), (0.5, 0.78)), pen.outline, 1)
    pen.line(((0.0, 0.32), (1.0, 0.32)), pen.outline, 1)


def draw_club(pen: Pen) -> None:
    pen.body_polygon([(0.06, 0.04), (0.50, 0.0), (0.94, 0.04), (0.98, 0.30), (0.70, 0.74), (0.66, 0.94), (0.34, 0.94),
                      (0.30, 0.74), (0.02, 0.30)])  # fmt: skip
    pen.box(0.24, 0.92, 0.76, 1.0, pen.outline, radius=1)
    pen.line(((0.34, 0.80), (0.66, 0.80)), PAPER, 1.4)
    pen.line(((0.34, 0.86), (0.66, 0.86)), PAPER, 1.4)


def draw_book(pen: Pen) -> None:
    if pen.look.pose == "open":
        pen.body_polygon([(0.0, 0.12), (0.46, 0.22), (0.54, 0.22), (1.0, 0.12), (1.0, 0.94), (0.5, 1.0), (0.0, 0.94)])
        pen.polygon([(0.06, 0.06), (0.5, 0.18), (0.5, 0.90), (0.06, 0.80)], PAPER, (170, 160, 146))
        pen.polygon([(0.94, 0.06), (0.5, 0.18), (0.5, 0.90), (0.94, 0.80)], PAPER, (170, 160, 146))
        for row in (0.30, 0.45, 0.60):
            pen.line(((0.14, row - 0.04), (0.42, row + 0.03)), (150, 146, 150), 0.7)
            pen.line(((0.86, row - 0.04), (0.58, row + 0.03)), (150, 146, 150), 0.7)
        pen.line(((0.06, 0.04), (0.06, 0.0)), PAPER, 0.6)
        return
    pen.box(0.08, 0.10, 1.0, 1.0, PAPER, radius=1, line=(160, 150, 136))
    pen.body_box(0.0, 0.0, 0.94, 0.88, radius=2)
    pen.line(((0.12, 0.04), (0.12, 0.86)), pen.outline, 1.4)
    pen.box(0.30, 0.22, 0.78, 0.44, PAPER, radius=1)


def draw_umbrella(pen: Pen) -> None:
    pen.line(((0.5, 0.05), (0.5, 0.96)), STICK, 1.8)
    pen.arc(0.5, 0.88, 0.62, 0.99, 0, 180, STICK, 1.8)
    pen.line(((0.5, 0.0), (0.5, 0.08)), INK, 1.6)
    pen.body_pie(0.0, 0.04, 1.0, 0.86, 180, 360)
    for x in (0.0, 0.25, 0.5, 0.75):
        pen.pie(x, 0.40, x + 0.25, 0.52, 180, 360, pen.look.dark)
    for x in (0.25, 0.5, 0.75):
        pen.line(((0.5, 0.05), (x, 0.44)), pen.outline, 0.8)


def draw_cup(pen: Pen) -> None:
    pen.arc(0.60, 0.26, 1.0, 0.76, -100, 100, pen.outline, 4)
    pen.arc(0.62, 0.29, 0.98, 0.73, -100, 100, pen.look.main, 2.4)
    pen.body_polygon([(0.0, 0.06), (0.76, 0.06), (0.70, 0.88), (0.60, 1.0), (0.16, 1.0), (0.06, 0.88)])
    pen.ellipse(0.0, 0.0, 0.76, 0.18, lighter(pen.look.main, 0.5), pen.outline)
    pen.ellipse(0.10, 0.04, 0.66, 0.15, (104, 66, 44))


def draw_tumblers(pen: Pen) -> None:
    """Two drinking glasses, what is in them in the thing's colour."""
    for x in (0.0, 0.52):
        glass = (226, 240, 246)
        pen.polygon([(x, 0.0), (x + 0.48, 0.0), (x + 0.40, 1.0), (x + 0.08, 1.0)], glass, (104, 128, 144))
        pen.polygon([(x + 0.045, 0.34), (x + 0.435, 0.34), (x + 0.375, 0.92), (x + 0.105, 0.92)], pen.look.main)
        pen.ellipse(x + 0.05, 0.27, x + 0.43, 0.41, pen.look.light)
        pen.line(((x + 0.10, 0.12), (x + 0.15, 0.80)), (255, 255, 255), 1.2)


def draw_cake(pen: Pen) -> None:
    pen.ellipse(0.0, 0.86, 1.0, 1.0, (226, 228, 234), (160, 164, 172))
    pen.box(0.08, 0.48, 0.92, 0.94, darker((230, 186, 120), 0.15), radius=3, line=darker((200, 150, 90)))
    pen.line(((0.10, 0.74), (0.90, 0.74)), (250, 240, 220), 2)
    pen.body_box(0.06, 0.40, 0.94, 0.62, radius=4)
    for x in (0.14, 0.32, 0.50, 0.68, 0.86):
        pen.ellipse(x - 0.08, 0.52, x + 0.08, 0.72, pen.look.main)
    for x, color in ((0.28, (226, 66, 60)), (0.50, (60, 122, 210)), (0.72, (70, 168, 90))):
        pen.line(((x, 0.40), (x, 0.18)), color, 2)
        pen.ellipse(x - 0.04, 0.0, x + 0.04, 0.17, (255, 200, 70))


def draw_apple(pen: Pen) -> None:
    pen.body_ellipse(0.0, 0.18, 0.66, 1.0)
    pen.body_ellipse(0.34, 0.18, 1.0, 1.0)
    pen.ellipse(0.18, 0.22, 0.82, 0.98, pen.look.main)
    pen.line(((0.50, 0.26), (0.54, 0.02)), (96, 66, 44), 1.8)
    pen.ellipse(0.54, 0.02, 0.90, 0.20, (96, 172, 70), (54, 110, 44))
    pen.ellipse(0.16, 0.34, 0.32, 0.56, lighter(pen.look.main, 0.55))
