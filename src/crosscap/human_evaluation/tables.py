"""Results to read: tables in the papers' shape as Markdown, the papers' own numbers beside ours."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from crosscap.human_evaluation.scales import SCALES


def result_tables(results: Mapping[str, Any]) -> str:
    """Everything that `crosscap.human_evaluation.results.judged` found, as Markdown."""
    scale = SCALES[results["scale"]]
    qualities = list(results["agreement"])
    confidence = f"{100 * results['settings']['confidence']:g} %"
    parts = [
        f"# Human evaluation: {results['images']} images, {results['raters']} raters, scale 1 to {scale.highest}",
        _means(results, qualities),
        f"Mean ± half the {confidence} interval over images{_of_sets(results)}. †: the paper's, of other images and "
        f"raters ({scale.source}); what compares is the order of systems, not the numbers.",
        "## Agreement of the raters",
        _table(
            ["", "alpha, ordinal", "alpha, interval", "items rated by two or more"],
            [
                [
                    quality.capitalize(),
                    _number(values["ordinal"], 3),
                    _number(values["interval"], 3),
                    str(values["items"]),
                ]
                for quality, values in results["agreement"].items()
            ],
        ),
        "Krippendorff's alpha: 1 is perfect agreement, 0 what chance gives; – where it is not defined (no item has two "
        "ratings, or all ratings are the same).",
    ]
    if results["differences"]:
        parts += ["## Differences", _differences(results, confidence)]
    parts += ["## Raters", _raters(results, qualities)]
    if results["missing"]:
        missing = ", ".join(f"{rater} {count}" for rater, count in results["missing"].items())
        parts.append(f"Missing ratings, left out of everything above: {missing}.")
    return "\n\n".join(parts)


def _of_sets(results: Mapping[str, Any]) -> str:
    names = [quality for quality, units in results["units"].items() if units == "sets"]
    return f"; of {', '.join(names)} over sets of captions" if names else ""


def _means(results: Mapping[str, Any], qualities: Sequence[str]) -> str:
    """UNISON's table 6 has a column a system, CROSS2STRA's table 4 a row."""
    scale = SCALES[results["scale"]]
    ours = {system: [_mean(values[quality]) for quality in qualities] for system, values in results["means"].items()}
    theirs = {
        f"{name} †": [_number(dict(zip(scale.qualities, scores, strict=True)).get(quality)) for quality in qualities]
        for name, scores in scale.published.items()
    }
    rows = [[name, *cells] for name, cells in {**ours, **theirs}.items()]
    titled = [["", *(quality.capitalize() for quality in qualities)], *rows]
    head, *body = [list(column) for column in zip(*titled, strict=True)] if scale.systems_across else titled
    return _table(head, body)


def _differences(results: Mapping[str, Any], confidence: str) -> str:
    rows = [
        [
            f"{row['first']} – {row['second']}",
            row["quality"].capitalize(),
            f"{row['difference']:+.2f}",
            f"{row['low']:+.2f} to {row['high']:+.2f}",
            _probability(row["p"]),
            _probability(row["p_holm"]),
            f"{row['units']} {results['units'][row['quality']]}",
        ]
        for row in results["differences"]
    ]
    note = "p: approximate randomisation over the same, two-sided; Holm: adjusted for all rows of this table."
    return _table(["", "", "difference", f"{confidence} interval", "p", "p, Holm", "over"], rows) + f"\n\n{note}"


def _raters(results: Mapping[str, Any], qualities: Sequence[str]) -> str:
    rows = [
        [rater, *(_number(means[quality]) for quality in qualities)] for rater, means in results["by_rater"].items()
    ]
    return _table(["mean of", *(quality.capitalize() for quality in qualities)], rows)


def _table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """A Markdown table with columns of equal width, so that it can be read in a terminal, too."""
    lines = [[cell.replace("|", "\\|").replace("\n", " ") for cell in line] for line in [head, *rows]]
    widths = [max(map(len, column)) for column in zip(*lines, strict=True)]

    def line(cells: Sequence[str]) -> str:
        first, *others = (
            cell.ljust(w) if n == 0 else cell.rjust(w) for n, (cell, w) in enumerate(zip(cells, widths, strict=True))
        )
        return f"| {' | '.join([first, *others])} |"

    rule = "|".join([f":{'-' * (widths[0] + 1)}", *(f"{'-' * (width + 1)}:" for width in widths[1:])])
    return "\n".join([line(lines[0]), f"|{rule}|", *map(line, lines[1:])])


def _mean(value: Mapping[str, Any]) -> str:
    if value["mean"] is None or value["low"] is None:
        return _number(value["mean"])
    return f"{value['mean']:.2f} ±{(value['high'] - value['low']) / 2:.2f}"


def _number(value: float | None, digits: int = 2) -> str:
    return "–" if value is None else f"{value:.{digits}f}"


def _probability(p: float) -> str:
    return "<0.001" if p < 0.001 else f"{p:.3f}"
