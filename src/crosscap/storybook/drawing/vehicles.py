"""Things that ride, drive and float, looking to the right."""

from __future__ import annotations

from crosscap.storybook.drawing.palette import INK, Rgb, darker, lighter
from crosscap.storybook.drawing.pen import Pen

GLASS: Rgb = (188, 222, 238)
RUBBER: Rgb = (44, 44, 50)
STEEL: Rgb = (190, 194, 202)
LIGHT: Rgb = (255, 236, 150)


def draw_bicycle(pen: Pen) -> None:
    for x in (0.235, 0.765):
        pen.circle(x, 0.62, 0.375, None, RUBBER, 2.6)
        for dx, dy in ((0.15, 0.24), (0.0, 0.34), (0.21, 0.0), (-0.15, 0.24)):
            pen.line(((x - dx, 0.62 - dy), (x + dx, 0.62 + dy)), STEEL, 0.5)
    frame = [(0.235, 0.62), (0.36, 0.24), (0.67, 0.22), (0.47, 0.64), (0.235, 0.62)]
    for points in (frame, [(0.36, 0.24), (0.47, 0.64)], [(0.64, 0.06), (0.765, 0.62)]):
        pen.body_line(points, 2.6)
    pen.line(((0.34, 0.24), (0.32, 0.13)), STEEL, 1.6)
    pen.line(((0.24, 0.12), (0.40, 0.12)), INK, 3.4)
    pen.line(((0.60, 0.03), (0.76, 0.10)), INK, 2.4)
    pen.circle(0.47, 0.64, 0.075, STEEL, INK)
    pen.line(((0.47, 0.64), (0.53, 0.82)), INK, 1.4)


def draw_motorcycle(pen: Pen) -> None:
    for x in (0.20, 0.80):
        pen.circle(x, 0.70, 0.295, RUBBER)
        pen.circle(x, 0.70, 0.165, STEEL, INK)
        pen.circle(x, 0.70, 0.05, INK)
    pen.line(((0.80, 0.70), (0.70, 0.10)), STEEL, 3)
    pen.line(((0.02, 0.82), (0.44, 0.76)), STEEL, 4)
    pen.box(0.32, 0.50, 0.62, 0.80, (96, 98, 106), radius=3, line=INK)
    pen.body_polygon([(0.06, 0.36), (0.20, 0.28), (0.46, 0.38), (0.40, 0.56), (0.16, 0.54)])
    pen.body_polygon([(0.42, 0.40), (0.50, 0.22), (0.70, 0.20), (0.74, 0.42), (0.56, 0.54)])
    pen.line(((0.10, 0.30), (0.42, 0.34)), INK, 4)
    pen.line(((0.60, 0.04), (0.74, 0.10)), INK, 2.6)
    pen.body_pie(0.62, 0.38, 0.99, 1.0, 200, 330)
    pen.circle(0.77, 0.22, 0.10, LIGHT, INK)
    pen.line(((0.58, 0.02), (0.56, 0.0)), INK, 2)


def draw_car(pen: Pen) -> None:
    roof = 0.0
    if pen.look.pose == "open":
        roof = -0.05
        pen.polygon([(0.66, 0.02), (0.70, 0.0), (0.82, 0.40), (0.76, 0.40)], GLASS, INK)
        pen.line(((0.24, 0.30), (0.22, 0.12), (0.30, 0.10), (0.33, 0.34)), INK, 2.6)
        pen.body_polygon(
            [
                (0.0, 0.46),
                (0.06, 0.34),
                (0.36, 0.32),
                (0.78, 0.36),
                (0.95, 0.44),
                (1.0, 0.60),
                (0.99, 0.82),
                (0.0, 0.82),
            ]
        )
    else:
        pen.body_polygon([(0.16, 0.44), (0.28, 0.02), (0.64, 0.0), (0.82, 0.44)])
        pen.polygon([(0.23, 0.40), (0.315, 0.10), (0.44, 0.09), (0.44, 0.40)], GLASS, pen.outline)
        pen.polygon([(0.48, 0.40), (0.48, 0.09), (0.61, 0.09), (0.735, 0.40)], GLASS, pen.outline)
        pen.polygon([(0.27, 0.36), (0.33, 0.14), (0.37, 0.14), (0.31, 0.36)], lighter(GLASS, 0.6))
        pen.body_polygon(
            [(0.0, 0.52), (0.05, 0.40), (0.84, 0.40), (0.96, 0.50), (1.0, 0.64), (0.99, 0.84), (0.0, 0.84)]
        )
    pen.line(((0.46, 0.46 + roof), (0.46, 0.78)), pen.outline, 0.8)
    pen.line(((0.50, 0.54 + roof), (0.56, 0.54 + roof)), pen.outline, 1.4)
    pen.line(((0.02, 0.70), (0.98, 0.70)), pen.look.light, 1)
    pen.ellipse(0.92, 0.52, 1.0, 0.66, LIGHT, INK)
    pen.box(0.0, 0.54, 0.035, 0.66, (222, 60, 52))
    for x in (0.22, 0.78):
        pen.circle(x, 0.80, 0.195, RUBBER)
        pen.circle(x, 0.80, 0.10, STEEL, INK)


def draw_bus(pen: Pen) -> None:
    pen.body_box(0.0, 0.0, 1.0, 0.88, radius=6)
    pen.box(0.01, 0.60, 0.99, 0.68, pen.look.light)
    for column in range(4):
        x = 0.05 + 0.16 * column
        pen.box(x, 0.14, x + 0.13, 0.50, GLASS, radius=2, line=pen.outline)
        pen.line(((x + 0.03, 0.42), (x + 0.07, 0.20)), lighter(GLASS, 0.7), 1.2)
    pen.box(0.69, 0.10, 0.90, 0.53, GLASS, radius=2, line=pen.outline)
    pen.box(0.93, 0.14, 1.0, 0.56, GLASS, radius=2, line=pen.outline)
    pen.ellipse(0.95, 0.66, 1.0, 0.76, LIGHT, INK)
    for x in (0.20, 0.78):
        pen.circle(x, 0.855, 0.14, RUBBER)
        pen.circle(x, 0.855, 0.07, STEEL, INK)


def draw_boat(pen: Pen) -> None:
    pen.polygon([(0.06, 0.34), (0.86, 0.34), (0.82, 0.50), (0.10, 0.50)], darker((168, 120, 72), 0.2))
    pen.body_polygon([(0.0, 0.26), (0.07, 0.40), (0.80, 0.40), (1.0, 0.0), (0.86, 0.98), (0.12, 0.98)])
    pen.line(((0.03, 0.44), (0.82, 0.44), (0.97, 0.14)), (250, 246, 236), 2.2)
    pen.line(((0.08, 0.72), (0.88, 0.72)), pen.look.dark, 1)
    pen.line(((0.10, 0.96), (0.34, 0.99), (0.60, 0.96), (0.88, 0.99)), (214, 236, 246), 2)


def draw_skateboard(pen: Pen) -> None:
    for x in (0.24, 0.76):
        pen.circle(x, 0.76, 0.23, (240, 232, 214), INK, 1.2)
    pen.body_line(((0.03, 0.14), (0.16, 0.42), (0.84, 0.42), (0.97, 0.14)), 4.6)


def draw_surfboard(pen: Pen) -> None:
    pen.body_polygon(
        [(0.0, 0.50), (0.10, 0.20), (0.35, 0.03), (0.70, 0.05), (0.92, 0.28), (1.0, 0.46), (0.92, 0.70), (0.70, 0.93),
         (0.35, 0.97), (0.10, 0.80)]
    )  # fmt: skip
    pen.line(((0.05, 0.50), (0.95, 0.48)), pen.look.light if sum(pen.look.main) < 480 else pen.look.dark, 1.6)
    pen.polygon([(0.10, 0.36), (0.20, 0.50), (0.10, 0.64)], pen.look.dark)
