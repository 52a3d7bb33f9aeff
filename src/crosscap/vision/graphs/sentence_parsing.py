"""English sentences to scene graphs, through the trained dependency parser."""

from __future__ import annotations

from pathlib import Path

from crosscap.graph.rules.sentence_graph import sentence_graph
from crosscap.graph.scene_graph import SceneGraph
from crosscap.syntax.dependency_parser import load_parser
from crosscap.text.tokenizers import tokenizer
from crosscap.vision.graphs.given import ParseGraphs


def graph_parser(parser_dir: str | Path) -> ParseGraphs:
    """The parser in ``parser_dir`` as a function from sentences to graphs.

    Raises:
        InputError: no parser stands there.
    """
    parser, words = load_parser(parser_dir), tokenizer("en")

    def parse(sentences: list[str]) -> list[SceneGraph]:
        trees = parser.parse(words.tokenize(sentence) for sentence in sentences)
        return [sentence_graph(tree, str(number)) for number, tree in enumerate(trees)]

    return parse
