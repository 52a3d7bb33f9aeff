"""Charts as inline SVG; colours come from the page's style, so they follow its dark mode."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import floor, isfinite, log10

from crosscap.report.markup import element, escape

Points = Sequence[tuple[float, float]]

WIDTH, HEIGHT = 300, 170
LEFT, RIGHT, TOP, BOTTOM = 46, 10, 12, 24


def line_chart(title: str, series: Mapping[str, Points], x_label: str = "step") -> str:
    """Lines over a common x axis.

    Args:
        series: name → points ``(x, y)`` by rising x; at most a few, told apart by colour and named in the legend.
    """
    points = [point for line in series.values() for point in line if isfinite(point[1])]
    if not points:
        return ""
    x0, x1 = min(x for x, _ in points), max(x for x, _ in points)
    ticks = _ticks(min(y for _, y in points), max(y for _, y in points))
    y0, y1 = ticks[0], ticks[-1]

    def place(x: float, y: float) -> tuple[float, float]:
        across = (x - x0) / (x1 - x0) if x1 > x0 else 0.5
        return LEFT + across * (WIDTH - LEFT - RIGHT), HEIGHT - BOTTOM - (y - y0) / (y1 - y0) * (HEIGHT - TOP - BOTTOM)

    marks = []
    for tick in ticks:
        _, y = place(x0, tick)
        marks.append(f'<line class="grid" x1="{LEFT}" x2="{WIDTH - RIGHT}" y1="{y:.1f}" y2="{y:.1f}"/>')
        marks.append(f'<text x="{LEFT - 6}" y="{y + 3.5:.1f}" text-anchor="end">{tick:g}</text>')
    marks.append(f'<text x="{LEFT}" y="{HEIGHT - 6}">{x0:g}</text>')
    marks.append(f'<text x="{WIDTH - RIGHT}" y="{HEIGHT - 6}" text-anchor="end">{escape(x_label)} {x1:g}</text>')
    for number, line in enumerate(series.values()):
        path = " ".join("{:.1f},{:.1f}".format(*place(x, y)) for x, y in line if isfinite(y))
        marks.append(f'<polyline class="line c{number}" points="{path}"/>')
        if line:
            x, y = place(*line[-1])
            marks.append(f'<circle class="dot c{number}" cx="{x:.1f}" cy="{y:.1f}" r="2.6"/>')
    svg = element("svg", *marks, viewBox=f"0 0 {WIDTH} {HEIGHT}", role="img", aria_label=title)
    legend = ""
    if len(series) > 1:
        names = (element("span", escape(name), class_=f"key c{number}") for number, name in enumerate(series))
        legend = element("span", *names, class_="legend")
    return element("figure", element("figcaption", escape(title), legend), svg, class_="chart")


def bar_chart(title: str, bars: Sequence[tuple[str, float, str]]) -> str:
    """Horizontal bars ``(name, value, text beside it)``, all from zero.

    They are a list, not a drawing: their words keep their size on a phone, where a name stands above its bar.
    """
    longest = max((value for _, value, _ in bars), default=0.0) or 1.0
    rows = (
        element(
            "li",
            element("span", escape(name), class_="name"),
            element("span", element("i", style=f"width: {100 * value / longest:.1f}%"), class_="bar"),
            element("span", escape(text)),
        )
        for name, value, text in bars
    )
    names = max((len(name) for name, _, _ in bars), default=0)
    texts = max((len(text) for _, _, text in bars), default=0)
    listed = element("ul", *rows, class_="bars", style=f"--names: {names}ch; --texts: {texts}ch")
    return element("figure", element("figcaption", escape(title)), listed, class_="chart wide")


def _ticks(low: float, high: float) -> list[float]:
    """Three to six round numbers from just under ``low`` to just over ``high``."""
    if high <= low:
        low, high = low - abs(low) * 0.1 - 0.5, high + abs(high) * 0.1 + 0.5
    rough = (high - low) / 3
    power = 10.0 ** floor(log10(rough))
    step = next(factor * power for factor in (1, 2, 2.5, 5, 10) if factor * power >= rough)
    first = floor(low / step)
    ticks = [first * step]
    while ticks[-1] < high - 1e-9 * step:
        ticks.append((first + len(ticks)) * step)
    return [float(f"{tick:.10g}") for tick in ticks]
