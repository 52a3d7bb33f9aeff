"""The places: sky and ground, walls and floors, and the clutter that belongs to nothing."""

from __future__ import annotations

import random
from collections.abc import Callable

from PIL import Image, ImageDraw

from crosscap.storybook.drawing.palette import Rgb, darker, lighter, mix, vary
from crosscap.storybook.drawing.pen import OVERSAMPLING as S

Canvas = Image.Image
SKY: Rgb = (152, 206, 240)
DUSK: Rgb = (118, 112, 176)


def draw_place(place: str, size: tuple[int, int], horizon: float, rng: random.Random) -> Canvas:
    """The empty place, ``size`` times `OVERSAMPLING` pixels; the ground begins at ``horizon``."""
    width, height = size[0] * S, size[1] * S
    canvas = Image.new("RGB", (width, height))
    PLACES[place](canvas, round(horizon * S), rng)
    return canvas


def _gradient(canvas: Canvas, top: int, bottom: int, first: Rgb, last: Rgb) -> None:
    """Fill the rows from ``top`` to ``bottom`` from one colour to another."""
    width, height = canvas.size[0], bottom - top
    if height <= 0:
        return
    ramp = Image.linear_gradient("L").resize((1, height)).resize((width, height))
    canvas.paste(Image.new("RGB", (width, height), first), (0, top))
    canvas.paste(Image.new("RGB", (width, height), last), (0, top), ramp)


def _sky(canvas: Canvas, horizon: int, rng: random.Random) -> None:
    dusk = rng.random() < 0.16
    high = vary(rng, DUSK if dusk else SKY, 10)
    low = (252, 204, 160) if dusk else lighter(high, 0.68)
    _gradient(canvas, 0, horizon, high, low)
    pen = ImageDraw.Draw(canvas)
    width = canvas.size[0]
    x, y, r = rng.randint(30, width - 30), rng.randint(18, 46), rng.randint(11, 17)
    pen.ellipse((x - r - 5, y - r - 5, x + r + 5, y + r + 5), fill=mix(high, (255, 244, 190), 0.35))
    pen.ellipse((x - r, y - r, x + r, y + r), fill=(255, 250, 226) if dusk else (255, 240, 160))
    if dusk:
        for _ in range(14):
            a, b = rng.randint(0, width), rng.randint(0, horizon // 2)
            pen.ellipse((a, b, a + 2, b + 2), fill=(255, 250, 220))
    cloud = mix((255, 255, 255), high, 0.35 if dusk else 0.10)
    for _ in range(rng.randint(1, 3)):
        a, b, w = rng.randint(0, width), rng.randint(14, max(16, horizon // 2)), rng.randint(24, 46)
        for dx, dy, k in ((-0.55, 0.18, 0.5), (0.0, 0.0, 0.7), (0.5, 0.14, 0.55), (0.95, 0.24, 0.4)):
            pen.ellipse(
                (a + dx * w - k * w, b + dy * w - 0.5 * k * w, a + dx * w + k * w, b + dy * w + 0.5 * k * w), fill=cloud
            )


def _hills(canvas: Canvas, horizon: int, rng: random.Random, color: Rgb, tall: int = 30) -> None:
    """Far hills above the horizon, paler than the ground."""
    pen, width = ImageDraw.Draw(canvas), canvas.size[0]
    for share in (0.5, 0.25):
        x = -60
        while x < width:
            w, h = rng.randint(130, 250), rng.randint(tall // 2, tall)
            pen.ellipse((x, horizon - h, x + w, horizon + h), fill=mix(color, (226, 236, 244), share))
            x += rng.randint(w // 2, w)


def _tufts(canvas: Canvas, horizon: int, rng: random.Random, color: Rgb, count: int) -> None:
    """Blades of grass, longer in front."""
    pen, (width, height) = ImageDraw.Draw(canvas), canvas.size
    for _ in range(count):
        x, y = rng.randint(0, width), rng.randint(horizon + 6, height)
        h = 3 + 7 * (y - horizon) // (height - horizon)
        shade = vary(rng, color, 12)
        for dx in (-h // 2, 0, h // 2):
            pen.line((x, y, x + dx, y - h), fill=shade, width=2)


def _pebbles(canvas: Canvas, horizon: int, rng: random.Random, color: Rgb, count: int) -> None:
    pen, (width, height) = ImageDraw.Draw(canvas), canvas.size
    for _ in range(count):
        x, y, r = rng.randint(0, width), rng.randint(horizon + 6, height), rng.randint(1, 4)
        pen.ellipse((x, y, x + 2 * r, y + r), fill=vary(rng, color, 14))


def _park(canvas: Canvas, horizon: int, rng: random.Random) -> None:
    _sky(canvas, horizon, rng)
    grass = vary(rng, (126, 192, 92))
    _hills(canvas, horizon, rng, (108, 172, 110))
    width, height = canvas.size
    _gradient(canvas, horizon, height, lighter(grass, 0.25), darker(grass, 0.12))
    pen = ImageDraw.Draw(canvas)
    x = rng.randint(60, width - 60)
    pen.polygon([(x - 8, horizon), (x + 8, horizon), (x + 110, height), (x - 70, height)], fill=(230, 212, 168))
    _tufts(canvas, horizon, rng, darker(grass, 0.28), 60)
    _pebbles(canvas, horizon, rng, (250, 246, 210), 16)


def _beach(canvas: Canvas, horizon: int, rng: random.Random) -> None:
    _sky(canvas, horizon, rng)
    width, height = canvas.size
    sand, shore = vary(rng, (244, 218, 160)), horizon - rng.randint(22, 34)
    sea = vary(rng, (58, 150, 196))
    _gradient(canvas, shore, horizon + 2, darker(sea, 0.1), lighter(sea, 0.25))
    pen = ImageDraw.Draw(canvas)
    for _ in range(10):
        x, y = rng.randint(0, width), rng.randint(shore + 3, horizon - 3)
        pen.line((x, y, x + rng.randint(10, 30), y), fill=lighter(sea, 0.5), width=2)
    _gradient(canvas, horizon, height, lighter(sand, 0.3), darker(sand, 0.08))
    for x in range(-10, width, 34):
        pen.ellipse((x, horizon - 4, x + 40, horizon + 5), fill=(252, 252, 250))
    _pebbles(canvas, horizon, rng, darker(sand, 0.22), 70)
    for _ in range(3):
        x, y = rng.randint(10, width - 10), rng.randint(horizon + 20, height - 8)
        pen.polygon([(x - 6, y + 4), (x, y - 5), (x + 6, y + 4)], fill=(250, 180, 170), outline=(210, 130, 124))


def _street(canvas: Canvas, horizon: int, rng: random.Random) -> None:
    _sky(canvas, horizon, rng)
    width, height = canvas.size
    pen = ImageDraw.Draw(canvas)
    x = -20
    while x < width:
        w, h = rng.randint(44, 84), rng.randint(34, 96)
        wall = mix(vary(rng, (188, 186, 200), 16), (226, 230, 240), 0.45)
        pen.rectangle((x, horizon - h, x + w, horizon), fill=wall)
        for row in range(horizon - h + 8, horizon - 12, 16):
            for column in range(x + 7, x + w - 9, 15):
                pen.rectangle((column, row, column + 7, row + 8), fill=lighter(wall, 0.45))
        x += w + rng.randint(0, 8)
    walk = vary(rng, (206, 200, 192), 6)
    edge = horizon + round(0.34 * (height - horizon))
    _gradient(canvas, horizon, edge, lighter(walk, 0.2), walk)
    for x in range(rng.randint(-30, 0), width, 42):
        pen.line((x, horizon, x - 14, edge), fill=darker(walk, 0.14), width=2)
    pen.rectangle((0, edge, width, edge + 5), fill=darker(walk, 0.2))
    road = vary(rng, (120, 122, 132), 6)
    _gradient(canvas, edge + 5, height, lighter(road, 0.12), darker(road, 0.08))
    middle = edge + round(0.55 * (height - edge))
    for x in range(rng.randint(-40, 0), width, 84):
        pen.polygon([(x, middle), (x + 44, middle), (x + 40, middle + 7), (x - 6, middle + 7)], fill=(246, 240, 214))
    _pebbles(canvas, edge + 6, rng, darker(road, 0.15), 30)


def _snow(canvas: Canvas, horizon: int, rng: random.Random) -> None:
    _sky(canvas, horizon, rng)
    width, height = canvas.size
    pen = ImageDraw.Draw(canvas)
    for share, low in ((0.55, 30), (0.3, 16)):
        x = -50
        while x < width:
            w, h = rng.randint(90, 170), rng.randint(low, low + 34)
            rock = mix((124, 140, 172), (232, 240, 250), share)
            pen.polygon([(x, horizon), (x + w // 2, horizon - h), (x + w, horizon)], fill=rock)
            tip, left, right = (x + w // 2, horizon - h), x + 0.36 * w, x + 0.64 * w
            foot = horizon - 0.72 * h
            pen.polygon([(left, foot), tip, (right, foot), (x + 0.5 * w, foot + 0.1 * h)], fill=(252, 253, 255))
            x += rng.randint(w // 2, w)
    _gradient(canvas, horizon, height, (248, 251, 255), (214, 228, 244))
    for _ in range(9):
        x, y, w = rng.randint(-40, width), rng.randint(horizon + 8, height), rng.randint(50, 130)
        pen.arc((x, y, x + w, y + w // 5), 190, 350, fill=(196, 214, 236), width=2)
    for _ in range(70):
        x, y, r = rng.randint(0, width), rng.randint(0, height), rng.choice((1, 1, 2, 3))
        pen.ellipse((x, y, x + 2 * r, y + 2 * r), fill=(255, 255, 255))


def _farm(canvas: Canvas, horizon: int, rng: random.Random) -> None:
    _sky(canvas, horizon, rng)
    width, height = canvas.size
    _hills(canvas, horizon, rng, (206, 190, 104), 36)
    soil = vary(rng, (214, 186, 104))
    _gradient(canvas, horizon, height, lighter(soil, 0.2), mix(soil, (150, 156, 70), 0.45))
    pen = ImageDraw.Draw(canvas)
    vanish = rng.randint(width // 4, 3 * width // 4)
    for k in range(-9, 10):
        pen.line((vanish + 16 * k, horizon, vanish + 92 * k, height), fill=darker(soil, 0.16), width=3)
    for _ in range(46):
        x, y = rng.randint(0, width), rng.randint(horizon + 8, height)
        ear = vary(rng, (244, 214, 110), 10)
        pen.line((x, y, x + 1, y - 11), fill=darker(ear, 0.3), width=2)
        pen.ellipse((x - 2, y - 17, x + 4, y - 8), fill=ear)


def _lake(canvas: Canvas, horizon: int, rng: random.Random) -> None:
    _sky(canvas, horizon, rng)
    width, height = canvas.size
    _hills(canvas, horizon, rng, (96, 150, 116), 40)
    water = vary(rng, (72, 160, 200))
    _gradient(canvas, horizon, height, lighter(water, 0.35), darker(water, 0.16))
    pen = ImageDraw.Draw(canvas)
    pen.rectangle((0, horizon, width, horizon + 14), fill=(124, 176, 96))
    pen.rectangle((0, horizon + 13, width, horizon + 17), fill=(226, 206, 156))
    for _ in range(46):
        y = rng.randint(horizon + 22, height - 2)
        w = 10 + 30 * (y - horizon) // (height - horizon)
        x = rng.randint(-10, width)
        pen.arc((x, y, x + w, y + 7), 10, 170, fill=lighter(water, 0.45), width=2)
    for _ in range(4):
        x, y = rng.randint(0, width), rng.randint(horizon + 30, height - 6)
        pen.pieslice((x, y, x + 24, y + 9), 30, 340, fill=(110, 176, 96))


def _floor(canvas: Canvas, horizon: int, rng: random.Random, wood: Rgb) -> None:
    width, height = canvas.size
    _gradient(canvas, horizon, height, lighter(wood, 0.15), darker(wood, 0.1))
    pen = ImageDraw.Draw(canvas)
    y, step = horizon + 10, 14
    while y < height:
        pen.line((0, y, width, y), fill=darker(wood, 0.22), width=2)
        for x in range(rng.randint(0, 90), width, 110):
            pen.line((x, y, x - 4, y + step), fill=darker(wood, 0.22), width=2)
        y, step = y + step, step + 4
    pen.rectangle((0, horizon - 8, width, horizon), fill=(248, 244, 236))
    pen.line((0, horizon, width, horizon), fill=darker(wood, 0.35), width=2)


def _window(pen: ImageDraw.ImageDraw, x: int, y: int, w: int, h: int) -> None:
    pen.rectangle((x - 5, y - 5, x + w + 5, y + h + 5), fill=(252, 250, 246), outline=(196, 190, 184), width=2)
    pen.rectangle((x, y, x + w, y + h), fill=(178, 220, 244))
    pen.rectangle((x, y + 2 * h // 3, x + w, y + h), fill=(150, 204, 132))
    pen.line((x + w // 2, y, x + w // 2, y + h), fill=(252, 250, 246), width=4)
    pen.line((x, y + h // 2, x + w, y + h // 2), fill=(252, 250, 246), width=4)


def _room(canvas: Canvas, horizon: int, rng: random.Random) -> None:
    width, _ = canvas.size
    wall = vary(rng, rng.choice(((244, 226, 196), (206, 224, 214), (222, 212, 234), (240, 212, 206))), 6)
    _gradient(canvas, 0, horizon, wall, darker(wall, 0.05))
    pen = ImageDraw.Draw(canvas)
    for x in range(rng.randint(-20, 0), width, 26):
        pen.line((x, 0, x, horizon), fill=darker(wall, 0.045), width=6)
    x = rng.randint(20, width - 140)
    _window(pen, x, rng.randint(26, 44), 100, 84)
    curtain = vary(rng, (214, 138, 120), 14)
    for side in (x - 22, x + 92):
        pen.polygon([(side, 16), (side + 30, 16), (side + 26, 150), (side + 4, 150)], fill=curtain)
        pen.line((side + 14, 18, side + 14, 148), fill=darker(curtain, 0.15), width=3)
    a = (x + 250) % width
    frame = min(width - 70, max(8, a))
    pen.rectangle((frame, 48, frame + 58, 92), fill=(160, 116, 72))
    pen.rectangle((frame + 6, 54, frame + 52, 86), fill=(232, 236, 226))
    pen.polygon([(frame + 6, 86), (frame + 24, 64), (frame + 40, 86)], fill=(140, 168, 150))
    _floor(canvas, horizon, rng, vary(rng, (200, 152, 104)))
    rug = vary(rng, (176, 96, 92), 30)
    y = horizon + 44
    pen.ellipse((width // 2 - 170, y, width // 2 + 170, y + 62), fill=mix(rug, (236, 214, 190), 0.45))
    pen.ellipse((width // 2 - 148, y + 7, width // 2 + 148, y + 55), fill=mix(rug, (236, 214, 190), 0.62))


def _kitchen(canvas: Canvas, horizon: int, rng: random.Random) -> None:
    width, height = canvas.size
    wall = vary(rng, rng.choice(((250, 240, 206), (214, 232, 238), (232, 240, 216))), 6)
    _gradient(canvas, 0, horizon, wall, wall)
    pen = ImageDraw.Draw(canvas)
    tile = vary(rng, (236, 242, 244), 6)
    pen.rectangle((0, 84, width, horizon), fill=tile)
    for y in range(84, horizon, 20):
        pen.line((0, y, width, y), fill=darker(tile, 0.12), width=2)
    for x in range(rng.randint(-20, 0), width, 20):
        pen.line((x, 84, x, horizon), fill=darker(tile, 0.12), width=2)
    cupboard = vary(rng, (166, 190, 176), 14)
    x = rng.randint(0, 120)
    for k in range(4):
        left = x + 62 * k + (0 if k < 2 else 110)
        pen.rectangle((left, 6, left + 58, 66), fill=cupboard, outline=darker(cupboard, 0.3), width=2)
        pen.ellipse((left + 46, 36, left + 52, 42), fill=(246, 236, 190))
    _window(pen, x + 134, 14, 80, 58)
    counter = horizon - 52
    pen.rectangle((0, counter, width, horizon), fill=cupboard)
    for left in range(rng.randint(-60, 0), width, 74):
        pen.rectangle(
            (left, counter + 10, left + 68, horizon - 4),
            fill=lighter(cupboard, 0.12),
            outline=darker(cupboard, 0.25),
            width=2,
        )
        pen.line((left + 24, counter + 18, left + 44, counter + 18), fill=(246, 236, 190), width=3)
    pen.rectangle((0, counter - 7, width, counter + 4), fill=(232, 222, 206), outline=(186, 174, 158), width=2)
    floor = vary(rng, (226, 214, 200), 8)
    _gradient(canvas, horizon, height, lighter(floor, 0.2), darker(floor, 0.06))
    middle = width // 2
    for k in range(-16, 17):
        pen.line((middle + 36 * k, horizon, middle + 66 * k, height), fill=darker(floor, 0.12), width=2)
    y, step = horizon, 12
    while y < height:
        pen.line((0, y, width, y), fill=darker(floor, 0.12), width=2)
        y, step = y + step, step + 5


PLACES: dict[str, Callable[[Canvas, int, random.Random], None]] = {
    "park": _park, "beach": _beach, "street": _street, "snow": _snow, "farm": _farm, "lake": _lake, "room": _room,
    "kitchen": _kitchen,
}  # fmt: skip
