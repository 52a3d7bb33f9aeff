"""The browser of test images, used as readers use it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import pytest

from crosscap.config.report import ReportSettings
from tests.report.browsed import HOSTILE, written_page
from tests.report.browser_tab import Tab
from tests.report.chromium import Chromium

SHOWN = "[...document.querySelectorAll('.live h3 a')].map(a => a.textContent.slice(6))"
FOUND = "document.querySelector('.found').textContent"
FOCUSED = "document.activeElement.querySelector('h3 a')?.textContent"


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return written_page(tmp_path_factory.mktemp("project"), 30)


@pytest.fixture
def tab(chromium: Chromium, page: Path) -> Iterator[Tab]:
    found = chromium.open(page)
    yield found
    assert found.problems == []
    found.close()


def choose(tab: Tab, **values: object) -> None:
    for name, value in values.items():
        kind = "checked" if isinstance(value, bool) else "value"
        tab.evaluate(
            f"(field => {{ field.{kind} = {value!r}; field.dispatchEvent(new Event('input', {{bubbles: true}})); }})"
            f"(document.querySelector('.live [name={name}]'))".replace("True", "true").replace("False", "false")
        )


def test_images_are_sorted_by_any_score_and_by_the_difference_of_two_systems(tab: Tab) -> None:
    assert tab.evaluate(SHOWN) == [f"id{k}" for k in range(29, 17, -1)], "CIDEr, highest first"
    choose(tab, order="up")
    assert tab.evaluate(SHOWN)[:2] == ["id0", "id1"]
    choose(tab, metric="BLEU-1")
    assert tab.evaluate(SHOWN)[:2] == ["id29", "id28"]
    choose(tab, metric="CIDEr", second="1")
    assert tab.evaluate(SHOWN)[:3] == ["id29", "id27", "id25"], "where the second is most ahead"
    scores = "[...document.querySelector('.live article').querySelectorAll('.score')].map(s => s.textContent)"
    assert tab.evaluate(scores) == ["CIDEr 29.0 (−58.0)", "CIDEr 87.0"]
    choose(tab, order="down")
    assert tab.evaluate(SHOWN)[:3] == ["id0", "id2", "id4"], "nobody ahead, in the order of the test set"
    choose(tab, metric="BLEU-1")
    assert tab.evaluate(SHOWN)[:2] == ["id0", "id1"], "the second system has no such score"


def test_search_finds_while_one_types_in_captions_references_objects_glosses_and_ids(tab: Tab) -> None:
    tab.press("/")
    for character in "id1":
        tab.press(character)
    assert tab.evaluate(FOUND) == "11 of 30 images"
    for text, number in {
        "参考 17": 1,
        "骑马": 30,
        "一只狗": 20,
        "Man": 30,
        "mount id7": 1,
        "red horse": 30,
        "cow": 0,
    }.items():
        choose(tab, search=text)
        assert tab.evaluate(FOUND).split()[0] == str(number), text
    assert tab.evaluate("document.querySelector('.place').textContent") == "nothing found"
    tab.click("[name=search]")
    tab.press("Escape")
    assert tab.evaluate("document.activeElement.tagName") == "BODY"
    assert tab.evaluate("document.querySelector('[name=search]').value") == ""
    tab.wait_for(f"{FOUND} === '30 images'", 5)


def test_images_can_be_reduced_to_those_where_two_systems_differ(tab: Tab) -> None:
    assert tab.evaluate("document.querySelector('[name=differ]').disabled")
    choose(tab, second="1", differ=True)
    assert tab.evaluate(FOUND) == "20 of 30 images"
    choose(tab, second="")
    assert tab.evaluate(FOUND) == "30 images"


def test_keys_lead_through_images_and_pages(tab: Tab) -> None:
    for key, title in {"j": "image id29", "ArrowRight": "image id28", "k": "image id29"}.items():
        tab.press(key)
        assert tab.evaluate(FOCUSED) == title
    assert tab.evaluate("getComputedStyle(document.activeElement).outlineStyle") == "solid"
    tab.press("n")
    assert tab.evaluate(FOCUSED) == "image id17" and tab.evaluate("location.hash") == "#image-id17"
    tab.press("k")
    assert tab.evaluate(FOCUSED) == "image id18", "back over the edge of the page"
    tab.press("o")
    assert tab.wait_for("document.activeElement.querySelectorAll('details[open]').length") == 3
    tab.press("b")
    assert tab.evaluate("getComputedStyle(document.querySelector('.live svg.boxes')).display") == "none"
    assert tab.evaluate("document.querySelectorAll('.live ruby').length") == 36
    tab.press("g")
    assert tab.evaluate("document.querySelectorAll('.live ruby').length") == 0
    assert tab.evaluate("document.activeElement.querySelectorAll('details[open]').length") == 3, "as it was"
    tab.press("?", shift=True)
    assert tab.evaluate("document.querySelector('dialog').open")
    tab.press("j")
    tab.press("Enter")
    assert not tab.evaluate("document.querySelector('dialog').open"), "its button has the focus"
    assert tab.evaluate("[...document.querySelectorAll('.live article')].indexOf(document.activeElement)") == 11
    choose(tab, keys=False)
    tab.press("b")
    assert not tab.evaluate("document.querySelector('[name=boxes]').checked"), "as it was: keys are off"


def test_keys_of_a_search_are_text(tab: Tab) -> None:
    tab.click("[name=search]")
    for character in "jb?":
        tab.press(character)
    assert tab.evaluate("document.querySelector('[name=search]').value") == "jb?"
    assert tab.evaluate("document.querySelector('[name=boxes]').checked")


def test_an_address_leads_to_its_image_whatever_the_id_is(chromium: Chromium, tmp_path: Path) -> None:
    ids = [f"{k}" for k in range(25)] + ['a b/#%é"<']
    page = written_page(tmp_path, 26, ids=ids)
    tab = chromium.open(page.as_uri() + "#image-" + quote(ids[25], safe=""))
    assert tab.evaluate(FOCUSED) == f"image {ids[25]}"
    choose(tab, search="cow")
    tab.go(page.as_uri() + "#image-3")
    assert tab.wait_for(FOCUSED) == "image 3" and tab.evaluate(FOUND) == "26 images"
    assert 0 <= tab.evaluate("document.activeElement.getBoundingClientRect().top") < 400
    tab.close()


def test_each_language_has_addresses_of_its_own_and_keys_act_where_one_is(chromium: Chromium, tmp_path: Path) -> None:
    tab = chromium.open(written_page(tmp_path, 14, prefixes=("", "de-")).as_uri() + "#de-image-id3")
    place = "[...document.querySelectorAll('.browser')].findIndex(b => b.contains(document.activeElement))"
    assert tab.evaluate(FOCUSED) == "image id3" and tab.evaluate(place) == 1
    tab.press("p")
    assert tab.evaluate("location.hash") == "#de-image-id3", "there is no page before the first"
    tab.press("n")
    assert tab.evaluate("location.hash") == "#de-image-id1" and tab.evaluate(place) == 1
    tab.click("[name=search]")
    tab.press("Escape")
    tab.press("j")
    assert tab.evaluate("location.hash") == "#image-id13" and tab.evaluate(place) == 0
    tab.close()


def test_a_box_and_its_object_share_number_and_colour_and_can_be_seen_alone(tab: Tab) -> None:
    box = "document.querySelector('.live article').querySelectorAll('.object-box')"
    tab.evaluate("document.querySelector('.live article').querySelectorAll('summary').forEach(s => s.click())")
    chips = "document.querySelector('.live article').querySelectorAll('.chips button')"
    assert tab.wait_for(f"[...{chips}].map(c => c.textContent)") == ["1red horse", "2man", "3man", "4man", "5man"]
    for row in range(5):
        chosen = f"[...{box}].find(b => b.dataset.row == {row})"
        colour = tab.evaluate(f"getComputedStyle({chosen}.querySelector('.box')).stroke")
        assert colour == tab.evaluate(f"{chips}[{row}].querySelector('b').style.background")
        assert tab.evaluate(f"{chosen}.querySelector('text').textContent").split()[0] == str(row + 1)
    drawn = "document.querySelector('.live article svg.scene-graph')?.getAttribute('aria-label')"
    assert tab.wait_for(drawn).startswith("Scene graph of 5 objects: red horse; man near horse")
    tab.evaluate(f"{chips}[2].click()")
    assert tab.evaluate(f"[...{box}].filter(b => !b.classList.contains('dim')).map(b => b.dataset.row)") == ["2"]


def test_a_phone_shows_it_without_a_mouse(chromium: Chromium, page: Path) -> None:
    phone = chromium.open(page, 320, 640, dark=True, touch=True)
    assert phone.evaluate("document.documentElement.scrollWidth") == 320, "nothing is wider than the screen"
    assert phone.evaluate("[...document.querySelectorAll('.pages button, select')].every(b => b.offsetHeight >= 44)")
    phone.tap("[name=next]")
    assert phone.wait_for(FOCUSED) == "image id17"
    phone.tap(".live article summary")
    assert phone.wait_for("document.querySelector('.live details[open] li')?.textContent") == "参考 17"
    assert (
        phone.evaluate("getComputedStyle(document.querySelector('.live article')).backgroundColor") == "rgb(32, 34, 40)"
    )
    phone.close()


def test_nothing_is_asked_of_any_other_machine_and_pictures_beside_the_page_are_shown(tab: Tab, page: Path) -> None:
    sources = "[...document.querySelectorAll('.live img')].map(i => i.src.slice(0, 5))"
    assert set(tab.evaluate(sources)) == {"data:", "file:"}
    tab.wait_for("[...document.querySelectorAll('.live img')].slice(0, 3).every(i => i.complete && i.naturalWidth > 0)")
    folder = page.parents[1].as_uri()
    assert all(address.startswith((folder, "data:")) for address in tab.requests)


def test_a_picture_that_is_gone_is_named(chromium: Chromium, tmp_path: Path) -> None:
    page = written_page(tmp_path, 3, ReportSettings(examples=0, pictures=0, image_width=64, image_quality=80))
    (tmp_path / "data/raw/images/test/one & two.png").unlink()
    tab = chromium.open(page)
    text = "document.querySelector('.live article > p')?.textContent"
    assert tab.wait_for(text) == "No picture: ../data/raw/images/test/one%20%26%20two.png is not there."
    tab.close()


def test_without_scripts_some_examples_stand_there(chromium: Chromium, page: Path) -> None:
    tab = chromium.open(page, scripts=False)
    seen = tab.evaluate("document.querySelector('.browser').innerText")
    assert "2 of 30 test images" in seen and "image id29" in seen and "image id0" in seen and "Sort by" not in seen
    tab.close()


def test_what_captions_say_never_becomes_part_of_the_page(chromium: Chromium, tmp_path: Path) -> None:
    tab = chromium.open(written_page(tmp_path, 3, first=HOSTILE))
    choose(tab, order="given")
    assert tab.evaluate("document.querySelector('.live .caption').textContent") == HOSTILE
    assert tab.evaluate("[document.scripts.length, document.images.length]") == [2, 3]
    assert tab.evaluate("typeof window.hacked") == "undefined"
    tab.evaluate("script = document.createElement('script'), script.text = 'window.hacked = 3', 0")
    tab.evaluate("document.body.append(script)")
    assert tab.evaluate("typeof window.hacked") == "undefined", "the page's policy allows its own script alone"
    tab.close()


def test_everything_that_can_be_used_has_a_name(tab: Tab) -> None:
    nodes = tab.command("Accessibility.getFullAXTree")["nodes"]
    roles = ("searchbox", "combobox", "checkbox", "button", "article", "link", "search", "image")
    named: dict[str, list[str]] = {role: [] for role in roles}
    for node in nodes:
        if not node.get("ignored") and node["role"]["value"] in roles:
            named[node["role"]["value"]].append(node["name"]["value"])
    assert named["searchbox"] == ["Search"] and named["combobox"] == ["Sort by", "of", "minus", "Order"]
    assert named["search"] == ["Test images"] and named["article"][0] == "image id29" and len(named["article"]) == 12
    assert {role: names for role, names in named.items() if not all(names)} == {}
    assert "status" in [node["role"]["value"] for node in nodes]


def test_five_thousand_images_load_within_two_seconds(chromium: Chromium, tmp_path: Path) -> None:
    page = written_page(tmp_path, 5000, ReportSettings(examples=2, pictures=100, image_width=384, image_quality=85))
    tab = chromium.open("about:blank")
    # Of the page's thread, which is what a reader waits for: other work on this machine does not count.
    tab.command("Performance.enable", {"timeDomain": "threadTicks"})
    tab.go(page)
    assert tab.evaluate(FOUND) == "5,000 images" and len(tab.evaluate(SHOWN)) == 12
    metrics = {entry["name"]: entry["value"] for entry in tab.command("Performance.getMetrics")["metrics"]}
    assert 0.05 < metrics["TaskDuration"] < 2
    choose(tab, search="参考 4321", order="up")
    assert tab.evaluate(SHOWN) == ["id4321"]
    tab.close()
