"""Score generated captions against what people wrote.

In: ``data/captions/T/V/`` (``[{"image_id": 7, "caption": "一只 狗 在 公园 里"}]``), ``data/filtered/T.parquet``
(held-out pairs), ``data/raw/captions/captions_test_T.json``, ``data/image_graphs/provenance.json``.
Out: ``reports/metrics/T_V.json`` (``{"captions": {"with_phase2": {"BLEU-1": 61.2, …}, …}, "text": {…}}``, times 100)
and ``data/scores/T_V.parquet``, a row a caption (``crosscap.evaluation.score_table``).
"""

from __future__ import annotations

from pathlib import Path

from crosscap.config.evaluation import EvaluationSettings, policy_of
from crosscap.config.loader import load_section
from crosscap.evaluation.captions import read_references, read_results, read_text_references
from crosscap.evaluation.corpus import evaluate_sets
from crosscap.evaluation.score_table import METRICS, write_score_table
from crosscap.evaluation.sets import CaptionSet, Scorers
from crosscap.io.artifacts import read_json, write_json
from crosscap.runs.arguments import stage_arguments
from crosscap.runs.stage import run


def main() -> None:
    arguments = stage_arguments(__doc__, "target", "variant")
    target, variant = arguments.target, arguments.variant
    settings = load_section("evaluate", "evaluation", EvaluationSettings)
    reference_file = f"data/raw/captions/captions_test_{target}.json"
    text_file = f"data/filtered/{target}.parquet"
    references, text = read_references(reference_file), read_text_references(text_file)
    folder = f"data/captions/{target}/{variant}"
    captions = {
        name: CaptionSet(read_results(f"{folder}/{name}.json", references), references, reference_file)
        for name in ("with_phase2", "without_phase2", "gold_graphs")
    }
    # Scores of other sets of images cannot be compared: all images have gold graphs, or there is no such row.
    unannotated = len(references) - len(captions["gold_graphs"].hypotheses)
    if unannotated:
        del captions["gold_graphs"]
    metrics, rows = evaluate_sets(
        captions,
        CaptionSet(read_results(f"{folder}/text_test.json", text), text, text_file),
        Scorers(
            policy_of(settings.segmentation, target),
            target,
            settings.meteor_timeout,
            Path(settings.spice) if settings.spice else None,
            settings.spice_timeout,
        ),
        settings.shuffle_seed,
    )
    if unannotated:
        metrics["captions"]["gold_graphs"] = dict.fromkeys(METRICS)
        metrics["missing"]["gold graphs"] = f"{unannotated} of {len(references)} test images have no annotated object"
    metrics["image_graphs"] = read_json("data/image_graphs/provenance.json")["label"]
    write_score_table(f"data/scores/{target}_{variant}.parquet", rows)
    write_json(f"reports/metrics/{target}_{variant}.json", metrics)


if __name__ == "__main__":
    run(main)
