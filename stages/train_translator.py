"""Filtered pairs → translators of both directions, and their BLEU on the validation split.

    data/filtered/zh.parquet      "A dog runs on the grass ." ↔ "一只狗在草地上跑。"
    → models/translator/zh/forward/, backward/   folders of transformers' own format (Marian, or FSMT if released so)
      models/translator/zh/scores.json           {"forward_bleu": 41.2, "round_trip_bleu": 38.5, …}

Trains Marian models on the train split, or takes released Marian or FSMT weights (`translator.pretrained`), or does
neither (`translator.backend`: none): then the folder holds empty scores alone.
"""

from __future__ import annotations

from pathlib import Path

from crosscap.config.languages import LanguageSettings
from crosscap.config.loader import load_section
from crosscap.config.translator import TranslatorSettings
from crosscap.errors import InputError
from crosscap.io.artifacts import atomic_directory, write_json
from crosscap.io.tables import read_table
from crosscap.runs.arguments import stage_arguments
from crosscap.runs.stage import run, use_threads
from crosscap.training.fingerprint import work_directory
from crosscap.training.work_folders import release
from crosscap.translation.model_folder import check_pivot, find_folder
from crosscap.translation.scores import NO_SCORES, score_round_trip
from crosscap.translation.training import train_marian
from crosscap.translation.translator import Translator


def main() -> None:
    target = stage_arguments(__doc__, "target").target
    settings = load_section("train_translator", "translator", TranslatorSettings)
    languages = (load_section("train_translator", "languages", LanguageSettings).source, target)
    use_threads(settings.threads)

    table = Path(f"data/filtered/{target}.parquet")
    rows = read_table(table, ["source", "target", "split"])
    work = None
    with atomic_directory(f"models/translator/{target}") as folder:
        if settings.backend == "none":
            write_json(folder / "scores.json", NO_SCORES)
            return
        if settings.pretrained is not None:
            there, back = find_folder(settings.pretrained.forward), find_folder(settings.pretrained.backward)
            check_pivot(there, back, *languages)
            Translator.load(there).save(folder / "forward")
            Translator.load(back).save(folder / "backward")
        else:
            sources, targets = _sides(rows, "train")
            if not sources:
                raise InputError(table, "no pair of the train split", "at least one", "Loosen the filter's rules.")
            work = work_directory(
                "train_translator",
                {"train": settings.train.model_dump(), "languages": languages, "threads": settings.threads},
                [table],
            )
            train_marian(sources, targets, languages, settings.train, work / "forward").save(folder / "forward")
            train_marian(targets, sources, languages[::-1], settings.train, work / "backward").save(folder / "backward")
        sources, targets = _sides(rows, "val")
        count = settings.scored_pairs
        forward, backward = Translator.load(folder / "forward"), Translator.load(folder / "backward")
        write_json(
            folder / "scores.json", score_round_trip(forward, backward, sources[:count], targets[:count], languages)
        )
    if work is not None:
        release(work)


def _sides(rows: list[dict[str, str]], split: str) -> tuple[list[str], list[str]]:
    chosen = [row for row in rows if row["split"] == split]
    return [row["source"] for row in chosen], [row["target"] for row in chosen]


if __name__ == "__main__":
    run(main)
