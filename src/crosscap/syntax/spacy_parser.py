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
from crosscap.syntax.tree import Tree, Word, with_one_root

BATCH = 256  # sentences a call: large enough to fill matrix products, small enough to stream


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
        self.from_clearnlp = clearnlp.is_clearnlp(labels)
        unknown = labels - clearnlp.LABELS if self.from_clearnlp else {name for name in labels if not _universal(name)}
        if unknown:
            raise InputError(
                model,
                f"the dependency labels {sorted(unknown)[:8]}",
                "Universal Dependencies, or the ClearNLP labels of spaCy's English models",
                "Give a model trained on a UD treebank.",
            )

    def parse(self, sentences: Iterable[list[str]]) -> Iterator[Tree]:
        """See `DependencyParser.parse`."""
        stream = iter(sentences)
        while batch := list(islice(stream, BATCH)):
            docs = self.pipeline.pipe([doc_of(self.pipeline, words, self.lowercase) for words in batch], batch_size=64)
            for words, doc in zip(batch, docs, strict=True):
                yield self._tree(words, doc)

    def _tree(self, forms: list[str], doc: Doc) -> Tree:
        words = [
            Word(
                form=form,
                lemma=token.lemma_ or form.lower(),
                upos=token.pos_ or "X",
                xpos=token.tag_ or "_",
                feats=str(token.morph) or "_",
                head=0 if token.head.i == token.i else token.head.i + 1,
                relation="root" if token.head.i == token.i else token.dep_ or "dep",
            )
            for form, token in zip(forms, doc, strict=True)
        ]
        if self.from_clearnlp:
            words = clearnlp.to_universal(words)
        return Tree("", with_one_root(words))


def load_pipeline(model: str | Path) -> Language:
    """Load through spaCy itself.

    Raises:
        InputError: spaCy finds no model there, or one without a dependency parser.
    """
    try:
        pipeline = spacy.load(model, exclude=["ner", "senter"])
    except (OSError, ValueError) as error:
        remedy = "Give the folder of a spaCy model or the name of an installed one."
        raise InputError(model, str(error).splitlines()[0], "a spaCy model", remedy) from None
    if "parser" not in pipeline.pipe_names:
        raise InputError(model, f"the components {pipeline.pipe_names}", "a dependency 'parser' among them")
    return pipeline


def doc_of(pipeline: Language, words: list[str], lowercase: bool) -> Doc:
    """One caption as one Doc with exactly these words."""
    # An empty or blank word would change spaCy's word count.
    shown = [(word.lower() if lowercase else word).strip() or "_" for word in words]
    return Doc(pipeline.vocab, words=shown)


UD_RELATIONS = """
    acl advcl advmod amod appos aux case cc ccomp clf compound conj cop csubj dep det discourse dislocated expl fixed
    flat goeswith iobj list mark nmod nsubj nummod obj obl orphan parataxis punct reparandum root vocative xcomp
"""


def _universal(label: str) -> bool:
    return label.partition(":")[0].lower() in UD_RELATIONS.split()
