"""A pen that draws in fractions of a box: every sprite fills its own box and cannot leave it."""

from __future__ import annotations

from collections.abc import Sequence

from PIL import Image, ImageDraw

from crosscap.storybook.drawing.palette import INK, Look, Rgb, darker, surface

Point = tuple[float, float]
OVERSAMPLING = 2


class Pen:
    """Draws on a transparent layer as large as a thing's box, looking to the right.

    Coordinates are fractions of the box, so (0, 0) is its upper left corner and (1, 1) its lower right one. Radii and
    line widths are pixels of the finished picture. ``aspect`` is width over height.
    """

    def __init__(self, width: float, height: float, look: Look) -> None:
        self.width, self.height = max(2, round(width * OVERSAMPLING)), max(2, round(height * OVERSAMPLING))
        self.look = look
        self.layer = Image.new("RGBA", (self.width, self.height), (*look.main, 0))
        self._draw = ImageDraw.Draw(self.layer)
        self.aspect = self.width / self.height
        self._cell = max(7, min(16, round(0.22 * min(self.width, self.height))))

    def ellipse(self, x0: float, y0: float, x1: float, y1: float, fill: Rgb, line: Rgb | None = None) -> None:
        self._draw.ellipse(self._box(x0, y0, x1, y1), fill=fill, outline=line, width=OVERSAMPLING)

    def circle(
        self, x: float, y: float, radius: float, fill: Rgb | None, line: Rgb | None = None, width: float = 1
    ) -> None:
        """A circle that stays round in any box; ``radius`` is a fraction of the box's height."""
        cx, cy, r = x * (self.width - 1), y * (self.height - 1), radius * self.height
        self._draw.ellipse((cx - r, cy - r, cx + r, cy + r), fill=fill, outline=line, width=self._line(width))

    def box(
        self, x0: float, y0: float, x1: float, y1: float, fill: Rgb, radius: float = 0, line: Rgb | None = None
    ) -> None:
        """A rectangle, its corners rounded by ``radius`` pixels."""
        self._draw.rounded_rectangle(
            self._box(x0, y0, x1, y1), radius * OVERSAMPLING, fill=fill, outline=line, width=OVERSAMPLING
        )

    def polygon(self, points: Sequence[Point], fill: Rgb, line: Rgb | None = None) -> None:
        self._draw.polygon(self._points(points), fill=fill, outline=line, width=OVERSAMPLING)

    def line(self, points: Sequence[Point], fill: Rgb = INK, width: float = 1.0) -> None:
        """A line with round ends."""
        pixels, wide = self._points(points), self._line(width)
        self._draw.line(pixels, fill=fill, width=wide, joint="curve")
        if wide > 3:
            r = wide / 2 - 0.5
            for x, y in (pixels[0], pixels[-1]):
                self._draw.ellipse((x - r, y - r, x + r, y + r), fill=fill)

    def arc(
        self, x0: float, y0: float, x1: float, y1: float, start: float, end: float, fill: Rgb = INK, width: float = 1
    ) -> None:
        self._draw.arc(self._box(x0, y0, x1, y1), start, end, fill=fill, width=self._line(width))

    def pie(
        self, x0: float, y0: float, x1: float, y1: float, start: float, end: float, fill: Rgb, line: Rgb | None = None
    ) -> None:
        self._draw.pieslice(self._box(x0, y0, x1, y1), start, end, fill=fill, outline=line, width=OVERSAMPLING)

    def body_ellipse(self, x0: float, y0: float, x1: float, y1: float) -> None:
        """An ellipse in the thing's own colour and pattern, with a darker outline."""
        self._body(lambda draw, **style: draw.ellipse(self._box(x0, y0, x1, y1), **style))

    def body_box(self, x0: float, y0: float, x1: float, y1: float, radius: float = 0) -> None:
        corner = radius * OVERSAMPLING
        self._body(lambda draw, **style: draw.rounded_rectangle(self._box(x0, y0, x1, y1), corner, **style))

    def body_polygon(self, points: Sequence[Point]) -> None:
        pixels = self._points(points)
        self._body(lambda draw, **style: draw.polygon(pixels, **style))

    def body_pie(self, x0: float, y0: float, x1: float, y1: float, start: float, end: float) -> None:
        self._body(lambda draw, **style: draw.pieslice(self._box(x0, y0, x1, y1), start, end, **style))

    def body_line(self, points: Sequence[Point], width: float) -> None:
        """A limb in the thing's own colour, outlined."""
        self.line(points, self.outline, width + 1.4)
        self.line(points, self.look.main, width)

    @property
    def outline(self) -> Rgb:
        return darker(self.look.main, 0.42)

    def _body(self, shape) -> None:  # type: ignore[no-untyped-def]
        if self.look.pattern:
            mask = Image.new("L", self.layer.size)
            shape(ImageDraw.Draw(mask), fill=255)
            self.layer.paste(surface(self.look, self.layer.size, self._cell), mask=mask)
            shape(self._draw, fill=None, outline=self.outline, width=OVERSAMPLING)
        else:
            shape(self._draw, fill=self.look.main, outline=self.outline, width=OVERSAMPLING)

    def _box(self, x0: float, y0: float, x1: float, y1: float) -> tuple[float, float, float, float]:
        w, h = self.width - 1, self.height - 1
        return min(x0, x1) * w, min(y0, y1) * h, max(x0, x1) * w, max(y0, y1) * h

    def _points(self, points: Sequence[Point]) -> list[Point]:
        return [(x * (self.width - 1), y * (self.height - 1)) for x, y in points]

    def _line(self, width: float) -> int:
        return max(1, round(width * OVERSAMPLING))
