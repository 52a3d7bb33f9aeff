"""Parse every kept English sentence and its paraphrases.

in:  data/filtered/zh.parquet      id=pair-0000001, source_tokens=[a, man, rides, a, horse, …]
     data/paraphrases/zh.parquet   id=pair-0000001, copy=1, tokens=[a, horse, is, ridden, …]
     models/dependency_parser/
out: data/parses/zh.conllu.gz      # sent_id = pair-0000001/0, then /1 …; copy 0 is the sentence itself

Trees are kept in work/cache: what did not change is not parsed again. With --map only a part is parsed and nothing but
the cache is written; the command without it gathers.
"""

from __future__ import annotations

from pathlib import Path

from crosscap.incremental.identity import stage_identity
from crosscap.incremental.results import run_task
from crosscap.runs.arguments import stage_arguments
from crosscap.runs.stage import run
from crosscap.syntax.conllu import write_sentences
from crosscap.syntax.sentence_copies import count_copies, read_copies
from crosscap.syntax.sentence_results import parsed, parsing
from crosscap.training.progress import progress

MODEL = Path("models/dependency_parser")


def main() -> None:
    arguments = stage_arguments(__doc__, "target", "processes", "map")
    target = arguments.target
    tables = Path(f"data/filtered/{target}.parquet"), Path(f"data/paraphrases/{target}.parquet")
    total = count_copies(*tables)
    work = parsing(MODEL, stage_identity("parse_sentences", [MODEL]))
    if arguments.map:
        run_task(read_copies(*tables), work, arguments.map, arguments.processes)
        return
    sentences = parsed(read_copies(*tables), work, arguments.processes)
    write_sentences(f"data/parses/{target}.conllu.gz", progress(sentences, "parse_sentences", total))


if __name__ == "__main__":
    run(main)
