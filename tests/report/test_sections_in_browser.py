"""The sections as a reader meets them in Chromium: on a phone, in the dark, by keyboard."""

from __future__ import annotations

from pathlib import Path

import pytest

from crosscap.config.report import ReportSettings
from crosscap.io.artifacts import write_text
from crosscap.report.assembly import report
from tests.report.browser_tab import Tab
from tests.report.chromium import Chromium

SETTINGS = ReportSettings(examples=2, pictures=2, image_width=120, image_quality=80)
BACKGROUND = "getComputedStyle(document.body).backgroundColor"


@pytest.fixture
def tab(chromium: Chromium, run_folder: Path) -> Tab:
    write_text(run_folder / "reports/index.html", report(["zh"], ["hgm"], SETTINGS, run_folder))
    return chromium.open(run_folder / "reports/index.html")


def test_on_a_phone_tables_scroll_and_the_page_does_not(tab: Tab) -> None:
    tab.size(390, 844, touch=True)
    assert tab.evaluate("document.documentElement.scrollWidth") == 390
    wide = "[...document.querySelectorAll('.scroll')].filter(e => e.scrollWidth > e.clientWidth)"
    assert tab.evaluate(f"{wide}.length") > 0
    name = "document.querySelector('#caption-scores tbody tr:nth-child(2) th').getBoundingClientRect().left"
    before = tab.evaluate(name)
    tab.evaluate("document.querySelector('#caption-scores .scroll').scrollLeft = 60")
    assert tab.evaluate(name) == before, "the row's name stays where it is"


def test_the_navigation_leads_to_every_section_and_stays_in_sight(tab: Tab) -> None:
    links = "[...document.querySelectorAll('nav a')].map(a => a.getAttribute('href').slice(1))"
    sections = "[...document.querySelectorAll('main > section')].map(s => s.id)"
    assert tab.evaluate(links) == tab.evaluate(sections) != []
    tab.evaluate("document.querySelector('nav a[href=\"#workflow\"]').click()")
    assert tab.evaluate("document.querySelector('nav').getBoundingClientRect().top") == 0
    below = "document.querySelector('#workflow h2').getBoundingClientRect().top"
    assert tab.evaluate(below) > tab.evaluate("document.querySelector('nav').getBoundingClientRect().bottom")


def test_by_keyboard_the_first_stop_skips_to_the_results_and_tables_can_be_reached(tab: Tab) -> None:
    tab.press("Tab")
    assert tab.evaluate("document.activeElement.textContent") == "Skip to the results"
    assert tab.evaluate("document.activeElement.getBoundingClientRect().left") >= 0, "it is seen when it has the focus"
    assert tab.evaluate("[...document.querySelectorAll('.scroll')].every(e => e.tabIndex === 0)")


def test_the_page_is_dark_where_the_reader_wants_that(tab: Tab) -> None:
    values = {"features": [{"name": "prefers-color-scheme", "value": "light"}]}
    tab.command("Emulation.setEmulatedMedia", values)
    assert tab.evaluate(BACKGROUND) == "rgb(251, 250, 247)"
    values["features"][0]["value"] = "dark"
    tab.command("Emulation.setEmulatedMedia", values)
    assert tab.evaluate(BACKGROUND) == "rgb(23, 24, 28)"
    assert tab.evaluate("getComputedStyle(document.querySelector('#workflow .dag .box')).fill") == "rgb(32, 34, 40)"


def test_bars_keep_readable_words_on_a_phone(tab: Tab) -> None:
    tab.size(320, 700, touch=True)
    assert tab.evaluate("document.documentElement.scrollWidth") == 320
    names = "[...document.querySelectorAll('.bars .name')].map(e => [parseFloat(getComputedStyle(e).fontSize), "
    names += "e.getBoundingClientRect().right])"
    found = tab.evaluate(names)
    assert found and all(size >= 13 and right <= 320 for size, right in found)


def test_on_paper_the_page_is_light_for_readers_in_the_dark(tab: Tab) -> None:
    features = [{"name": "prefers-color-scheme", "value": "dark"}]
    tab.command("Emulation.setEmulatedMedia", {"media": "print", "features": features})
    assert tab.evaluate(BACKGROUND) == "rgb(255, 255, 255)"
    assert tab.evaluate("getComputedStyle(document.body).color") == "rgb(35, 34, 42)"


def test_the_words_of_a_legend_can_be_read(tab: Tab) -> None:
    """The colour of a line alone has too little contrast for text."""
    keys = "[...document.querySelectorAll('.key')].map(e => getComputedStyle(e).color)"
    assert set(tab.evaluate(keys)) == {"rgb(109, 106, 118)"}


def test_groups_of_stage_scores_stand_side_by_side_where_there_is_room(tab: Tab) -> None:
    lefts = (
        "new Set([...document.querySelectorAll('#stage-scores tbody')].map(e => e.getBoundingClientRect().left)).size"
    )
    tab.size(1280, 800)
    assert tab.evaluate(lefts) > 1
    tab.size(390, 844, touch=True)
    assert tab.evaluate(lefts) == 1
