"""A DAG as an SVG drawing: one box a stage, coloured by its state, in light and in dark."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from itertools import pairwise

from crosscap.dag_view.layout import layered
from crosscap.dag_view.node import STATES, Node, grouped, transitive_reduction
from crosscap.dag_view.words import duration, shortened
from crosscap.report.markup import element, escape

BOX, HEIGHT, GAP, STEP, STATION, MARGIN = 206.0, 56.0, 16.0, 90.0, 6.0, 16.0  # pixels
HEAD = 40.0  # the legend
CHIPS = 12  # more copies than this share a bar
LETTERS, SMALL_LETTERS = 26, 31  # what fits a box, in a wide font

STYLE = """
.dag { --dag-paper: #fbfaf7; --dag-card: #ffffff; --dag-ink: #23222a; --dag-soft: #6d6a76; --dag-link: #b9b4aa;
  --dag-fresh: #4c8f57; --dag-stale: #d08a1d; --dag-never: #8d8a96; --dag-running: #2f7fb0; --dag-killed: #b8404f;
  font-family: system-ui, "Noto Sans", "DejaVu Sans", sans-serif; }
@media (prefers-color-scheme: dark) { .dag { --dag-paper: #17181c; --dag-card: #202228; --dag-ink: #e8e6e1;
  --dag-soft: #a5a2ad; --dag-link: #565962; --dag-fresh: #7fc48a; --dag-stale: #f0b355; --dag-never: #85838e;
  --dag-running: #78b7e6; --dag-killed: #f07f8c; } }
.dag .paper { fill: var(--dag-paper); } .dag .box { fill: var(--dag-card); stroke: var(--dag-link); }
.dag .link { fill: none; stroke: var(--dag-link); stroke-width: 1.4; } .dag .tip { fill: var(--dag-link); }
.dag text { fill: var(--dag-ink); font-size: 12px; } .dag .small { fill: var(--dag-soft); font-size: 10.5px; }
.dag .fresh { fill: var(--dag-fresh); } .dag .stale { fill: var(--dag-stale); } .dag .never { fill: var(--dag-never); }
.dag .running { fill: var(--dag-running); } .dag .killed, .dag .failed { fill: var(--dag-killed); }
"""


def dag_picture(nodes: Sequence[Node], title: str = "The workflow", states: bool = True) -> str:
    """The drawing, as one ``<svg>`` element that stands alone in a file or inside a page.

    Copies that a matrix makes share a box. A link is left out where it follows from others. Hovering over a box shows
    all reasons.

    Args:
        nodes: the stages, in topological order.
        states: show how the stages stand; False: their durations alone, for a page that outlives the states.
    """
    nodes = grouped(nodes)
    links = transitive_reduction({node.name: node.upstream for node in nodes})
    layout = layered(links, BOX, GAP, STATION)
    width = max(layout.width + 2 * MARGIN, 560.0)
    height = HEAD + layout.layers * STEP - (STEP - HEIGHT) + 2 * MARGIN
    left = (width - layout.width) / 2

    def point(x: float, layer: int) -> tuple[float, float]:
        return left + x, HEAD + MARGIN + layer * STEP

    lines = [_link([point(*station) for station in stations]) for stations in layout.links.values()]
    boxes = [_box(node, *point(*layout.place[node.name]), states) for node in nodes]
    return element(
        "svg",
        element("title", escape(title)),
        element("style", STYLE),
        _rectangle("paper", 0, 0, width, height),
        _legend(nodes if states else ()),
        *lines,
        *boxes,
        xmlns="http://www.w3.org/2000/svg",
        viewBox=f"0 0 {width:.0f} {height:.0f}",
        width=f"{width:.0f}",
        height=f"{height:.0f}",
        class_="dag",
        role="img",
    )


def _box(node: Node, x: float, y: float, states: bool) -> str:
    left, copies = x - BOX / 2, len(node.states)
    hint = [f"{stage}: {state}" if states else stage for stage, state in node.states.items()] + list(node.why)
    middle = 0 if node.why else 8  # two lines instead of three stand in the middle of the box
    facts = [f"×{copies}" if copies > 1 else node.state if states else "", duration(node.seconds)]
    more = f" +{len(node.why) - 1}" if len(node.why) > 1 else ""
    parts = [
        element("title", escape("\n".join(hint))),
        _rectangle("box", left, y, BOX, HEIGHT, 7),
        _rectangle(_class(node.state), left, y + 7, 4, HEIGHT - 14, 2) if states else "",
        element("text", escape(shortened(node.name, LETTERS)), x=f"{left + 13:.1f}", y=f"{y + middle + 17:.1f}"),
        _small(" · ".join(fact for fact in facts if fact), left + 13, y + middle + 32),
    ]
    if node.why:
        parts.append(_small(shortened(node.why[0], SMALL_LETTERS - len(more)) + more, left + 13, y + 47))
    if states and copies > 1:
        parts.append(_chips(list(node.states.values()), left + BOX - 10, y + middle + 24))
    return element("g", *parts)


def _chips(states: Sequence[str], right: float, y: float) -> str:
    """A small square for each copy; of many copies, a bar with the share of each state."""
    if len(states) <= CHIPS:
        start = right - 8 * len(states)
        return "".join(_rectangle(_class(state), start + 8 * n, y, 6, 8) for n, state in enumerate(states))
    parts, x, counts = [], right - 8.0 * CHIPS, Counter(states)
    for state in reversed(STATES):
        width = 8.0 * CHIPS * counts[state] / len(states)
        if width:
            parts.append(_rectangle(_class(state), x, y, width, 8))
        x += width
    return "".join(parts)


def _link(points: Sequence[tuple[float, float]]) -> str:
    """From under the first box to above the last one; straight down where it passes a layer."""
    x, y = points[0][0], points[0][1] + HEIGHT
    path = [f"M{x:.1f} {y:.1f}"]
    for _, (x1, y1) in pairwise(points):
        bend = (y1 - y) / 2
        path.append(f"C{x:.1f} {y + bend:.1f} {x1:.1f} {y1 - bend:.1f} {x1:.1f} {y1:.1f}")
        x, y = x1, y1
        if (x1, y1) != points[-1]:
            y += HEIGHT
            path.append(f"V{y:.1f}")
    tip = f"M{x - 3.5:.1f} {y - 6:.1f}L{x:.1f} {y:.1f}L{x + 3.5:.1f} {y - 6:.1f}Z"
    return element("path", d="".join(path), class_="link") + element("path", d=tip, class_="tip")


def _legend(nodes: Sequence[Node]) -> str:
    counts = Counter(state for node in nodes for state in node.states.values())
    parts, x = [], MARGIN
    for state in reversed(STATES):
        if counts[state]:
            text = f"{counts[state]} {state}"
            parts.append(_rectangle(_class(state), x, 17, 10, 10, 2))
            parts.append(_small(text, x + 15, 26))
            x += 32 + 6 * len(text)
    parts.append(_small("A link that follows from others is left out.", x + 6, 26))
    return element("g", *parts)


def _class(state: str) -> str:
    return state.partition(" ")[0]


def _small(text: str, x: float, y: float, anchor: str = "start") -> str:
    return element("text", escape(text), x=f"{x:.1f}", y=f"{y:.1f}", text_anchor=anchor, class_="small") if text else ""


def _rectangle(kind: str, x: float, y: float, width: float, height: float, radius: float = 0) -> str:
    sizes = {"x": x, "y": y, "width": width, "height": height, "rx": radius}
    return element("rect", class_=kind, **{key: f"{value:.1f}" for key, value in sizes.items()})
