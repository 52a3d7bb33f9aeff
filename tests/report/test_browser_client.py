"""The DevTools client sees and does what a reader would."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.report.browser_tab import DevToolsError
from tests.report.chromium import Chromium

PAGE = """<!doctype html><meta charset="utf-8"><style>
@media (prefers-color-scheme: dark) { body { background: rgb(1, 2, 3) } }</style>
<p>without scripts</p>
<input><button onclick="document.title = 'clicked'" ontouchstart="this.title = 'touched'">b</button>
<script>addEventListener('keydown', e => window.last = e.key + (e.shiftKey ? '+shift' : ''))
document.querySelector('p').textContent = 'with scripts'</script>"""


@pytest.fixture
def page(tmp_path: Path) -> Path:
    path = tmp_path / "page.html"
    path.write_text(PAGE, encoding="utf-8")
    return path


def test_keys_text_clicks_and_touches_reach_the_page(chromium: Chromium, page: Path) -> None:
    tab = chromium.open(page)
    tab.press("?", shift=True)
    assert tab.evaluate("last") == "?+shift"
    tab.click("input")
    tab.write("文")
    tab.press("a")
    tab.press("b")
    tab.press("Backspace")
    assert tab.evaluate("document.querySelector('input').value") == "文a"
    tab.press("Tab")
    assert tab.evaluate("document.activeElement.tagName") == "BUTTON"
    tab.click("button")
    assert tab.evaluate("document.title") == "clicked"
    phone = chromium.open(page, 390, 800, dark=True, touch=True)
    phone.tap("button")
    assert phone.wait_for("document.querySelector('button').title") == "touched"
    assert phone.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(1, 2, 3)"
    assert tab.requests == phone.requests == [page.as_uri()] and tab.problems == []
    tab.close()
    phone.close()


def test_requests_and_problems_of_a_page_are_known(chromium: Chromium, tmp_path: Path) -> None:
    page = tmp_path / "broken.html"
    page.write_text(
        "<script>console.error('one'); throw Error('two')</script><img src='https://example.invalid/x.png'>"
    )
    tab = chromium.open(page)
    assert "https://example.invalid/x.png" in tab.requests
    assert any("one" in text for text in tab.problems) and any("Error: two" in text for text in tab.problems)
    with pytest.raises(DevToolsError, match="nothing to be seen matches #absent"):
        tab.click("#absent")
    with pytest.raises(DevToolsError, match="never true"):
        tab.wait_for("false", seconds=0.1)
    with pytest.raises(DevToolsError, match="ReferenceError"):
        tab.evaluate("absent.value")
    tab.close()


def test_a_page_can_be_read_without_scripts(chromium: Chromium, page: Path, tmp_path: Path) -> None:
    tab = chromium.open(page, scripts=False)
    tab.screenshot(tmp_path / "seen.png")
    assert (tmp_path / "seen.png").read_bytes()[:4] == b"\x89PNG"
    assert tab.evaluate("document.querySelector('p').innerText") == "without scripts"
    tab.close()
