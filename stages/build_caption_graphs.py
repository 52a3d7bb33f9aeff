"""Translated captions → their scene graphs.

in:  data/caption_corpus/zh.parquet        id=caption-0000001, source_tokens=[a, dog, runs, …]
     models/dependency_parser/
out: data/caption_graphs/zh.conllu.gz      # sent_id = caption-0000001/0
     data/caption_graphs/zh.parquet        id=caption-0000001

Trees are kept in work/cache: what did not change is not parsed again. With --map only a part is parsed and nothing but
the cache is written; the command without it gathers.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pyarrow.parquet as pq

from crosscap.config.loader import load_section
from crosscap.config.sentence_graphs import SentenceGraphSettings
from crosscap.graph.pair_graphs import pair_graphs
from crosscap.graph.sentence_reading import graph_reader
from crosscap.graph.statistics import objects_per_graph
from crosscap.graph.tables import write_graphs
from crosscap.incremental.identity import stage_identity
from crosscap.incremental.results import run_task
from crosscap.io.streams import iterate_rows
from crosscap.runs.arguments import stage_arguments
from crosscap.runs.stage import run
from crosscap.syntax.conllu import read_conllu, write_sentences
from crosscap.syntax.sentence_copies import SentenceCopy
from crosscap.syntax.sentence_results import parsed, parsing
from crosscap.training.progress import progress

STAGE = "build_caption_graphs"
MODEL = Path("models/dependency_parser")


def main() -> None:
    arguments = stage_arguments(__doc__, "target", "processes", "map")
    corpus = Path(f"data/caption_corpus/{arguments.target}.parquet")
    parses = Path(f"data/caption_graphs/{arguments.target}.conllu.gz")
    read = graph_reader(load_section(STAGE, "sentence_graphs", SentenceGraphSettings))
    # No tree depends on what reads it.
    work = replace(parsing(MODEL, stage_identity(STAGE, [MODEL], ignoring=["sentence_graphs"])), stage=STAGE)
    if arguments.map:
        run_task(translations(corpus), work, arguments.map, arguments.processes)
        return
    sentences = parsed(translations(corpus), work, arguments.processes)
    write_sentences(parses, progress(sentences, STAGE, pq.read_metadata(corpus).num_rows))
    graphs = [graph for graph, _ in pair_graphs(read_conllu(parses), parses, read)]
    write_graphs(f"data/caption_graphs/{arguments.target}.parquet", graphs)
    logging.info("objects per graph: %s", objects_per_graph(graphs))


def translations(corpus: Path) -> Iterator[SentenceCopy]:
    for row in iterate_rows(corpus, ("id", "source_tokens")):
        yield SentenceCopy(f"{row['id']}/0", row["source_tokens"])


if __name__ == "__main__":
    run(main)
