"""The raters' page: one HTML file that works offline, with its pictures inside and nothing that it would fetch."""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Mapping
from html import escape
from pathlib import Path

from crosscap.human_evaluation.form import rows
from crosscap.human_evaluation.scales import OF_SETS, SCALES
from crosscap.human_evaluation.study import SET, Study
from crosscap.human_evaluation.wording import LEVELS, WORDINGS

STYLE, SCRIPT = (Path(__file__).with_name(name) for name in ("page.css", "page.js"))


def rating_page(
    study: Study, rater: str, names: Mapping[str, str], pictures: Mapping[str, bytes], language: str
) -> str:
    """The page of one rater; systems' names are nowhere in it.

    Args:
        names: image -> name of its picture's file, which stands for its id.
        pictures: image -> JPEG.
        language: that the page speaks; one of `WORDINGS`.
    """
    wording = WORDINGS[language]
    shown = {image for name in study.raters[rater] for image in study.items[name].images}
    head, *table = rows(study, rater, names)
    content = {
        "study": study.code,
        "rater": rater,
        "language": study.language,
        "levels": LEVELS.get(language, {}).get(study.scale, SCALES[study.scale].labels),
        "columns": head,
        "qualities": study.qualities,
        "items": [
            {
                "name": name,
                "row": row,
                "pictures": [names[image] for image in study.items[name].images],
                "captions": study.items[name].captions,
                "questions": {quality: _question(name, quality, wording) for quality in study.items[name].qualities},
            }
            for name, row in zip(study.raters[rater], table, strict=True)
        ],
        "pictures": {names[image]: base64.b64encode(pictures[image]).decode("ascii") for image in sorted(shown)},
        "wording": wording,
    }
    # No `<` can end the element early.
    data = json.dumps(content, ensure_ascii=False, separators=(",", ":")).replace("<", "\\u003c")
    style, script = STYLE.read_text(encoding="utf-8"), SCRIPT.read_text(encoding="utf-8")
    policy = (
        f"default-src 'none'; img-src data:; style-src {_allowed(style)}; script-src {_allowed(script)}; "
        "base-uri 'none'; form-action 'none'"
    )
    say = {name: escape(text) for name, text in wording.items()}
    return f"""<!doctype html>
<html lang="{language}"><head><meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="{policy}">
<meta name="viewport" content="width=device-width, initial-scale=1"><meta name="color-scheme" content="light dark">
<title>{say["title"]} · {escape(rater)}</title><style>{style}</style></head>
<body>
<header><h1>{say["title"]} <small>{escape(rater)}</small></h1>
<progress id="progress" aria-labelledby="count"></progress><span id="count"></span>
<button id="save" type="button">{say["save"]}</button></header>
<main>
<details id="introduction"><summary>{say["help"]}</summary><p>{say["introduction"]}</p><p>{say["keys"]}</p></details>
<noscript><p class="notice">{say["unscripted"]}</p></noscript>
<p id="notice" class="notice" role="status" hidden></p>
<p id="place" aria-live="polite"></p>
<div id="item"></div>
<form id="questions"></form>
</main>
<nav><button id="back" type="button">{say["back"]}</button><button id="unrated" type="button">{say["unrated"]}</button>
<button id="next" type="button">{say["next"]}</button></nav>
<script type="application/json" id="study">{data}</script>
<script>{script}</script>
</body></html>
"""


def _question(name: str, quality: str, wording: Mapping[str, str]) -> str:
    return wording[f"{quality} of a set" if quality in OF_SETS and name.startswith(SET) else quality]


def _allowed(text: str) -> str:
    """This very script or style, as the page's policy names it."""
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode('ascii')}'"
