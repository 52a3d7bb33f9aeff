"""The raters' page in headless Chromium."""

from __future__ import annotations

import csv
import json
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from crosscap.human_evaluation.ratings import read_sheets
from crosscap.human_evaluation.study import Study
from tests.human_evaluation.conftest import Judge
from tests.report.browser_tab import Tab
from tests.report.chromium import Chromium

RATED = "JSON.parse(localStorage.getItem(storageKey))"


@pytest.fixture
def page(project: Path, judge: Judge) -> Path:
    judge("sheets", "hgm", "plain=hgm/without_phase2", "--output", "out", "--raters", 1, "--group", 5)
    return project / "out/sheets/rater-1.html"


@pytest.fixture
def tab(chromium: Chromium, page: Path) -> Iterator[Tab]:
    tab = chromium.open(page)
    yield tab
    tab.evaluate("localStorage.clear()")
    tab.close()


def saved(chromium: Chromium, tab: Tab, folder: Path) -> Path:
    """Press the button that saves, and wait for the file."""
    folder.mkdir()
    chromium.command("Browser.setDownloadBehavior", {"behavior": "allow", "downloadPath": str(folder)})
    tab.click("#save")
    end = time.monotonic() + 30
    # The browser holds the name by an empty file, and writes another that it renames.
    while not (found := [path for path in folder.glob("*.csv") if path.stat().st_size]):
        assert time.monotonic() < end, "nothing was saved"
        time.sleep(0.02)
    return found[0]


def test_everything_can_be_rated_by_keyboard_and_is_imported_as_it_was_rated(chromium, tab, page, tmp_path) -> None:
    study = Study.read(page.parents[1] / "key.json")
    order = study.raters["rater-1"]
    for number, name in enumerate(order):
        assert tab.evaluate("items[place].name") == name
        for _ in study.items[name].qualities:
            tab.press(str(number % 10))  # 0 is 10
        tab.press("Enter" if number % 2 else "ArrowRight")
    assert "寄回" in tab.evaluate("byId('notice').textContent")
    assert tab.evaluate("document.activeElement.id") == "save"
    returned = read_sheets(study, [saved(chromium, tab, tmp_path / "saved")])
    expected = {
        (name, quality): n % 10 or 10 for n, name in enumerate(order) for quality in study.items[name].qualities
    }
    assert {(r.item, r.quality): r.value for r in returned.ratings} == expected
    assert [address for address in tab.requests if not address.startswith(("data:", "blob:"))] == [page.as_uri()]
    assert tab.problems == []


def test_what_is_saved_is_the_table_that_was_sent_with_numbers_in_it(chromium, tab, page, tmp_path) -> None:
    tab.press("7")
    with open(saved(chromium, tab, tmp_path / "saved"), encoding="utf-8-sig", newline="") as stream:
        head, first, *others = csv.reader(stream)
    with open(page.with_suffix(".csv"), encoding="utf-8-sig", newline="") as stream:
        sent = list(csv.reader(stream))
    assert [head, [*first[:5], "", *first[6:]], *others] == sent and first[5] == "7"


def test_ratings_survive_a_reload_and_can_be_corrected(tab, page) -> None:
    tab.press("3")
    tab.press("4")
    tab.press("5")  # all rows are rated, so the first is meant again
    tab.press("Enter")
    tab.press("9")
    tab.go(page)
    assert tab.evaluate("place") == 1  # the first that is not fully rated
    first, second = tab.evaluate("items.slice(0, 2).map(item => item.name)")
    assert tab.evaluate(RATED) == {
        first: {"relevancy": 5, "fluency": 4},
        second: {"relevancy": 9},
    }
    assert tab.evaluate("document.querySelector('input[name=relevancy]:checked').value") == "9"
    tab.press("ArrowLeft")
    assert tab.evaluate("[...document.querySelectorAll('input:checked')].map(i => i.value)") == ["5", "4"]
    tab.press("u")
    assert tab.evaluate("place") == 1 and tab.problems == []


def test_a_store_that_holds_nonsense_or_is_closed_does_no_harm(chromium, tab, page) -> None:
    first = tab.evaluate("items[0].name")
    for nonsense in ("{", "3", "[]", json.dumps({first: {"relevancy": "<b>", "fluency": 11}, "other": 1}), "null"):
        tab.evaluate(f"localStorage.setItem(storageKey, {json.dumps(nonsense)})")
        tab.go(page)
        assert tab.evaluate("Object.keys(ratings).length") == 0 and tab.evaluate("items.length > 5")
    tab.evaluate("Storage.prototype.setItem = () => { throw new DOMException('full', 'QuotaExceededError') }")
    tab.press("6")
    assert "无法保存" in tab.evaluate("byId('notice').innerText")
    assert tab.evaluate("ratings[items[0].name].relevancy") == 6 and tab.problems == []


def test_the_end_leads_back_to_what_was_left_out(tab) -> None:
    tab.evaluate("show(items.length - 1)")
    tab.press("8")
    tab.press("Enter")
    assert tab.evaluate("place") == 0
    left = tab.evaluate("items.length") - 1
    assert f"还有 {left} 条" in tab.evaluate("byId('notice').innerText")


def test_a_phone_in_the_dark_is_rated_by_touch_and_scrolls_down_alone(chromium, page) -> None:
    phone = chromium.open(page, 360, 740, dark=True, touch=True)
    try:
        for place in ("0", "items.length - 1"):  # a caption, and a set of five
            phone.evaluate(f"show({place})")
            assert phone.evaluate("document.documentElement.scrollWidth") == 360
        assert phone.evaluate("document.querySelectorAll('.set figure').length") == 5
        phone.evaluate("show(0)")
        phone.tap("fieldset:nth-of-type(2) label:nth-of-type(8)")
        assert phone.wait_for("ratings[items[0].name]") == {"fluency": 8}
        phone.tap("#next")
        assert phone.wait_for("place") == 1
        sizes = "[...document.querySelectorAll('label, button')].map(e => Math.min(e.offsetWidth, e.offsetHeight))"
        assert min(phone.evaluate(sizes)) >= 44  # what a finger hits
        paper = phone.evaluate("getComputedStyle(document.body).backgroundColor.match(/\\d+/g).map(Number)")
        ink = phone.evaluate("getComputedStyle(document.body).color.match(/\\d+/g).map(Number)")
        assert max(paper) < 60 and min(ink) > 200
    finally:
        phone.evaluate("localStorage.clear()")
        phone.close()


def test_captions_that_are_code_are_text(tab, page) -> None:
    study = Study.read(page.parents[1] / "key.json")
    words = "[...document.querySelectorAll('figcaption')].map(e => e.textContent)"
    shown = tab.evaluate(f"items.map((_, n) => (show(n), {words}))")
    captions = [list(study.items[name].captions) for name in study.raters["rater-1"]]
    assert shown == captions
    assert any(text.startswith("<img") for one in captions for text in one)
    assert any(text.startswith("</script>") for one in captions for text in one)
    assert tab.problems == []


def test_the_page_may_fetch_nothing(tab) -> None:
    refused = (
        "new Promise(done => { addEventListener('securitypolicyviolation', e => done(e.effectiveDirective)); ACT })"
    )
    image = "new Image().src = 'https://example.invalid/x.png'"
    script = "document.body.append(Object.assign(document.createElement('script'), {textContent: 'window.ran = 1'}))"
    assert tab.evaluate(refused.replace("ACT", image)) == "img-src"
    assert tab.evaluate(refused.replace("ACT", "fetch('https://example.invalid/').catch(() => 0)")) == "connect-src"
    assert tab.evaluate(refused.replace("ACT", script)) == "script-src-elem" and tab.evaluate("!window.ran")


def test_the_tab_key_reaches_every_row_and_marks_it(tab) -> None:
    tab.evaluate("document.querySelector('input[name=fluency]').focus()")
    assert tab.evaluate("row") == 1
    tab.press("ArrowRight")  # within a row of choices arrows choose
    assert tab.evaluate("place") == 0 and tab.evaluate(RATED)[tab.evaluate("items[0].name")] == {"fluency": 2}
    names = "[...document.querySelectorAll('fieldset')].every(f => f.querySelector('legend').innerText.length > 5)"
    assert tab.evaluate(names)
    assert tab.evaluate("[...document.images].every(i => i.alt) && document.documentElement.lang") == "zh"


def test_without_scripts_the_page_points_to_the_table(chromium, page) -> None:
    tab = chromium.open(page, scripts=False)
    assert "CSV" in tab.evaluate("document.querySelector('noscript').innerText")
    tab.close()
