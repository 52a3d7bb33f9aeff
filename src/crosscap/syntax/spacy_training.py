"""Trains a spaCy pipeline (tagger, morphologizer, lemmatizer, parser) on a UD treebank."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import spacy
import torch
from spacy.language import Language
from spacy.tokens import Doc
from spacy.training import Example
from thinc.api import Adam, Model, Optimizer

from crosscap.config.dependency_parser import Training
from crosscap.syntax.tree import Tree
from crosscap.training.checkpoint import Checkpoint
from crosscap.training.progress import progress
from crosscap.training.seed import seed_everything


def train_spacy(treebank: Sequence[Tree], language: str, settings: Training, work: str | Path) -> Language:
    """Train on ``treebank``; a killed training goes on from ``work`` to the same result.

    Args:
        treebank: gold trees.
        language: ISO 639-1 code, for spaCy's blank pipeline.
        settings: the section ``dependency_parser.train``.
        work: folder of the checkpoint, named by what shapes the result.
    """
    seed_everything(settings.seed)
    pipeline = _blank_pipeline(language, settings, has_xpos=any(w.xpos != "_" for t in treebank[:50] for w in t.words))
    sample = [_example(pipeline, tree, settings.lowercase, False) for tree in treebank]
    pipeline.initialize(lambda: iter(sample))
    optimizer = Adam(settings.learning_rate, L2=0.01, grad_clip=1.0, L2_is_weight_decay=True, use_averages=True)
    checkpoint = Checkpoint(work, training=_TrainingState(pipeline, optimizer))
    done, _ = checkpoint.restore()
    batches = _batches(treebank, settings, start=done)
    for step in progress(range(done, settings.steps), "train_dependency_parser", settings.steps, done):
        examples = [_example(pipeline, tree, settings.lowercase, cut) for tree, cut in next(batches)]
        # Linear decay to a tenth: the end of a short training should not jump about.
        optimizer.learn_rate = settings.learning_rate * (1 - 0.9 * step / settings.steps)
        # With an optimizer, update() steps the shared encoder before its listeners have sent their gradients.
        pipeline.update(examples, sgd=False, drop=settings.dropout)  # type: ignore[arg-type]
        for _, component in pipeline.pipeline:
            component.finish_update(optimizer)  # type: ignore[attr-defined]
        if (step + 1) % settings.checkpoint_steps == 0 and step + 1 < settings.steps:
            checkpoint.save(step + 1)
    with pipeline.use_params(optimizer.averages):
        # The averaged weights are what is saved.
        averaged = pipeline.to_bytes()
    pipeline.from_bytes(averaged)
    return pipeline


def _blank_pipeline(language: str, settings: Training, has_xpos: bool) -> Language:
    pipeline = spacy.blank(language)
    encoder = {
        "@architectures": "spacy.HashEmbedCNN.v2",
        "pretrained_vectors": None,
        "width": settings.width,
        "depth": settings.depth,
        "embed_size": 2000,
        "window_size": 1,
        "maxout_pieces": 3,
        "subword_features": True,
    }
    listener = {"@architectures": "spacy.Tok2VecListener.v1", "width": settings.width, "upstream": "*"}
    tagging = {"@architectures": "spacy.Tagger.v2", "tok2vec": listener}
    pipeline.add_pipe("tok2vec", config={"model": encoder})
    if has_xpos:
        pipeline.add_pipe("tagger", config={"model": tagging})
    pipeline.add_pipe("morphologizer", config={"model": tagging})
    pipeline.add_pipe("trainable_lemmatizer", config={"model": tagging, "min_tree_freq": 1, "top_k": 3})
    parser = {
        "@architectures": "spacy.TransitionBasedParser.v2",
        "state_type": "parser",
        "extra_state_tokens": False,
        "hidden_width": 64,
        "maxout_pieces": 2,
        "use_upper": True,
        "tok2vec": listener,
    }
    pipeline.add_pipe("parser", config={"model": parser, "min_action_freq": 5})
    return pipeline


def _example(pipeline: Language, tree: Tree, lowercase: bool, cut: bool) -> Example:
    """A gold example; ``cut`` leaves the final full stop out, so that a caption parses the same with and without."""
    words = tree.words[:-1] if cut else tree.words
    forms = [word.form.lower() if lowercase else word.form for word in words]
    gold = Doc(
        pipeline.vocab,
        words=forms,
        tags=[word.xpos for word in words],
        pos=["" if word.upos == "_" else word.upos for word in words],
        morphs=["" if word.feats == "_" else word.feats for word in words],
        lemmas=[form if word.lemma == "_" else word.lemma.lower() for word, form in zip(words, forms, strict=True)],
        heads=[number if word.head == 0 else word.head - 1 for number, word in enumerate(words)],
        deps=["ROOT" if word.head == 0 else word.relation for word in words],
    )
    return Example(Doc(pipeline.vocab, words=forms), gold)


def _batches(treebank: Sequence[Tree], settings: Training, start: int) -> Iterator[list[tuple[Tree, bool]]]:
    """Batches of about ``batch_words`` words from ``start`` on: a function of the seed and the step alone."""
    number, epoch = 0, 0
    while True:
        shuffle = random.Random(f"{settings.seed}/{epoch}")
        order = shuffle.sample(range(len(treebank)), len(treebank))
        batch: list[tuple[Tree, bool]] = []
        size = 0
        for row in order:
            tree = treebank[row]
            may_cut = len(tree.words) > 1 and tree.words[-1].upos == "PUNCT" and _is_leaf(tree, len(tree.words))
            batch.append((tree, shuffle.random() < settings.drop_final_punctuation and may_cut))
            size += len(tree.words)
            if size >= settings.batch_words:
                if number >= start:
                    yield batch
                number, batch, size = number + 1, [], 0
        if batch:
            if number >= start:
                yield batch
            number += 1
        epoch += 1


def _is_leaf(tree: Tree, number: int) -> bool:
    return all(word.head != number for word in tree.words)


class _TrainingState:
    """Weights of a pipeline and state of its optimizer as tensors, for `Checkpoint`.

    thinc names parameters by counters of the process; here they are named by their place in the pipeline.
    """

    def __init__(self, pipeline: Language, optimizer: Optimizer) -> None:
        self.optimizer = optimizer
        self.nodes: dict[int, tuple[str, Model[Any, Any]]] = {}
        for name, component in pipeline.pipeline:
            model: Model[Any, Any] = component.model  # type: ignore[attr-defined]
            for place, node in enumerate(model.walk()):
                self.nodes.setdefault(node.id, (f"{name}/{place}", node))

    def state_dict(self) -> dict[str, Any]:
        state: dict[str, Any] = {"weights": {}, "mom1": {}, "mom2": {}, "averages": {}, "updates": {}}
        for identifier, (place, node) in self.nodes.items():
            for name in node.param_names:
                key, label = (identifier, name), f"{place}/{name}"
                if node.has_param(name):
                    state["weights"][label] = torch.from_numpy(np.array(node.get_param(name)))
                for part in ("mom1", "mom2", "averages"):
                    if key in getattr(self.optimizer, part):
                        state[part][label] = torch.from_numpy(np.array(getattr(self.optimizer, part)[key]))
                if key in self.optimizer.nr_update:
                    state["updates"][label] = int(self.optimizer.nr_update[key])
        return state

    def load_state_dict(self, state: dict[str, Any]) -> None:
        for identifier, (place, node) in self.nodes.items():
            for name in node.param_names:
                key, label = (identifier, name), f"{place}/{name}"
                if label in state["weights"]:
                    node.set_param(name, state["weights"][label].numpy().copy())
                for part in ("mom1", "mom2", "averages"):
                    if label in state[part]:
                        getattr(self.optimizer, part)[key] = state[part][label].numpy().copy()
                if label in state["updates"]:
                    self.optimizer.nr_update[key] = state["updates"][label]
