"""Stage parse_constituency: both sides of the kept pairs -> constituency trees, in the order of the pairs.

In:  data/filtered/T.parquet (``source_tokens``, ``target_tokens``), models/constituency_parser/{source language,T}
Out: data/constituency/T_{source,target}.txt.gz   a tree a line, ``(FAILED)`` where a sentence could not be parsed

Trees are kept in work/cache: what did not change is not parsed again. With --map only a part is parsed and nothing but
the cache is written; the command without it gathers.
"""

from __future__ import annotations

import logging
from pathlib import Path

from crosscap.config.languages import LanguageSettings
from crosscap.config.loader import load_section
from crosscap.incremental.identity import stage_identity
from crosscap.incremental.results import results, run_task
from crosscap.runs.arguments import stage_arguments
from crosscap.runs.stage import run, use_threads
from crosscap.syntax.constituency.brackets import write_lines
from crosscap.syntax.constituency.tree_results import sentences_of, tree_parsing
from crosscap.training.device import best_device
from crosscap.training.progress import progress

MODELS = Path("models/constituency_parser")


def main() -> None:
    arguments = stage_arguments(__doc__, "target", "processes", "map")
    target = arguments.target
    languages = load_section("parse_constituency", "languages", LanguageSettings)
    # One thread: the matrices are small, and the same trees come out on every machine.
    use_threads(1)
    processes = arguments.processes or (1 if best_device().type == "cuda" else 0)
    filtered = Path(f"data/filtered/{target}.parquet")
    for side, language in (("source", languages.source), ("target", target)):
        model = MODELS / language
        work = tree_parsing(model, stage_identity("parse_constituency", [model]))
        if arguments.map:
            run_task(sentences_of(filtered, side), work, arguments.map, processes)
            continue
        total = sum(1 for _ in sentences_of(filtered, side))
        values = results(sentences_of(filtered, side), work, processes)
        shown = progress(values, f"trees of {language}", total)
        written = write_lines(f"data/constituency/{target}_{side}.txt.gz", map(bytes.decode, shown))
        logging.info("%s: %d of %d sentences parsed", language, written, total)


if __name__ == "__main__":
    run(main)
