"""From the artifacts of a run to the page."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from crosscap.config.report import ReportSettings
from crosscap.io.artifacts import read_json
from crosscap.report.browser.section import browser_script, browser_section, browser_style
from crosscap.report.content import content_table, read_content
from crosscap.report.graph_statistics import graph_tables
from crosscap.report.headline import headline, metrics_notes
from crosscap.report.markup import element, escape, section
from crosscap.report.page import page
from crosscap.report.paper_tables import paper_tables
from crosscap.report.scores import funnel_chart, relation_table, stage_table, training_charts
from crosscap.report.significance import difference_table, read_chance, read_significance, seed_table
from crosscap.report.workflow_drawing import workflow_drawing
from crosscap.systems.unison.run_name import VARIANTS

LANGUAGES = {"zh": "Chinese", "de": "German", "ja": "Japanese", "en": "English", "fr": "French"}


def report(targets: Sequence[str], variants: Sequence[str], settings: ReportSettings, root: Path) -> str:
    """The whole page as HTML.

    Args:
        targets, variants: the target languages and the runs that were carried to images.
        root: the project's folder.

    Raises:
        InputError: an artifact is missing or is not what the contracts say.
    """
    label = read_json(root / "data/image_graphs/provenance.json")["label"]
    # Of an ablation's dozens of models only those that differ in their variant.
    charted = [name for name in variants if name in VARIANTS] or variants[:1]
    sections: list[tuple[str, str]] = []
    for target in targets:
        language = LANGUAGES.get(target, target)
        suffix = f" · {language}" if len(targets) > 1 else ""
        significance = read_significance(root / f"reports/significance/{target}.json")
        parts = {
            "Caption scores": _caption_scores(root, target, variants, significance),
            "Differences": difference_table(significance) + seed_table(significance),
            "Beyond n-grams": content_table(read_content(root, target, variants)),
            "Examples": browser_section(root, target, variants, settings, f"{target}-" if sections else ""),
            "Ablations": paper_tables(read_json(root / f"reports/tables/{target}.json")),
            "Stage scores": _stage_scores(root, target),
            "Relations in pictures": _relations(root),
            "Graph statistics": graph_tables(read_json(root / f"reports/metrics/stages_graphs_{target}.json")),
            "Corpus filter": funnel_chart(read_json(root / f"data/filtered/{target}_funnel.json")),
            "Training": "".join(_training(root, target, variant) for variant in charted),
        }
        sections += [
            (title + suffix, section(title + suffix, html, note=NOTES[title])) for title, html in parts.items()
        ]
    drawing = workflow_drawing(read_json(root / "workflow/durations.json"))
    sections.append(("Workflow", section("Workflow", drawing, note=NOTES["Workflow"])))
    names = ", ".join(LANGUAGES.get(target, target) for target in targets)
    lead = f"Captions in {names}, learned without one picture that has a caption in that language."
    title = "crosscap: captions without caption data"
    return page(title, lead, f"Image graphs: {label}.", sections, browser_style(), browser_script())


NOTES = {
    "Caption scores": "Captions of test images against their references, times 100. The name before the colon is a "
    "variant of UNISON's model, the full one is hgm. Phase 1 learns from parallel text alone, phase 2 adds pictures "
    "without captions. From gold graphs: captions from "
    "the annotations of the test images, with phase 2; what they gain is what seeing costs. Shuffled: the same "
    "captions given to other images; what is left of CIDEr has nothing to do with the picture. Held-out sentences are "
    "said from the graphs of their source sentences.",
    "Differences": "Is one system better than another, or could the choice of test images have done it? Each "
    "difference with its interval by paired bootstrap (Koehn 2004), and the p-value of approximate randomisation "
    "(Riezler and Maxwell 2005), corrected by Holm's method over a pair's metrics. Pale: it may well be chance.",
    "Beyond n-grams": "Distinct: different words or pairs of words of all, % (Li et al. 2016). Novel: captions "
    "that are no training sentence, %. CHAIR: objects that the caption names and the picture does not hold, % of "
    "objects (i) and of captions (s) that have one (Rohrbach et al. 2018). β: how much of the structure is kept, % "
    "between the picture's graph and the caption's (G), between the trees of the caption and of its translation (C).",
    "Ablations": "What the models reach where UNISON's tables have a number, and which of the paper's orderings hold.",
    "Examples": "The test images, what was seen in them (boxes), and what every system says of them: its words with "
    "their English below, the sentence translated back in quotation marks, and in red objects that were made up.",
    "Stage scores": "Every stage on its own against gold, times 100; whole numbers count sentences.",
    "Relations in pictures": "Recall of annotated relations, times 100: from gold boxes with their classes (PredCls), "
    "from gold boxes (SGCls), from the picture alone (SGDet). R: mean over pictures; mR: over predicates, rare and "
    "common alike. Graph constraint: one predicate a pair. The baseline knows how often each predicate stood between "
    "two classes, and nothing else.",
    "Graph statistics": "The captioner learns from graphs of sentences and reads graphs of pictures: what those hold, "
    "and what they call by names that it never met.",
    "Corpus filter": "From the raw parallel text to the pairs that the captioner learns from.",
    "Training": "Losses of the cross-lingual auto-encoder (phase 1): cross-entropy of words (xe), how far the codes of "
    "two languages are apart (kl). And of the mapping between pictures and text (phase 2): fooling the judges (gan), "
    "the way there and back (cycle), and the judges' own.",
    "Workflow": "Every stage and what it waits for, with the durations that “make durations” recorded last: those of "
    "the run that this page shows only where they were recorded after it.",
}


def _caption_scores(root: Path, target: str, variants: Sequence[str], significance: Mapping[str, Any]) -> str:
    metrics = {variant: read_json(root / f"reports/metrics/{target}_{variant}.json") for variant in variants}
    return headline(metrics, significance) + "".join(metrics_notes(content) for content in list(metrics.values())[:1])


def _stage_scores(root: Path, target: str) -> str:
    folder = root / "reports/metrics"
    scores: dict[str, Any] = {}
    paths = [folder / f"stages_{target}.json", *sorted(folder.glob("stages_constituency_*.json"))]
    for path in paths:
        for stage, values in read_json(path).items():
            scores[stage] = {**scores.get(stage, {}), **values}
    return stage_table(scores, read_chance(*(root / "reports/significance" / path.name for path in paths)))


def _relations(root: Path) -> str:
    name = "stages_relations.json"
    chance = read_chance(root / "reports/significance" / name)
    return relation_table(read_json(root / "reports/metrics" / name), chance)


def _training(root: Path, target: str, variant: str) -> str:
    return "".join(
        element("h3", escape(f"Phase {phase}, {variant}"))
        + training_charts(root / f"models/phase{phase}/{target}/{variant}/history.csv")
        for phase in (1, 2)
    )
