"""Turn the trees of a pair's sentences into its scene graph.

in:  data/parses/zh.conllu.gz                # sent_id = pair-0000001/0, /1, …
out: data/sentence_graphs/zh.parquet         id=pair-0000001: union over all copies
     data/sentence_graphs/zh_raw.parquet     the same from copy 0 alone
"""

from __future__ import annotations

import logging

from crosscap.config.loader import load_section
from crosscap.config.sentence_graphs import SentenceGraphSettings
from crosscap.graph.pair_graphs import pair_graphs
from crosscap.graph.sentence_reading import graph_reader
from crosscap.graph.statistics import objects_per_graph
from crosscap.graph.tables import write_graphs
from crosscap.runs.arguments import stage_arguments
from crosscap.runs.stage import run
from crosscap.syntax.conllu import read_conllu
from crosscap.training.progress import progress

logger = logging.getLogger(__name__)


def main() -> None:
    target = stage_arguments(__doc__, "target").target
    parses = f"data/parses/{target}.conllu.gz"
    read = graph_reader(load_section("build_sentence_graphs", "sentence_graphs", SentenceGraphSettings))
    pairs = list(pair_graphs(progress(read_conllu(parses), "build_sentence_graphs"), parses, read))
    raw, augmented = [raw for raw, _ in pairs], [augmented for _, augmented in pairs]
    write_graphs(f"data/sentence_graphs/{target}_raw.parquet", raw)
    write_graphs(f"data/sentence_graphs/{target}.parquet", augmented)
    for name, graphs in (("raw", raw), ("augmented", augmented)):
        logger.info("objects per %s graph: %s", name, objects_per_graph(graphs))


if __name__ == "__main__":
    run(main)
