"""Colours: what a colour's name looks like, how it varies, how a surface of a pattern is painted."""

from __future__ import annotations

import random
from dataclasses import dataclass

from PIL import Image, ImageDraw

from crosscap.storybook.inventory import COLORS, PATTERNS

Rgb = tuple[int, int, int]

PAINT: dict[str, Rgb] = {
    "red": (208, 50, 46), "blue": (48, 98, 204), "green": (58, 152, 74), "yellow": (246, 208, 58),
    "black": (42, 42, 50), "white": (247, 246, 240), "brown": (136, 88, 52), "orange": (242, 134, 36),
    "purple": (130, 72, 176), "pink": (245, 150, 186), "gray": (142, 146, 154),
}  # fmt: skip
WOOD: Rgb = (184, 130, 76)
INK: Rgb = (48, 40, 46)


def mix(first: Rgb, second: Rgb, share: float) -> Rgb:
    """``first`` with the share ``share`` of ``second`` in it."""
    r, g, b = (round(a + (z - a) * share) for a, z in zip(first, second, strict=True))
    return r, g, b


def darker(color: Rgb, share: float = 0.25) -> Rgb:
    return mix(color, (24, 18, 36), share)


def lighter(color: Rgb, share: float = 0.3) -> Rgb:
    return mix(color, (255, 253, 245), share)


def vary(rng: random.Random, color: Rgb, spread: int = 9) -> Rgb:
    """``color`` as light and dye would have it: each channel up to ``spread`` away, all by up to 5 % brighter."""
    gain = rng.uniform(0.95, 1.05)
    r, g, b = (min(255, max(0, round(gain * value + rng.uniform(-spread, spread)))) for value in color)
    return r, g, b


@dataclass(frozen=True)
class Look:
    """How one thing is painted.

    Attributes:
        main: its own colour, varied.
        pattern: one of `PATTERNS`, ``wooden`` or "".
        pose: from the scene.
        attributes: all of its attributes.
        rng: for the small differences between two things of a kind.
    """

    main: Rgb
    pattern: str
    pose: str
    attributes: tuple[str, ...]
    rng: random.Random

    @property
    def dark(self) -> Rgb:
        return darker(self.main)

    @property
    def light(self) -> Rgb:
        return lighter(self.main)

    @property
    def second(self) -> Rgb:
        """The colour of stripes, spots and checks: one that stands out from the first."""
        bright = sum(self.main) > 480
        return mix(self.main, (70, 56, 60) if bright else (255, 250, 240), 0.62)


def look_of(attributes: tuple[str, ...], pose: str, fallback: Rgb, rng: random.Random) -> Look:
    """The look that ``attributes`` ask for; ``fallback`` is the colour of what names none."""
    name = next((name for name in attributes if name in COLORS), "")
    pattern = next((name for name in attributes if name in PATTERNS), "")
    if "wooden" in attributes:
        return Look(vary(rng, WOOD), "wooden", pose, attributes, rng)
    return Look(vary(rng, PAINT[name] if name else fallback), pattern, pose, attributes, rng)


def surface(look: Look, size: tuple[int, int], cell: int) -> Image.Image:
    """An RGB picture of ``size`` painted all over with the look's pattern, repeating every ``cell`` pixels."""
    image = Image.new("RGB", size, look.main)
    pen = ImageDraw.Draw(image)
    width, height = size
    if look.pattern == "striped":
        for y in range(0, height, cell):
            pen.rectangle((0, y, width, y + cell * 2 // 5), fill=look.second)
    elif look.pattern == "checked":
        half = max(2, cell * 3 // 5)
        for row, y in enumerate(range(0, height, half)):
            for x in range((row % 2) * half, width, 2 * half):
                pen.rectangle((x, y, x + half - 1, y + half - 1), fill=look.second)
    elif look.pattern == "spotted":
        radius = max(2, cell // 4)
        for row, y in enumerate(range(cell // 3, height + cell, cell * 4 // 5)):
            for x in range((row % 2) * cell // 2, width + cell, cell):
                pen.ellipse((x - radius, y - radius, x + radius, y + radius), fill=look.second)
    elif look.pattern == "wooden":
        for y in range(3, height, max(4, cell // 2)):
            pen.line((0, y, width, y + look.rng.randint(-2, 2)), fill=darker(look.main, 0.3), width=1)
    return image
