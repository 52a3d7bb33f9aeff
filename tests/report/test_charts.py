"""Charts: round ticks, points inside the frame."""

from __future__ import annotations

import re

import pytest

from crosscap.report.charts import BOTTOM, HEIGHT, LEFT, RIGHT, TOP, WIDTH, _ticks, bar_chart, line_chart
from crosscap.report.markup import table
from crosscap.report.scores import stage_table


@pytest.mark.parametrize(
    ("low", "high", "ticks"),
    [(0.0, 3.0, [0, 1, 2, 3]), (0.52, 0.61, [0.5, 0.55, 0.6, 0.65]), (7.0, 7.0, []), (-2.0, 40.0, [-20, 0, 20, 40])],
)
def test_ticks_are_round_and_cover_the_values(low: float, high: float, ticks: list[float]) -> None:
    found = _ticks(low, high)
    assert found[0] <= low and found[-1] >= high
    assert 3 <= len(found) <= 6
    if low < high:
        assert found == pytest.approx(ticks)


def test_a_line_stays_inside_its_frame_and_leaves_out_what_is_not_finite() -> None:
    chart = line_chart(
        "loss", {"training": [(1, 5.0), (2, float("nan")), (3, 1.0)], "validation": [(1, 6.0), (3, 2.0)]}
    )
    lines = re.findall(r'points="([^"]+)"', chart)
    assert [len(line.split()) for line in lines] == [2, 2]
    for x, y in (map(float, point.split(",")) for line in lines for point in line.split()):
        assert LEFT <= x <= WIDTH - RIGHT and TOP <= y <= HEIGHT - BOTTOM
    assert "validation" in chart


def test_a_chart_of_nothing_is_nothing() -> None:
    assert line_chart("loss", {"training": []}) == ""


def test_bars_are_proportional_and_their_words_are_text() -> None:
    chart = bar_chart("x", [("<a>", 100, "100"), ("b", 25, "25 & more")])
    assert re.findall(r"width: ([\d.]+)%", chart) == ["100.0", "25.0"]
    assert "&lt;a&gt;" in chart and "25 &amp; more" in chart


def test_numbers_have_one_decimal_and_nothing_is_a_dash() -> None:
    html = table(["", "x"], [("first", [3.14159]), ("second", [None])])
    assert ">3.1<" in html and ">–<" in html


def test_scores_have_a_decimal_and_counts_have_none() -> None:
    scores = {"constituency_parser": {"en": {"F1": 98.0, "sentences": 300}}}
    html = stage_table(scores, {"intervals": {}, "settings": {}})
    assert ">98.0<" in html and ">300<" in html
