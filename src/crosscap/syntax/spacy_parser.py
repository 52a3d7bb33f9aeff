"""Dependency parsing by spaCy pipelines: our own, and released ones."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import islice
from pathlib import Path

import spacy
from spacy.language import Language
from spacy.tokens import Doc

from crosscap.errors import InputError
from crosscap.syntax import clearnlp
from crosscap.syntax.relations import require_universal
from crosscap.syntax.tree import Tree, Word, with_one_root

BATCH = 512  # sentences a call, and a component's batches: these fill matrix products and stay in a core's cache
COMPONENT_BATCH = 128  # (the library's default of 1,000 takes a third more time, 32 a tenth)
COLUMNS: list[int | str] = ["LEMMA", "POS", "TAG", "MORPH", "HEAD", "DEP"]
# What makes a tree. All else is left out: sentence splitters bind the parser, merging components change the words.
FACTORIES = {
    "tok2vec", "transformer", "curated_transformer", "tagger", "morphologizer", "parser", "attribute_ruler",
    "lemmatizer", "trainable_lemmatizer",
}  # fmt: skip


class SpacyParser:
    """A spaCy pipeline behind `DependencyParser`.

    Args:
        model: folder in spaCy's own format, or the name of an installed model.
        lowercase: whether the pipeline was trained on lowercase words, so that casing cannot change a tree.

    Raises:
        InputError: no such model, no parser in it, or labels that are neither UD nor ClearNLP's.
    """

    def __init__(self, model: str | Path, lowercase: bool) -> None:
        self.pipeline, self.lowercase = load_pipeline(model), lowercase
        labels: set[str] = set(self.pipeline.pipe_labels["parser"])
        self._names = _Names(self.pipeline)
        self.from_clearnlp = clearnlp.is_clearnlp(labels)
        require_universal(model, labels - clearnlp.LABELS if self.from_clearnlp else labels)

    def parse(self, sentences: Iterable[list[str]]) -> Iterator[Tree]:
        """See `DependencyParser.parse`."""
        stream = iter(sentences)
        while batch := list(islice(stream, BATCH)):
            docs = self.pipeline.pipe(
                [doc_of(self.pipeline, words, self.lowercase) for words in batch], batch_size=COMPONENT_BATCH
            )
            for words, doc in zip(batch, docs, strict=True):
                yield self._tree(words, doc)

    def _tree(self, forms: list[str], doc: Doc) -> Tree:
        # One array a sentence: six properties a token would cost a tenth of the parser's own time.
        rows: list[list[int]] = doc.to_array(COLUMNS).astype("int64").tolist()
        names = self._names
        words = [
            Word(
                form,
                names[lemma] or form.lower(),
                names[upos] or "X",
                names[xpos] or "_",
                names[feats] or "_",
                number + offset if offset else 0,
                (names[relation] or "dep") if offset else "root",
            )
            for number, (form, (lemma, upos, xpos, feats, offset, relation)) in enumerate(
                zip(forms, rows, strict=True), 1
            )
        ]
        if self.from_clearnlp:
            words = clearnlp.to_universal(words)
        return Tree("", with_one_root(words))


class _Names(dict[int, str]):
    """Strings by spaCy's (signed) hash, each looked up once."""

    def __init__(self, pipeline: Language) -> None:
        self._strings = pipeline.vocab.strings

    def __missing__(self, signed: int) -> str:
        name = self[signed] = self._strings[signed % 2**64]
        return name


def load_pipeline(model: str | Path) -> Language:
    """Load through spaCy itself, without the components that no tree depends on or that would cut it.

    Raises:
        InputError: spaCy finds no model there, one that it cannot load, or one without a dependency parser.
    """
    try:
        pipeline = spacy.load(model, exclude=["ner", "senter"])
    except (OSError, ValueError, ImportError) as error:
        remedy = "Give the folder of a spaCy model or the name of an installed one."
        raise InputError(model, (str(error).splitlines() or [repr(error)])[0], "a spaCy model", remedy) from None
    for name in pipeline.pipe_names:
        if pipeline.get_pipe_meta(name).factory not in FACTORIES:
            pipeline.remove_pipe(name)
    if "parser" not in pipeline.pipe_names:
        raise InputError(model, f"the components {pipeline.pipe_names}", "a dependency 'parser' among them")
    return pipeline


def doc_of(pipeline: Language, words: list[str], lowercase: bool) -> Doc:
    """One caption as one Doc with exactly these words."""
    # An empty or blank word would change spaCy's word count.
    shown = [(word.lower() if lowercase else word).strip() or "_" for word in words]
    return Doc(pipeline.vocab, words=shown)
