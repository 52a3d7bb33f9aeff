"""``crosscap evaluate``: score a file of captions that any system made."""

from __future__ import annotations

import argparse
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any, get_args

from crosscap.config.evaluation import Policy, policy_of
from crosscap.config.loader import read_yaml
from crosscap.errors import InputError
from crosscap.evaluation.results_file import MISSING, Evaluation, score_results
from crosscap.evaluation.score_table import BLEU, METRICS, write_score_table
from crosscap.evaluation.sets import Scorers
from crosscap.text.tokenizers import check_language

PARAMS = Path("params.yaml")
# What is said below the table: title, key of the record, and the metric without which it says nothing.
NOTES = (
    ("Words", "segmentation", None),
    ("BLEU", "bleu_signature", "BLEU-4"),
    ("METEOR", "meteor", "METEOR"),
    ("SPICE", "spice", "SPICE"),
    ("By", "libraries", None),
)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("results", type=Path, metavar="RESULTS.json", help="COCO results: [{image_id, caption}, …]")
    parser.add_argument(
        "--references", type=Path, required=True, metavar="REFS.json", help="COCO captions: {images, annotations}"
    )
    parser.add_argument("--language", required=True, help="of the captions, such as zh")
    parser.add_argument(
        "--segmentation",
        choices=get_args(Policy),
        help=f"how both sides are cut into words (default: what {PARAMS} says of the language)",
    )
    parser.add_argument(
        "--metrics", nargs="+", metavar="METRIC", help=f"BLEU (all four), {', '.join(METRICS)} (default: all)"
    )
    parser.add_argument(
        "--missing",
        choices=MISSING,
        default="refuse",
        help="images without a caption: refuse them (default), score them as empty captions, or skip them",
    )
    parser.add_argument("--spice", type=Path, metavar="DIR", help="folder with SPICE's jars (docs/evaluation.md)")
    parser.add_argument("--timeout", type=float, default=600.0, metavar="SECONDS", help="for METEOR (default: 600)")
    parser.add_argument(
        "--spice-timeout", type=float, default=3600.0, metavar="SECONDS", help="for SPICE (default: 3600)"
    )
    parser.add_argument("--scores", type=Path, metavar="FILE.parquet", help="write the scores of each caption")
    parser.add_argument("--json", action="store_true", help="print JSON")


def run(arguments: argparse.Namespace) -> int:
    policy = arguments.segmentation or _policy(arguments.language)
    if policy in ("jieba", "moses"):  # the others cut without knowing the language
        known_language(arguments.language, "crosscap evaluate --language")
    scorers = Scorers(
        policy,
        arguments.language,
        _seconds(arguments.timeout),
        arguments.spice,
        _seconds(arguments.spice_timeout),
        chosen_metrics(arguments.metrics, "crosscap evaluate --metrics"),
    )
    evaluation = score_results(arguments.results, arguments.references, scorers, arguments.missing)
    if arguments.scores:
        write_score_table(arguments.scores, evaluation.rows)
    if arguments.json:
        print(json.dumps(evaluation.metrics, ensure_ascii=False, indent=2))
    else:
        print(f"{arguments.results} against {arguments.references}\n\n{evaluation_text(evaluation)}")
    return 0


def chosen_metrics(names: list[str] | None, option: str) -> tuple[str, ...]:
    """The metrics that ``names`` ask for, in the usual order; upper and lower case are the same.

    Args:
        option: where the names were given, for the message.

    Raises:
        InputError: a name that is no metric.
    """
    known = {"BLEU": BLEU, **{metric: (metric,) for metric in METRICS}}
    spelled = {name.lower(): metrics for name, metrics in known.items()}
    asked: set[str] = set()
    for name in [part for word in names or METRICS for part in word.split(",") if part]:
        if name.lower() not in spelled:
            raise InputError(option, repr(name), f"some of {', '.join(known)}")
        asked.update(spelled[name.lower()])
    if not asked:
        raise InputError(option, "none", f"some of {', '.join(known)}")
    return tuple(metric for metric in METRICS if metric in asked)


def known_language(code: str, option: str) -> None:
    """Checks a language of the command line.

    Raises:
        InputError: naming ``option``: there is no tokenizer for the language.
    """
    try:
        check_language(code)
    except InputError as error:
        raise InputError(option, error.found, error.expected) from None


def evaluation_text(evaluation: Evaluation) -> str:
    """Scores, what they are of, how they were made, and why some are not there."""
    metrics = evaluation.metrics
    scores: Mapping[str, float | None] = metrics["scores"]
    counts, how = metrics["counts"], metrics["how"]
    lines = ["".join(f"{metric:>9}" for metric in scores), "".join(map(_cell, scores.values())), ""]
    lines.append(f"{counts['images']} images, {counts['references']} references; times 100")
    if counts["images_without_caption"]:
        done = {"skip": "left out", "empty": "counted as empty captions"}[how["images_without_caption"]]
        lines.append(f"{counts['images_without_caption']} images without a caption, {done}")
    for title, key, metric in NOTES:
        if metric is None or scores.get(metric) is not None:
            lines.append(f"{title}: {how[key]}")
    return "\n".join([*lines, *(f"{metric}: {reason}" for metric, reason in metrics["missing"].items())])


def _policy(language: str) -> Policy:
    if not PARAMS.is_file():
        raise InputError(
            "crosscap evaluate", "no --segmentation", f"one of {', '.join(get_args(Policy))}",
            f"Say how captions are cut into words; without it {PARAMS} must be here.",
        )  # fmt: skip
    values: Any = read_yaml(PARAMS)
    try:
        policies = {str(key): value for key, value in values["evaluation"]["segmentation"].items()}
    except (KeyError, TypeError, AttributeError):
        raise InputError(PARAMS, "no evaluation.segmentation", "a policy a language", "Run `crosscap check`.") from None
    policy = policy_of(policies, language)
    if policy not in get_args(Policy):
        expected = f"one of {', '.join(get_args(Policy))}"
        raise InputError(PARAMS, repr(policy), expected, record=f"evaluation.segmentation.{language}")
    return policy


def _seconds(value: float) -> float:
    if not value > 0:
        raise InputError("crosscap evaluate", f"{value:g} seconds", "more than 0")
    return value


def _cell(value: float | None) -> str:
    return f"{'-':>9}" if value is None else f"{value:>9.1f}"
