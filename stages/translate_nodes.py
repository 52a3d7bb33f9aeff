"""Names of graph nodes → words of the target language, each translated by itself (UNISON's variant gm_base).

    data/sentence_graphs/zh.parquet   "dog", "in front of", "ride"
    data/raw/annotations/instances_train.json   the names that pictures are described with
    data/raw/lexicon/zh.tsv           "dog<TAB>狗<TAB>train"
    models/translator/zh              asked for what the lexicon lacks
    → models/node_translations/zh/translations.json   {"dog": ["狗"], "in front of": ["在", "前面"], …}

A name that no source knows is left out. Without a trained translator (`translator.backend`: none) the others answer.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from crosscap.config.loader import load_section
from crosscap.config.node_translation import NodeTranslationSettings
from crosscap.errors import InputError
from crosscap.graph.packing import node_names
from crosscap.graph.tables import read_graphs
from crosscap.io.artifacts import atomic_directory, read_json
from crosscap.runs.arguments import stage_arguments
from crosscap.runs.stage import run, use_threads
from crosscap.systems.unison.node_translation import Source, lexicon_source, translated
from crosscap.text.dictionaries import is_word
from crosscap.text.tokenizers import tokenizer
from crosscap.translation.translator import Translator
from crosscap.vectors.lexicon import read_lexicon

ANNOTATIONS = Path("data/raw/annotations/instances_train.json")


def main() -> None:
    target = stage_arguments(__doc__, "target").target
    settings = load_section("translate_nodes", "node_translation", NodeTranslationSettings)
    use_threads(settings.threads)

    words = tokenizer(target, Path(f"data/raw/segmentation/{target}.txt"))

    def tokenize(text: str) -> list[str]:
        return [token for token in words.tokenize(text) if is_word(token)]

    lexicon = [(entry.source, entry.target) for entry in read_lexicon(f"data/raw/lexicon/{target}.tsv")]
    names = {*node_names(read_graphs(f"data/sentence_graphs/{target}.parquet")), *labels(ANNOTATIONS)}
    sources: list[Source] = []
    for source in settings.sources:
        if source == "lexicon":
            names.update(name for name, _ in lexicon)
            sources.append(lexicon_source(lexicon, tokenize))
        else:
            sources.extend(translator_source(Path(f"models/translator/{target}/forward"), tokenize))
    translations = translated(names, sources)
    logging.info("%d of %d names of nodes have a translation", len(names & translations.of.keys()), len(names))
    with atomic_directory(f"models/node_translations/{target}") as folder:
        translations.write(folder)


def labels(path: Path) -> Iterator[str]:
    """The names of classes, attributes and predicates that pictures are annotated with.

    Raises:
        InputError: the file is missing or does not hold them.
    """
    value = read_json(path)
    try:
        yield from (str(category["name"]) for category in value["categories"])
        yield from (str(name) for key in ("attributes", "predicates") for name in value.get(key, ()))
    except (AttributeError, KeyError, TypeError) as error:
        raise InputError(path, repr(error), "categories, attributes and predicates", "Run `collect` again.") from None


def translator_source(folder: Path, tokenize: Callable[[str], list[str]]) -> Iterator[Source]:
    """The trained translator, if there is one."""
    if not folder.is_dir():
        logging.info("no translator in %s: it is not asked", folder)
        return
    translator = Translator.load(folder)

    def translate(names: Sequence[str]) -> list[tuple[str, ...]]:
        # A translator of sentences stutters over a single word; its words count once each.
        return [tuple(dict.fromkeys(tokenize(text))) for text in translator.translate(list(names), beams=1)]

    yield translate


if __name__ == "__main__":
    run(main)
