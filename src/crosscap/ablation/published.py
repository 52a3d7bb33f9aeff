"""The tables of UNISON (Gao et al., AAAI 2022) that are filled anew: whose scores stand where, and the paper's numbers.

The paper's test data are COCO-CN's and five web corpora's, so its numbers say what a model gained over another, not
what a run of this project should reach. Table 1 (sizes of graphs) is ``crosscap table --corpus``; table 6 asks people.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

BLEU = ("BLEU-1", "BLEU-2", "BLEU-3", "BLEU-4")
SENTENCE_METRICS = (*BLEU, "METEOR", "ROUGE-L")
CAPTION_METRICS = (*SENTENCE_METRICS, "CIDEr")
SHORT = {**{name: f"B{order}" for order, name in enumerate(BLEU, 1)}, "METEOR": "M", "ROUGE-L": "R", "CIDEr": "C"}

# Sets of sentences in a metrics file: held-out pairs; test images without and with the cross-modal mapping (CMM).
TEXT, PLAIN, MAPPED = "text", "without_phase2", "with_phase2"


@dataclass(frozen=True)
class Row:
    """A row of a table.

    Attributes:
        name: the method, as the paper calls it.
        published: the paper's scores, times 100, in the order of the table's metrics; empty: it has no such row.
        run: name of the model (`crosscap.systems.unison.run_name`) without a seed; None: no model of this project.
        sentences: which of the model's sentences are scored.
        minus: the model whose scores are taken off; None: the scores stand as they are.
        optional: shown where the model was trained; the table is complete without.
    """

    name: str
    published: tuple[float, ...] = ()
    run: str | None = None
    sentences: str = TEXT
    minus: str | None = None
    optional: bool = False


@dataclass(frozen=True)
class Table:
    """One of the paper's tables.

    Attributes:
        claims: pairs of rows (better, worse) by name: what the paper reads from the table. Where its own numbers
            contradict that in a metric, the numbers count.
    """

    title: str
    metrics: tuple[str, ...]
    rows: tuple[Row, ...]
    claims: tuple[tuple[str, str], ...]

    def row(self, name: str) -> Row:
        return next(row for row in self.rows if row.name == name)


def _with_mapping(name: str, run: str, plain: tuple[float, ...], mapped: tuple[float, ...]) -> tuple[Row, Row]:
    return Row(name, plain, run, PLAIN), Row(f"{name}+CMM", mapped, run, MAPPED)


def _without_kl(name: str, run: str, scores: tuple[float, ...], change: tuple[float, ...]) -> tuple[Row, Row]:
    return Row(name, scores, run), Row(f"{name} w/o joint", change, f"{run}-no_kl", minus=run)


def _raw(name: str, run: str, raw: tuple[float, ...] = (), augmented: tuple[float, ...] = ()) -> tuple[Row, Row]:
    return Row(f"{name}, raw", raw, f"{run}-raw"), Row(name, augmented, run)


NAMES = ("GEN", "GMBASE", "GMWORD", "GMWORD+SUB", "HGMBASE", "HGM")
T3 = {
    "GEN": (25.0, 13.8, 8.2, 5.2, 14.4, 27.3),
    "GMBASE": (26.6, 15.4, 10.0, 7.3, 15.1, 28.1),
    "GMWORD": (28.1, 16.2, 10.7, 8.0, 15.4, 28.2),
    "GMWORD+SUB": (29.2, 17.9, 12.6, 9.9, 16.3, 30.2),
    "HGMBASE": (29.6, 18.1, 12.8, 9.9, 16.5, 30.4),
    "HGM": (30.4, 19.1, 13.9, 11.1, 17.0, 31.9),
}
RUNS = dict(zip(NAMES, ("gen", "gm_base", "gm_word", "gm_word_sub", "hgm_base", "hgm"), strict=True))

TABLES: Mapping[str, Table] = {
    "T2": Table(
        "Table 2: captions of test images, without and with captions in the target language",
        CAPTION_METRICS,
        (
            Row("Graph-Align(En)+GoogleTrans, no caption corpus", (39.2, 16.7, 6.5, 2.3, 13.2, 26.5, 9.3)),
            Row("UNISON, no caption corpus", (44.9, 19.9, 8.6, 3.3, 16.5, 29.6, 12.7), "hgm", MAPPED),
            Row("FC-2k(En)+GoogleTrans, paired corpus", (58.9, 38.0, 23.5, 14.3, 23.5, 40.2, 47.3)),
            Row("FC-2k(Cn, pseudo COCO), paired corpus", (60.4, 40.7, 26.8, 17.3, 24.0, 43.6, 52.7)),
            Row("UNISON, unpaired corpus", (63.4, 43.2, 29.5, 17.9, 24.5, 45.1, 53.5), "hgm-captions", MAPPED),
        ),
        (("UNISON, unpaired corpus", "UNISON, no caption corpus"),),
    ),
    "T3": Table(
        "Table 3: sentences of held-out pairs, from the graphs of their source sentences",
        SENTENCE_METRICS,
        (
            *(Row(name, T3[name], RUNS[name]) for name in NAMES),
            Row("HGM, one gate a graph", run="hgm-pooled", optional=True),
        ),
        (*zip(NAMES[1:], NAMES, strict=False), ("HGM", "GMWORD")),
    ),
    "T4": Table(
        "Table 4: the same, and what changes without L_KL",
        SENTENCE_METRICS,
        (
            *_without_kl("GMWORD", "gm_word", T3["GMWORD"], (-0.4, -0.4, -0.3, -0.3, -0.1, -0.2)),
            *_without_kl("GMWORD+SUB", "gm_word_sub", T3["GMWORD+SUB"], (-0.3, -0.3, -0.3, -0.4, -0.2, -0.1)),
            *_without_kl("HGM", "hgm", T3["HGM"], (-0.5, -0.3, -0.3, -0.3, -0.2, -0.4)),
        ),
        tuple((name, f"{name} w/o joint") for name in ("GMWORD", "GMWORD+SUB", "HGM")),
    ),
    "T5": Table(
        "Table 5: captions of test images, without and with cross-modal mapping (CMM)",
        CAPTION_METRICS,
        (
            *_with_mapping("GEN", "gen", (), ()),
            *_with_mapping("GMBASE", "gm_base", (), ()),
            *_with_mapping(
                "GMWORD", "gm_word", (40.1, 16.4, 6.7, 2.2, 15.6, 28.4, 9.5), (43.1, 19.4, 8.3, 3.0, 16.5, 29.4, 12.6)
            ),
            *_with_mapping(
                "GMWORD+SUB",
                "gm_word_sub",
                (37.3, 14.9, 6.1, 2.5, 14.3, 27.0, 7.9),
                (40.6, 17.8, 7.6, 2.8, 15.2, 28.3, 10.8),
            ),
            *_with_mapping(
                "HGMBASE", "hgm_base", (38.0, 15.5, 6.2, 2.4, 14.4, 27.3, 8.0), (39.8, 16.9, 7.3, 2.6, 14.8, 27.7, 10.2)
            ),
            *_with_mapping(
                "HGM", "hgm", (41.1, 17.1, 6.9, 2.6, 15.7, 28.4, 9.7), (44.9, 19.9, 8.6, 3.3, 16.5, 29.6, 12.7)
            ),
        ),
        (
            *((f"{name}+CMM", name) for name in NAMES),
            ("HGM", "GMWORD"),
            ("HGM+CMM", "GMWORD+CMM"),
            ("GMWORD+CMM", "GMWORD+SUB+CMM"),
            ("GMWORD+CMM", "HGMBASE+CMM"),
        ),
    ),
    "T7": Table(
        "Table 7: sentences of held-out pairs, graphs of the sentence alone (raw) or with its paraphrases",
        ("BLEU-1", "BLEU-4", "METEOR", "ROUGE-L"),
        (
            *_raw("GMBASE", "gm_base", (22.5, 5.1, 12.8, 24.6), (26.6, 7.3, 15.1, 28.1)),
            *_raw("GMWORD", "gm_word"),
            *_raw("GMWORD+SUB", "gm_word_sub"),
            *_raw("HGM", "hgm"),
        ),
        tuple((name, f"{name}, raw") for name in ("GMBASE", "GMWORD", "GMWORD+SUB", "HGM")),
    ),
}
"""The paper's tables by key. T7's models were trained without L_KL, ours are those of T3, where GMBASE is the same."""
