"""What raters are asked, on which scale, and what the papers' raters answered."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from crosscap.errors import InputError

QUALITIES = ("relevancy", "diversification", "fluency")

OF_SETS = ("diversification",)
"""Asked of several captions of one system together: one caption alone is neither alike nor unlike."""


@dataclass(frozen=True)
class Scale:
    """A Likert scale from 1 to the number of its labels, as a paper defines it, with the paper's results.

    Attributes:
        labels: what each level means, the lowest first.
        qualities: those the paper asked for, in its table's order.
        systems_across: its table has a column a system (else a row).
        published: system -> mean of each of ``qualities``. Of other pictures, so no score of ours compares with it.
    """

    labels: tuple[str, ...]
    qualities: tuple[str, ...]
    source: str
    systems_across: bool
    published: Mapping[str, tuple[float, ...]]

    @property
    def highest(self) -> int:
        return len(self.labels)


SCALES: Mapping[str, Scale] = {
    # Gao et al. 2022, section 5.4
    "unison": Scale(
        ("very poor", "poor", "adequate", "good", "excellent"),
        ("relevancy", "fluency"),
        "UNISON, table 6: COCO-CN test images, 10 raters",
        True,
        {
            "GMWORD": (2.78, 2.49),
            "GMWORD+SUB": (2.96, 2.76),
            "HGM": (3.22, 3.05),
            "HGM★": (3.96, 4.06),
            "GT": (4.86, 4.91),
        },
    ),
    # Wu et al. 2023, appendix B.3
    "cross2stra": Scale(
        (
            "can't be worse",
            "terrible",
            "poor",
            "little poor",
            "average",
            "better than average",
            "adequate",
            "good",
            "very good",
            "excellent",
        ),
        ("relevancy", "diversification", "fluency"),
        "CROSS2STRA, table 4: AIC-ICC images, 10 raters",
        False,
        {
            "FG": (5.34, 3.75, 7.05),
            "SSR": (7.86, 5.89, 7.58),
            "PivotAlign": (8.04, 6.57, 7.46),
            "UNISON": (9.02, 9.14, 7.89),
            "CROSS2STRA": (9.70, 9.53, 9.22),
            "w/o SG": (8.35, 7.75, 9.04),
            "w/o SC": (9.42, 8.34, 8.07),
            "w/o LCMA+LCLA": (7.80, 7.24, 8.15),
        },
    ),
}


def asked_qualities(scale: Scale, names: Sequence[str]) -> tuple[str, ...]:
    """The qualities to ask for: ``names`` in the order of `QUALITIES`, or, without names, the paper's own.

    Raises:
        InputError: a name is unknown.
    """
    for name in names:
        if name not in QUALITIES:
            raise InputError("crosscap judge", f"the quality {name!r}", f"one of {', '.join(QUALITIES)}")
    return tuple(name for name in QUALITIES if name in names) or scale.qualities
