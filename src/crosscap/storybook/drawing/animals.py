"""Animals, looking to the right; ``pose`` moves heads, legs and wings."""

from __future__ import annotations

from crosscap.storybook.drawing.palette import INK, Rgb, darker, lighter, mix
from crosscap.storybook.drawing.pen import Pen

PINK: Rgb = (238, 168, 172)
BEAK: Rgb = (244, 158, 52)
WATER: Rgb = (196, 226, 240)


def draw_dog(pen: Pen) -> None:
    ear = darker(pen.look.main, 0.4) if sum(pen.look.main) > 200 else lighter(pen.look.main, 0.25)
    pose = pen.look.pose
    if pose == "lie":
        pen.body_line(((0.10, 0.80), (0.01, 0.62)), 3)
        pen.body_ellipse(0.04, 0.36, 0.84, 1.0)
        _dog_head(pen, ear, 0.60, 0.0, 0.40, 0.78)
        return
    if pose == "sit":
        pen.body_line(((0.22, 0.92), (0.02, 0.70)), 3.4)
        pen.body_ellipse(0.14, 0.42, 0.66, 1.0)
        pen.body_line(((0.60, 0.55), (0.64, 0.96)), 4.4)
        pen.body_line(((0.30, 0.96), (0.50, 0.96)), 4)
    else:
        pen.body_line(((0.16, 0.46), (0.06, 0.28), (0.02, 0.10)), 3)
        _legs(pen, (0.22, 0.32, 0.60, 0.70), 0.62, 4.6)
        pen.body_ellipse(0.10, 0.34, 0.76, 0.76)
    _dog_head(pen, ear, 0.56, 0.0, 0.44, 0.52)
    if pose == "swim":
        _ripple(pen)


def _dog_head(pen: Pen, ear: Rgb, x: float, y: float, w: float, h: float) -> None:
    """Head in the frame that starts at ``x, y``; the nose touches its right side."""
    pen.body_ellipse(x + 0.34 * w, y + 0.42 * h, x + w, y + 0.96 * h)
    pen.body_ellipse(x, y, x + 0.74 * w, y + 0.92 * h)
    pen.polygon([(x + 0.10 * w, y + 0.08 * h), (x - 0.12 * w, y + 0.78 * h), (x + 0.26 * w, y + 0.62 * h)], ear)
    pen.circle(x + 0.92 * w, y + 0.56 * h, 0.07 * h + 0.02, INK)
    pen.circle(x + 0.50 * w, y + 0.38 * h, 0.07 * h + 0.015, (255, 255, 255))
    pen.circle(x + 0.53 * w, y + 0.39 * h, 0.05 * h + 0.01, INK)
    pen.line(((x + 0.60 * w, y + 0.84 * h), (x + 0.84 * w, y + 0.82 * h)), INK, 0.8)


def draw_cat(pen: Pen) -> None:
    pose = pen.look.pose
    if pose == "lie":
        pen.body_line(((0.12, 0.88), (0.0, 0.72), (0.06, 0.42)), 2.6)
        pen.body_ellipse(0.06, 0.40, 0.80, 1.0)
        _cat_head(pen, 0.60, 0.0, 0.40, 0.80)
        return
    if pose == "sit":
        pen.body_line(((0.26, 0.94), (0.04, 0.86), (0.02, 0.54)), 2.6)
        pen.body_ellipse(0.20, 0.40, 0.70, 1.0)
        pen.body_line(((0.62, 0.60), (0.64, 0.97)), 3.4)
    else:
        pen.body_line(((0.16, 0.52), (0.04, 0.40), (0.02, 0.04)), 2.6)
        _legs(pen, (0.22, 0.32, 0.58, 0.68), 0.62, 3.4)
        pen.body_ellipse(0.12, 0.42, 0.74, 0.78)
    _cat_head(pen, 0.56, 0.0, 0.44, 0.60)


def _cat_head(pen: Pen, x: float, y: float, w: float, h: float) -> None:
    for left in (0.04, 0.60):
        pen.body_polygon(
            [(x + left * w, y + 0.42 * h), (x + (left + 0.12) * w, y), (x + (left + 0.36) * w, y + 0.30 * h)]
        )
    pen.body_ellipse(x, y + 0.18 * h, x + w, y + h)
    for eye in (0.36, 0.70):
        pen.ellipse(x + (eye - 0.09) * w, y + 0.44 * h, x + (eye + 0.09) * w, y + 0.64 * h, (184, 214, 92))
        pen.ellipse(x + (eye - 0.03) * w, y + 0.45 * h, x + (eye + 0.03) * w, y + 0.63 * h, INK)
    pen.polygon([(x + 0.48 * w, y + 0.68 * h), (x + 0.58 * w, y + 0.68 * h), (x + 0.53 * w, y + 0.77 * h)], PINK)
    whisker = (250, 250, 250) if sum(pen.look.main) < 330 else (120, 110, 110)
    for level in (0.74, 0.84):
        pen.line(((x + 0.60 * w, y + level * h), (x + w, y + (level - 0.05) * h)), whisker, 0.5)
        pen.line(((x + 0.44 * w, y + level * h), (x + 0.06 * w, y + (level - 0.05) * h)), whisker, 0.5)


def draw_horse(pen: Pen) -> None:
    mane = darker(pen.look.main, 0.55) if sum(pen.look.main) > 240 else lighter(pen.look.main, 0.35)
    pen.line(((0.12, 0.38), (0.04, 0.52), (0.03, 0.74)), mane, 5)
    _legs(pen, (0.17, 0.27, 0.57, 0.67), 0.54, 5.6, hoof=True)
    pen.body_ellipse(0.08, 0.30, 0.74, 0.66)
    if pen.look.pose == "graze":
        pen.body_polygon([(0.56, 0.36), (0.70, 0.36), (0.92, 0.74), (0.80, 0.80)])
        pen.body_polygon([(0.80, 0.68), (0.93, 0.70), (1.0, 0.94), (0.92, 0.98), (0.84, 0.88)])
        pen.line(((0.66, 0.33), (0.90, 0.70)), mane, 3.5)
        pen.circle(0.90, 0.80, 0.018, INK)
        pen.line(((0.02, 0.36), (0.10, 0.30)), mane, 3)
        return
    pen.body_polygon([(0.54, 0.40), (0.66, 0.08), (0.80, 0.10), (0.74, 0.50)])
    pen.body_polygon([(0.66, 0.06), (0.76, 0.03), (0.98, 0.22), (0.99, 0.31), (0.92, 0.33), (0.74, 0.26)])
    pen.body_polygon([(0.67, 0.09), (0.69, 0.0), (0.75, 0.06)])
    pen.line(((0.67, 0.06), (0.60, 0.20), (0.54, 0.38)), mane, 4.5)
    pen.circle(0.80, 0.14, 0.02, INK)
    pen.circle(0.955, 0.26, 0.012, INK)


def draw_cow(pen: Pen) -> None:
    pen.line(((0.06, 0.30), (0.02, 0.50), (0.01, 0.66)), pen.outline, 1.8)
    _legs(pen, (0.15, 0.25, 0.57, 0.67), 0.62, 5.4, hoof=True)
    pen.ellipse(0.28, 0.62, 0.44, 0.80, PINK)
    pen.body_box(0.06, 0.22, 0.76, 0.70, radius=7)
    drop = 0.46 if pen.look.pose == "graze" else 0.0
    pen.line(((0.76, 0.14 + drop), (0.73, 0.01 + drop)), (232, 220, 190), 2.6)
    pen.line(((0.88, 0.14 + drop), (0.92, 0.01 + drop)), (232, 220, 190), 2.6)
    pen.body_ellipse(0.62, 0.14 + drop, 0.74, 0.28 + drop)
    pen.body_box(0.70, 0.10 + drop, 0.96, 0.46 + drop, radius=5)
    pen.box(0.76, 0.34 + drop, 1.0, 0.54 + drop, PINK, radius=4, line=darker(PINK))
    pen.circle(0.85, 0.22 + drop, 0.03, INK)
    pen.circle(0.84, 0.44 + drop, 0.018, darker(PINK, 0.5))
    pen.circle(0.94, 0.44 + drop, 0.018, darker(PINK, 0.5))
    if drop:
        pen.line(((0.2, 0.23), (0.4, 0.21)), pen.outline, 1)


def draw_sheep(pen: Pen) -> None:
    skin = (74, 64, 66) if sum(pen.look.main) > 300 else (206, 190, 176)
    for x in (0.24, 0.34, 0.58, 0.68):
        pen.line(((x, 0.70), (x, 0.97)), skin, 3.6)
    for x, y, r in ((0.16, 0.44, 0.19), (0.20, 0.66, 0.17), (0.34, 0.28, 0.21), (0.54, 0.26, 0.22), (0.40, 0.70, 0.19),
                    (0.62, 0.68, 0.19), (0.72, 0.44, 0.20)):  # fmt: skip
        pen.circle(x, y, r, pen.look.main, pen.outline, 1)
    pen.body_ellipse(0.10, 0.18, 0.76, 0.80)
    for x, y in ((0.26, 0.40), (0.44, 0.34), (0.36, 0.58), (0.58, 0.52)):
        pen.arc(x - 0.07, y - 0.08, x + 0.07, y + 0.08, 20, 200, pen.outline, 0.7)
    pen.ellipse(0.02, 0.40, 0.14, 0.56, pen.look.light, pen.outline)
    drop = 0.34 if pen.look.pose == "graze" else 0.0
    pen.ellipse(0.70, 0.10 + drop, 0.84, 0.26 + drop, darker(skin, 0.2))
    pen.ellipse(0.74, 0.06 + drop, 0.99, 0.60 + drop, skin, darker(skin, 0.4))
    pen.circle(0.82, 0.10 + drop, 0.11, pen.look.main, pen.outline, 0.6)
    pen.circle(0.88, 0.28 + drop, 0.045, (255, 255, 255))
    pen.circle(0.89, 0.28 + drop, 0.026, INK)
    if drop:
        pen.circle(0.46, 0.16, 0.14, pen.look.main)


def draw_elephant(pen: Pen) -> None:
    pen.line(((0.05, 0.36), (0.01, 0.62)), pen.outline, 2)
    _legs(pen, (0.14, 0.26, 0.48, 0.60), 0.62, 10)
    pen.body_ellipse(0.03, 0.06, 0.70, 0.82)
    pen.body_line(((0.90, 0.40), (0.955, 0.62), (0.93, 0.90)), 7)
    pen.body_ellipse(0.60, 0.0, 0.97, 0.56)
    pen.line(((0.86, 0.50), (0.97, 0.56)), (250, 244, 226), 3)
    pen.ellipse(0.52, 0.04, 0.76, 0.60, pen.look.light, pen.outline)
    pen.circle(0.85, 0.22, 0.022, INK)


def draw_bird(pen: Pen) -> None:
    wing = darker(pen.look.main, 0.22)
    if pen.look.pose == "fly":
        pen.polygon([(0.46, 0.56), (0.16, 0.0), (0.66, 0.50)], wing, pen.outline)
        pen.body_polygon([(0.02, 0.50), (0.02, 0.74), (0.34, 0.66)])
        pen.body_ellipse(0.20, 0.44, 0.84, 0.88)
        pen.body_ellipse(0.66, 0.32, 0.92, 0.68)
        pen.polygon([(0.90, 0.44), (1.0, 0.54), (0.88, 0.58)], BEAK)
        pen.polygon([(0.50, 0.62), (0.30, 1.0), (0.70, 0.66)], wing, pen.outline)
        pen.circle(0.80, 0.46, 0.05, INK)
        return
    pen.line(((0.42, 0.78), (0.42, 0.99)), BEAK, 1.4)
    pen.line(((0.54, 0.78), (0.54, 0.99)), BEAK, 1.4)
    pen.body_polygon([(0.0, 0.34), (0.06, 0.56), (0.36, 0.66)])
    pen.body_ellipse(0.14, 0.28, 0.76, 0.88)
    pen.body_ellipse(0.50, 0.0, 0.90, 0.50)
    pen.pie(0.18, 0.26, 0.62, 0.82, 10, 180, wing, pen.outline)
    pen.polygon([(0.86, 0.16), (1.0, 0.28), (0.86, 0.34)], BEAK)
    pen.circle(0.72, 0.20, 0.06, (255, 255, 255))
    pen.circle(0.73, 0.20, 0.04, INK)


def draw_duck(pen: Pen) -> None:
    wing = darker(pen.look.main, 0.2)
    if pen.look.pose != "swim":
        for x in (0.40, 0.52):
            pen.line(((x, 0.80), (x, 0.95), (x + 0.08, 0.97)), BEAK, 2)
    pen.body_polygon([(0.0, 0.40), (0.12, 0.72), (0.34, 0.62)])
    pen.body_ellipse(0.06, 0.44, 0.80, 0.92 if pen.look.pose != "swim" else 1.06)
    pen.body_line(((0.68, 0.66), (0.72, 0.30)), 6)
    pen.body_ellipse(0.56, 0.0, 0.88, 0.44)
    pen.polygon([(0.84, 0.16), (1.0, 0.22), (1.0, 0.30), (0.84, 0.34)], BEAK, darker(BEAK))
    pen.circle(0.75, 0.16, 0.05, INK)
    pen.pie(0.16, 0.46, 0.62, 0.86, 0, 180, wing, pen.outline)
    if pen.look.pose == "swim":
        _ripple(pen)


def draw_bat(pen: Pen) -> None:
    for side in (1, -1):
        x = lambda value, side=side: 0.5 + side * value  # noqa: E731
        pen.body_polygon(
            [(x(0.04), 0.36), (x(0.20), 0.06), (x(0.49), 0.0), (x(0.47), 0.62), (x(0.36), 0.46), (x(0.28), 0.74),
             (x(0.18), 0.54), (x(0.08), 0.80)]
        )  # fmt: skip
        pen.line(((x(0.06), 0.36), (x(0.36), 0.46)), pen.outline, 0.8)
        pen.body_polygon([(x(0.02), 0.22), (x(0.10), 0.0), (x(0.13), 0.26)])
    pen.body_ellipse(0.38, 0.34, 0.62, 0.99)
    pen.body_ellipse(0.36, 0.12, 0.64, 0.56)
    for eye in (0.44, 0.56):
        pen.circle(eye, 0.32, 0.06, (250, 232, 120))
        pen.circle(eye, 0.32, 0.03, INK)
    pen.polygon([(0.46, 0.46), (0.50, 0.46), (0.48, 0.56)], (255, 255, 255))
    pen.polygon([(0.50, 0.46), (0.54, 0.46), (0.52, 0.56)], (255, 255, 255))


def _legs(pen: Pen, xs: tuple[float, ...], top: float, width: float, hoof: bool = False) -> None:
    """Four legs; far ones darker. Walking, running and jumping spread them."""
    pose = pen.look.pose
    if pose == "swim":
        return
    spread = {"run": 0.12, "walk": 0.05, "jump": 0.14}.get(pose, 0.0)
    for index, x in enumerate(xs):
        direction = -1 if index < 2 else 1
        foot = x + spread * direction * (1 if index % 2 == 0 else 0.2)
        lift = 0.34 if pose == "paw" and index == 3 else 0.0
        far = index % 2 == 1
        color = mix(pen.look.main, pen.outline, 0.45) if far else pen.look.main
        end = (foot + lift * 0.3, 0.965 - lift)
        pen.line(((x, top), end), pen.outline, width + 1.2)
        pen.line(((x, top), end), color, width)
        if hoof:
            pen.line(((end[0], 0.95), (end[0], 0.985)), INK, width)


def _ripple(pen: Pen) -> None:
    pen.line(((0.0, 0.95), (0.25, 0.99), (0.5, 0.95), (0.75, 0.99), (1.0, 0.95)), WATER, 1.6)
