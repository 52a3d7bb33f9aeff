"""Trains a small benepar parser: words from character LSTMs, a self-attentive encoder, a max-margin chart.

benepar's package has the model but no training program; this is ours. The model file is benepar's own single-file
format, so that trained and released parsers load the same way. (Kitaev & Klein, ACL 2018; Kitaev et al., ACL 2019.)
"""

from __future__ import annotations

import warnings
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import nltk
import numpy as np
import torch

from crosscap.config.constituency_parser import Training
from crosscap.io.artifacts import atomic_path
from crosscap.syntax.constituency.brackets import unescape
from crosscap.training.checkpoint import Checkpoint
from crosscap.training.device import best_device
from crosscap.training.loop import LoopSettings, run_training
from crosscap.training.schedule import Schedule
from crosscap.training.seed import seed_everything
from crosscap.training.update import Update, UpdateSettings

# Ids below are benepar's marks: unknown, starts and stops of words and sentences.
FIRST_CHARACTER = 5


@dataclass
class Example:
    """A training tree in the form that benepar's model reads."""

    tree: nltk.Tree
    words: list[str]
    space_after: None = None

    def leaves(self) -> list[str]:
        return list(self.tree.leaves())

    def pos(self) -> list[tuple[str, str]]:
        return list(self.tree.pos())


def train(trees: Sequence[nltk.Tree], settings: Training, work: Path, output: Path) -> None:
    """Train on ``trees`` (under ``TOP``, words as the parser will see them) and write the model file ``output``.

    A run that was killed goes on from the last finished epoch in ``work`` and ends with the same model.

    Args:
        trees: gold trees.
        settings: ``constituency_parser.train``.
        work: folder for the checkpoint of this training.
        output: file for ``{"config", "state_dict"}``.
    """
    warnings.filterwarnings("ignore", message=".*TreeCRF.*does not define `arg_constraints`")
    seed_everything(settings.seed)
    examples = [_example(tree, settings.lowercase) for tree in trees]
    model = build(examples, settings).to(best_device())
    encoded = [model.encode(example) for example in examples]
    optimizer = torch.optim.Adam(model.parameters(), lr=settings.learning_rate, betas=(0.9, 0.98), eps=1e-9)
    per_epoch = -(-len(examples) // settings.batch_size)
    steps = settings.epochs * per_epoch
    schedule = Schedule("linear", steps, settings.warmup_steps).of(optimizer)
    update = Update(model, optimizer, UpdateSettings("norm", settings.clip), schedule)
    batches: Iterator[list[dict[str, Any]]] = iter(())

    def train_step(step: int) -> dict[str, float]:
        nonlocal batches
        epoch, position = divmod(step - 1, per_epoch)
        if position == 0:  # checkpoints stand at the ends of epochs alone
            batches = epoch_batches(encoded, settings, epoch)
            model.train()
        return update(next(batches), lambda members: {"loss": loss_of(model, members)})

    run_training(
        "constituency parser",
        LoopSettings(steps, validate_every=per_epoch, epoch_steps=per_epoch),
        train_step,
        Checkpoint(work, model=model, optimizer=optimizer, schedule=schedule),
    )
    state = {name: value.cpu() for name, value in model.state_dict().items()}
    with atomic_path(output) as temporary, open(temporary, "wb") as stream:
        # To a stream: given a path, PyTorch writes the temporary name into the file.
        torch.save({"config": model.config, "state_dict": state}, stream)


def loss_of(model: Any, members: Sequence[dict[str, Any]]) -> torch.Tensor:
    """benepar's max-margin loss of the trees and cross-entropy of the tags."""
    batch = model.pad_encoded(members)
    batch["batch_size"] = len(members)
    batch["batch_num_tokens"] = sum(len(entry["word_lens"]) - 2 for entry in members)
    loss: torch.Tensor = model.compute_loss(batch)
    return loss


def build(examples: Sequence[Example], settings: Training) -> Any:
    """An untrained benepar model with the labels, tags and characters of ``examples``."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from benepar.char_lstm import RetokenizerForCharLSTM
        from benepar.decode_chart import ChartDecoder
        from benepar.nkutil import HParams
        from benepar.parse_chart import ChartParser
    trees = [example.tree for example in examples]
    tags = sorted({tag for tree in trees for _, tag in tree.pos()})
    width = settings.width
    hyperparameters = HParams(
        use_chars_lstm=True,
        d_char_emb=width // 2,
        char_lstm_input_dropout=settings.dropout,
        use_pretrained=False,
        pretrained_model="",
        use_encoder=True,
        d_model=width,
        num_layers=settings.layers,
        num_heads=settings.heads,
        d_kv=max(width // settings.heads, 2),
        d_ff=2 * width,
        encoder_max_len=512,
        morpho_emb_dropout=settings.dropout,
        attention_dropout=settings.dropout,
        relu_dropout=settings.dropout,
        residual_dropout=settings.dropout,
        d_label_hidden=width,
        d_tag_hidden=width,
        predict_tags=True,
        tag_loss_scale=5.0,
        force_root_constituent=ChartDecoder.infer_force_root_constituent(trees),
    )
    return ChartParser(
        tag_vocab={tag: number for number, tag in enumerate(tags)},
        label_vocab=ChartDecoder.build_vocab(trees),
        char_vocab=RetokenizerForCharLSTM.build_vocab([example.words for example in examples]),
        hparams=hyperparameters,
    )


def _example(tree: nltk.Tree, lowercase: bool) -> Example:
    words = [unescape(word) for word in tree.leaves()]
    return Example(tree, [word.lower() for word in words] if lowercase else words)


def epoch_batches(encoded: Sequence[dict[str, Any]], settings: Training, epoch: int) -> Iterator[list[dict[str, Any]]]:
    """The trees in batches of similar length, batches in random order; a function of the seed and the epoch."""
    random = np.random.default_rng([settings.seed, epoch])
    lengths = [len(entry["word_lens"]) for entry in encoded]
    order = sorted(random.permutation(len(lengths)).tolist(), key=lengths.__getitem__)
    batches = [order[start : start + settings.batch_size] for start in range(0, len(order), settings.batch_size)]
    for number in random.permutation(len(batches)):
        yield [_with_unknown_characters(encoded[row], settings.unknown_characters, random) for row in batches[number]]


def _with_unknown_characters(entry: dict[str, Any], share: float, random: np.random.Generator) -> dict[str, Any]:
    """``entry`` with a share of its characters unknown, or the embedding of unknown characters would stay random."""
    characters = entry["char_ids"]
    hidden = (random.random(characters.shape) < share) & (characters >= FIRST_CHARACTER)
    return {**entry, "char_ids": np.where(hidden, 0, characters)}
