"""``crosscap compare``: two runs, commits or files of captions; what differs, and whether it could be chance."""

from __future__ import annotations

import argparse
import json
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any, get_args

from crosscap.cli.compared_runs import Project, load_compared
from crosscap.cli.evaluate import chosen_metrics
from crosscap.config.evaluation import EvaluationSettings, Policy
from crosscap.config.languages import LanguageSettings
from crosscap.config.loader import read_yaml, validate_section
from crosscap.config.phase1 import Phase1Settings
from crosscap.config.phase2 import Phase2Settings
from crosscap.errors import InputError
from crosscap.evaluation.sets import Scorers
from crosscap.project import project_root
from crosscap.significance.comparison import Differences, compare, different_images
from crosscap.significance.resampling import Resampling, bootstrap_scores, shared
from crosscap.significance.run_words import SETS, RunWord
from crosscap.significance.tables import (
    caption_lines,
    comparison_table,
    extreme_captions,
    how_it_was_made,
    list_differences,
    seed_lines,
)

RUN = (
    "a run scored here (hgm), one of its sets (hgm/without_phase2), a run as a commit had it (COMMIT:hgm), "
    "COCO results (FILE.json, with --references), or a score table (FILE.parquet)"
)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("first", metavar="RUN", help=RUN)
    parser.add_argument("second", metavar="RUN", help="likewise")
    parser.add_argument(
        "--metric", action="append", metavar="METRIC", help="only this one; may be given several times (default: all)"
    )
    parser.add_argument(
        "--target", metavar="LANGUAGE", help="language of the captions (default: the first of languages.targets)"
    )
    parser.add_argument("--set", choices=SETS, default="with_phase2", help="sentences compared (default: %(default)s)")
    parser.add_argument("--examples", type=int, default=3, metavar="N", help="captions shown each way (default: 3)")
    parser.add_argument(
        "--samples", type=int, metavar="N", help="resamples (default: evaluation.bootstrap_samples, or 10000)"
    )
    parser.add_argument(
        "--confidence", type=float, metavar="SHARE", help="of the intervals (default: evaluation.confidence, or 0.95)"
    )
    parser.add_argument("--references", type=Path, metavar="REFS.json", help="COCO captions, for COCO results")
    parser.add_argument(
        "--segmentation", choices=get_args(Policy), help="how captions of COCO results are cut into words"
    )
    parser.add_argument("--json", action="store_true", help="print JSON")


def run(arguments: argparse.Namespace) -> int:
    words = (RunWord.parse(arguments.first), RunWord.parse(arguments.second))
    root = project_root() if {"run", "commit"} & {word.kind for word in words} else Path()
    settings = _settings(root)
    project = _project(root, arguments.target)
    plan = _plan(arguments, settings)
    first, second, notes = load_compared(
        words, arguments.set, project, arguments.references, _scorers(arguments, settings, project)
    )
    metrics = chosen_metrics(arguments.metric, "crosscap compare --metric")
    pair = (first.scored.only(metrics), second.scored.only(metrics))
    if (reason := different_images(*pair)) is not None:
        expected = "two systems on the same images"
        raise InputError("crosscap compare", reason, expected, "Scores of other images say nothing of a difference.")
    missing = {
        metric: side.missing[metric]
        for side in (first.scored, second.scored)
        for metric in metrics
        if metric in side.missing
    }
    if not shared(*pair):
        raise InputError(
            "crosscap compare", f"no metric that both have ({_listed(missing)})", f"one of {', '.join(metrics)}"
        )
    drawn, other = bootstrap_scores(pair, plan)
    (differences,) = compare([pair], [(drawn, other)], plan)
    metric = _shown_metric(differences, arguments.metric)
    examples = extreme_captions(first.scored, second.scored, metric, max(0, arguments.examples))
    changes = project.changes(first, second)
    spread = project.spread(first, second, [each.metric for each in differences])
    report = {
        "first": first.described(),
        "second": second.described(),
        "notes": notes,
        "settings": asdict(plan),
        "images": len(first.scored.ids),
        "metrics": {each.metric: asdict(each) for each in differences},
        "missing": missing,
        "seeds": spread,
        "seed_note": "" if spread else project.unknown_spread(first, second),
        "differs": changes,
        "captions": examples,
    }
    if arguments.json:
        print(json.dumps(report, ensure_ascii=False, indent=1))
    else:
        print("\n".join(_lines(report, differences, plan, metric)))
    return 0


def _lines(report: Mapping[str, Any], differences: Differences, plan: Resampling, metric: str) -> list[str]:
    lines = [f"first   {report['first']['name']}", f"second  {report['second']['name']}"]
    lines += [f"note: {note}" for note in report["notes"]]
    if report["differs"]:
        listed = list_differences(report["differs"])
        lines += ["", "What differs, first → second", *(listed or ["  nothing that is recorded"])]
    lines += ["", comparison_table(differences, plan)]
    lines += [f"{name}: {reason}" for name, reason in report["missing"].items()]
    lines += ["", how_it_was_made(differences, report["images"], plan)]
    if report["seeds"] is None:
        lines += [report["seed_note"]] if report["seed_note"] else []
    else:
        seeds = {side: ", ".join(map(str, values)) for side, values in report["seeds"]["seeds"].items()}
        lines += ["", f"Over seeds, first ({seeds['first']}) and second ({seeds['second']}): mean ± standard deviation"]
        lines += seed_lines(report["seeds"])
    for title, key in (("first", "first_better"), ("second", "second_better")):
        if report["captions"][key]:
            lines += ["", f"Captions with which the {title} is furthest ahead in {metric} (first, then second)"]
            lines += caption_lines(report["captions"][key])
    return lines


def _settings(root: Path) -> EvaluationSettings | None:
    """None outside of a project: files can be compared anywhere."""
    path = root / "params.yaml"
    return (
        validate_section(EvaluationSettings, "evaluation", read_yaml(path).get("evaluation"), path)
        if path.is_file()
        else None
    )


def _project(root: Path, target: str | None) -> Project:
    path = root / "params.yaml"
    if not path.is_file():
        return Project(root, target or "", (), 1)
    values = read_yaml(path)

    def section(model: Any, name: str) -> Any:
        return validate_section(model, name, values.get(name), path)

    targets = section(LanguageSettings, "languages").targets
    variants = section(Phase2Settings, "phase2").variants
    return Project(root, target or targets[0], variants, section(Phase1Settings, "phase1").seed)


def _plan(arguments: argparse.Namespace, settings: EvaluationSettings | None) -> Resampling:
    samples, confidence, seed = 10_000, 0.95, 1
    if settings is not None:
        samples, confidence, seed = settings.bootstrap_samples, settings.confidence, settings.bootstrap_seed
    samples = samples if arguments.samples is None else arguments.samples
    confidence = confidence if arguments.confidence is None else arguments.confidence
    if samples < 100:
        raise InputError("crosscap compare --samples", str(samples), "at least 100")
    if not 0 < confidence < 1:
        raise InputError("crosscap compare --confidence", f"{confidence:g}", "a number between 0 and 1, such as 0.95")
    return Resampling(samples, confidence, seed)


def _scorers(arguments: argparse.Namespace, settings: EvaluationSettings | None, project: Project) -> Scorers | None:
    """None where nothing says how captions are cut into words."""
    policy = arguments.segmentation
    if policy is None and settings is not None:
        policy = settings.segmentation.get(project.target)
    if policy is None:
        return None
    metrics = chosen_metrics(arguments.metric, "crosscap compare --metric")
    if settings is None:
        return Scorers(policy, project.target, metrics=metrics)
    folder = Path(settings.spice) if settings.spice else None
    return Scorers(policy, project.target, settings.meteor_timeout, folder, settings.spice_timeout, metrics)


def _shown_metric(differences: Differences, asked: list[str] | None) -> str:
    """That by which captions are ranked: CIDEr tells captions apart best, unless others were asked for."""
    names = [each.metric for each in differences]
    return "CIDEr" if "CIDEr" in names or not asked else names[-1]


def _listed(reasons: Mapping[str, str]) -> str:
    return "; ".join(f"{metric}: {reason}" for metric, reason in reasons.items())
