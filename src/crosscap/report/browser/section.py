"""The browser's part of the page: controls, the data, and a few examples for readers without scripts."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from crosscap.config.report import ReportSettings
from crosscap.report.browser.card import example_card
from crosscap.report.browser.data import browser_data, script_safe
from crosscap.report.browser.evaluated import RANKED_BY, EvaluatedImage, System, read_images, read_systems, spread
from crosscap.report.browser.pictures import shown_pictures
from crosscap.report.markup import element, escape

SCRIPTS = ("elements.js", "picture.js", "card.js", "browser.js")
STYLES = ("browser.css",)
KEYS = {
    "j k": "next and previous image",
    "n p": "next and previous page",
    "/": "search",
    "o": "open or close what is folded in this image",
    "b": "boxes on or off",
    "g": "word-by-word English on or off",
    "Esc": "leave the search, close this",
    "?": "this list",
}


def browser_script() -> str:
    """The JavaScript of the browser, for the end of the page."""
    return "(() => {\n" + "".join(_beside(name) for name in SCRIPTS) + "})();\n"


def browser_style() -> str:
    """Its style; the colours are variables of the page."""
    return "".join(_beside(name) for name in STYLES)


def browser_section(
    root: Path, target: str, variants: Sequence[str], settings: ReportSettings, prefix: str = ""
) -> str:
    """All test images of ``target`` with the captions of the runs ``variants``, as HTML.

    Args:
        root: the project's folder.
        prefix: an image's address within the page is ``#PREFIXimage-ID``; another one for each browser of a page.

    Raises:
        InputError: an artifact is missing or is not what the contracts say.
    """
    images = read_images(root, target)
    systems = read_systems(root, target, variants, [image.id for image in images])
    return browser(images, systems, target, root, settings, prefix)


def browser(
    images: Sequence[EvaluatedImage],
    systems: Sequence[System],
    language: str,
    root: Path,
    settings: ReportSettings,
    prefix: str = "",
) -> str:
    """The same of what was read already; the lists of ``systems`` go with ``images``."""
    metrics = _metrics(systems)
    metric = RANKED_BY if RANKED_BY in metrics else next(iter(metrics), "")
    first = systems[0].scores.get(metric, [None] * len(images)) if systems else [None] * len(images)
    inside = frozenset(spread(first, settings.pictures))
    width, quality = settings.image_width, settings.image_quality
    pictures = shown_pictures(images, root, inside, width, quality)
    linked = sum(bool(picture.source) and not picture.inside for picture in pictures)
    cards = [
        example_card(
            images[row], row, systems, metric, f"{prefix}image-{images[row].id}", language, root, width, quality
        )
        for row in spread(first, settings.examples)
    ]
    note = (
        f"{len(cards)} of {len(images)} test images, evenly spaced in the ranking by {metric} from the best caption to "
        "the worst; with JavaScript all can be sorted and searched."
    )
    html = element(
        "div",
        _controls(systems, metrics, metric, prefix),
        element("p", f"{linked} of the pictures lie beside this page, in data/raw/images/test.", class_="note")
        if linked
        else "",
        element(
            "div", element("p", escape(note), class_="note"), element("div", *cards, class_="examples"), class_="plain"
        ),
        element(
            "script",
            script_safe(browser_data(images, systems, pictures)),
            type="application/json",
        ),
        class_="browser",
        data_prefix=prefix,
        data_language=language,
    )
    # Half a surrogate pair, which captions in JSON may bring, has no UTF-8.
    return html.encode("utf-8", "replace").decode("utf-8")


def _metrics(systems: Sequence[System]) -> list[str]:
    """The scores that any system has, in the order of the tables."""
    return list(dict.fromkeys(metric for system in systems for metric in system.scores))


def _controls(systems: Sequence[System], metrics: Sequence[str], metric: str, prefix: str) -> str:
    """Hidden until the script has something to control."""
    names = [system.name for system in systems]
    numbers = [str(row) for row in range(len(names))]
    orders = {"down": "highest first", "up": "lowest first", "given": "as in the test set"}
    fields = [
        _labelled("Search", _input(type="search", name="search", autocomplete="off", spellcheck="false")),
        _labelled("Sort by", _choice("metric", metrics, metrics, metric)),
        _labelled("of", _choice("first", numbers, names)),
        _labelled("minus", _choice("second", ["", *numbers], ["–", *names])),
        _labelled("Order", _choice("order", list(orders), list(orders.values()))),
    ]
    glossed = any(any(system.glosses) for system in systems)
    switches = [
        _switch("differ", "only where these two differ", False),
        _switch("boxes", "boxes", True),
        _switch("gloss", "word-by-word English", True) if glossed else "",
        element("button", "Keys", type="button", name="help", aria_haspopup="dialog"),
    ]
    keys = "".join(
        element("dt", *(element("kbd", escape(key)) for key in keys.split())) + element("dd", escape(text))
        for keys, text in KEYS.items()
        if keys != "g" or glossed
    )
    title = f"{prefix}keys"
    return element(
        "div",
        element("form", element("div", *fields), element("div", *switches), role="search", aria_label="Test images"),
        element("p", class_="found", role="status"),
        element("div", class_="examples"),
        element(
            "div",
            element("button", "Previous", type="button", name="previous"),
            element("span", class_="place"),
            element("button", "Next", type="button", name="next"),
            class_="pages",
            role="group",
            aria_label="Pages",
        ),
        element(
            "dialog",
            element("h3", "Keys", id=title),
            element("dl", keys),
            element(
                "form",
                _switch("keys", "these keys are on", True),
                element("button", "Close", autofocus=""),
                method="dialog",
            ),
            aria_labelledby=title,
        ),
        class_="live",
        hidden="",
    )


def _labelled(text: str, control: str) -> str:
    return element("label", element("span", escape(text)), control)


def _switch(name: str, text: str, on: bool) -> str:
    box = _input(type="checkbox", name=name, **({"checked": ""} if on else {}))
    return element("label", box, escape(f" {text}"), class_="switch")


def _input(**attributes: str) -> str:
    return element("input", **attributes).removesuffix("</input>")


def _choice(name: str, values: Sequence[str], texts: Sequence[str], chosen: str = "") -> str:
    options = (
        element("option", escape(text), value=value, **({"selected": ""} if chosen and value == chosen else {}))
        for value, text in zip(values, texts, strict=True)
    )
    return element("select", *options, name=name)


def _beside(name: str) -> str:
    return Path(__file__).with_name(name).read_text(encoding="utf-8")
