"""The model card of a captioner: what it is, what it was made from, what it reaches, where it fails."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from html import escape
from typing import Any

from crosscap.model_card.facts import UNDECLARED, Facts, scored
from crosscap.model_card.header import header
from crosscap.report.order import METRICS, ordered

SET_NAMES = {
    "with_phase2": "captions of test images",
    "without_phase2": "the same without phase 2",
    "gold_graphs": "the same from annotated graphs",
    "shuffled": "captions of other images",
    "text": "held-out sentences",
}


def model_card(facts: Facts) -> str:
    """The card as Markdown under its header; text from data is escaped."""
    parts = [
        f"# {plain(facts.name)}",
        _summary(facts),
        "## Use",
        f"```sh\ncrosscap caption --lang {plain(facts.target)} --variant {plain(facts.variant)} picture.jpg\n```",
        "## Scores",
        _scores(facts),
        "## Limits",
        _limits(facts),
        "## Data",
        _data(facts),
        "## Licences of the data",
        _licences(facts),
        "## Training",
        _training(facts),
    ]
    return header(facts) + "\n".join(f"\n{part}" for part in parts) + "\n"


def plain(text: Any) -> str:
    """Text from data on one line, without any meaning in Markdown or HTML."""
    words = escape(" ".join(str(text).split()), quote=False)
    return "".join(f"\\{letter}" if letter in "\\`*[]|#" else letter for letter in words)


def _summary(facts: Facts) -> str:
    parts = [f"- `{folder}`: {count:,} weights" for folder, count in facts.weights.items()]
    return (
        f"Writes captions in the language `{plain(facts.target)}`. It learned from parallel sentences and from "
        f"pictures without captions, by UNISON (Gao et al., AAAI 2022; run `{plain(facts.variant)}`): a scene graph of "
        f"the picture, with names in `{plain(facts.source)}`, is mapped to the other language and told. Image graphs: "
        f"{plain(facts.graphs)}.\n\nIts parts, beside the detector, the relation model and the aligned word vectors of "
        "the same workflow:\n\n" + "\n".join(parts)
    )


def _scores(facts: Facts) -> str:
    rows: dict[str, dict[str, str]] = {}
    spans = False
    for name, metric, score, interval in scored(facts):
        span = "" if interval is None else f" ({interval[0]:.1f} – {interval[1]:.1f})"
        spans = spans or bool(span)
        rows.setdefault(name, {})[metric] = f"{score:.1f}{span}"
    metrics = ordered((metric for row in rows.values() for metric in row), METRICS)
    lines = [[SET_NAMES[name], *(row.get(metric, "–") for metric in metrics)] for name, row in rows.items()]
    images = facts.metrics.get("counts", {}).get("images", 0)
    notes = [f"Times 100, {images:,} test images of `{plain(facts.manifest['source'])}`."]
    if spans:
        settings = facts.significance["settings"]
        notes.append(
            f"In brackets the {settings['confidence']:.0%} interval of {settings['samples']:,} bootstrap samples."
        )
    notes += [f"{plain(name)}: {plain(how)}." for name, how in facts.metrics.get("how", {}).items()]
    notes += [f"No {plain(name)}: {plain(why)}." for name, why in facts.metrics.get("missing", {}).items()]
    return _table(["", *metrics], lines) + "\n\n" + " ".join(notes)


def _limits(facts: Facts) -> str:
    lines = [
        "- Scores hold for pictures and text like those of the table below; they say nothing of others.",
        "- Nobody rated these captions unless a study is named here: the scores compare words with references.",
        "- What the detector has no class for, and what the text never names, is not told.",
    ]
    invented = facts.content.get("with_phase2", {}).get("CHAIR_s")
    if invented is not None:
        what = "an object that neither annotation nor reference of the picture names (CHAIR s)"
        lines.append(f"- {invented:.1f} % of the captions of test images name {what}.")
    shuffled = facts.metrics["captions"].get("shuffled", {}).get("CIDEr")
    if shuffled is not None:
        lines.append(f"- CIDEr of captions given to other images is {shuffled:.1f}: so much is not about the picture.")
    return "\n".join(lines)


def _data(facts: Facts) -> str:
    rows = [
        [plain(kind), f"{files:,}", f"{records:,}", plain("; ".join(licences))]
        for kind, (files, records, licences) in facts.data.items()
    ]
    pairs = f"{facts.funnel['kept']:,} of {facts.funnel['pairs']:,} sentence pairs passed the corpus filter."
    manifest = f"`data/raw/manifest.json` has every file's checksum; its own sha256 is `{facts.manifest_digest}`."
    return _table(["kind", "files", "records", "licences"], rows) + f"\n\n{pairs} {manifest}"


def _licences(facts: Facts) -> str:
    rows = [[plain(name), f"{count:,}"] for name, count in sorted(facts.licences.items())]
    note = "The licence of these weights is their maker's to choose within what these allow."
    if UNDECLARED in facts.licences:
        note += " Files of which no licence was declared may allow nothing: ask before you pass the weights on."
    return _table(["licence", "files"], rows) + f"\n\n{note}"


def _training(facts: Facts) -> str:
    rows = [
        [plain(group), f"`{plain(name)}`", plain(value)]
        for group, values in facts.parameters.items()
        for name, value in values.items()
    ]
    again = f"`dvc repro generate_captions@{plain(facts.target)}-{plain(facts.variant)}` trains them anew."
    return _table(["part", "parameter", "value"], rows) + f"\n\n{again}"


def _table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = [f"| {' | '.join(head)} |", f"|{'|'.join('---' for _ in head)}|"]
    return "\n".join([*lines, *(f"| {' | '.join(row)} |" for row in rows)])
