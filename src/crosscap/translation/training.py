"""Trains a small Marian translator of one direction from scratch on sentence pairs."""

from __future__ import annotations

import random
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import torch
from torch.nn.functional import cross_entropy

from crosscap.config.translator import TranslatorTraining
from crosscap.training.checkpoint import Checkpoint
from crosscap.training.device import best_device
from crosscap.training.epochs import Epochs
from crosscap.training.loop import LoopSettings, run_training
from crosscap.training.schedule import Schedule
from crosscap.training.seed import seed_everything
from crosscap.training.update import Update, UpdateSettings
from crosscap.translation.pieces import train_tokenizer
from crosscap.translation.translator import Translator

Pair = tuple[list[int], list[int]]


def train_marian(
    source: Sequence[str],
    target: Sequence[str],
    languages: tuple[str, str],
    settings: TranslatorTraining,
    work: str | Path,
) -> Translator:
    """Train pieces and a `MarianMTModel` that translates ``source[i]`` as ``target[i]``.

    Args:
        languages: codes of the source and the target language.
        work: folder of checkpoints and of the tokenizer's files while training; a killed training that is started
            again with the same arguments continues there and ends with the same weights.
    """
    seed_everything(settings.seed)
    work = Path(work)
    tokenizer = train_tokenizer(work / "tokenizer", source, target, languages, settings.pieces, settings.longest_piece)
    pairs = encode(tokenizer, source, target, settings.max_pieces)
    model = new_model(tokenizer, settings)
    model.to(best_device()).train()
    optimizer = torch.optim.AdamW(
        model.parameters(), lr=settings.learning_rate, betas=(0.9, 0.98), weight_decay=settings.weight_decay
    )
    epochs = Epochs(lambda epoch: batches_of_epoch(pairs, settings, epoch))
    steps = settings.epochs * epochs.steps
    schedule = Schedule("linear", steps, settings.warmup_steps).of(optimizer)
    update = Update(model, optimizer, UpdateSettings("norm", settings.clip_norm), schedule)

    def train_step(step: int) -> dict[str, float]:
        batch = [pairs[place] for place in epochs.at(step)[2]]
        return update(batch, lambda shard: {"loss": loss_of(model, shard, settings.label_smoothing)})

    run_training(
        f"train {'-'.join(languages)}",
        LoopSettings(
            steps, validate_every=epochs.steps, save_every=settings.checkpoint_steps, epoch_steps=epochs.steps
        ),
        train_step,
        Checkpoint(work / "state", model=model, optimizer=optimizer, schedule=schedule),
    )
    return Translator(model, tokenizer)


def loss_of(model: Any, pairs: Sequence[Pair], smoothing: float) -> torch.Tensor:
    """Label-smoothed cross entropy a target piece, in nats."""
    pad = model.config.pad_token_id
    source = _padded([one for one, _ in pairs], pad).to(model.device)
    target = _padded([other for _, other in pairs], pad).to(model.device)
    # The decoder starts with <pad> and reads the target shifted by one, as released Marian models do.
    shifted = torch.cat([torch.full_like(target[:, :1], model.config.decoder_start_token_id), target[:, :-1]], dim=1)
    logits = model(input_ids=source, attention_mask=source != pad, decoder_input_ids=shifted, use_cache=False).logits
    return cross_entropy(logits.flatten(0, 1), target.flatten(), ignore_index=pad, label_smoothing=smoothing)


def new_model(tokenizer: Any, settings: TranslatorTraining) -> Any:
    """A `MarianMTModel` with random weights for the tokenizer's vocabulary.

    One embedding serves both sides and the output, as in released Marian models.
    """
    from transformers import MarianConfig, MarianMTModel

    pad, end = tokenizer.pad_token_id, tokenizer.eos_token_id
    config = MarianConfig(
        vocab_size=len(tokenizer),
        d_model=settings.model_size,
        encoder_layers=settings.encoder_layers,
        decoder_layers=settings.decoder_layers,
        encoder_attention_heads=settings.heads,
        decoder_attention_heads=settings.heads,
        encoder_ffn_dim=settings.feed_forward,
        decoder_ffn_dim=settings.feed_forward,
        activation_function="swish",
        dropout=settings.dropout,
        max_position_embeddings=512,
        scale_embedding=True,
        share_encoder_decoder_embeddings=True,
        tie_word_embeddings=True,
        pad_token_id=pad,
        eos_token_id=end,
        forced_eos_token_id=end,
        decoder_start_token_id=pad,
        init_std=settings.model_size**-0.5,
    )
    model = MarianMTModel(config)
    if model.generation_config is not None:
        model.generation_config.bad_words_ids = [[pad]]
    return model


def encode(tokenizer: Any, source: Sequence[str], target: Sequence[str], max_pieces: int) -> list[Pair]:
    """Piece ids of both sides, each ended by ``</s>``; pairs with a side longer than ``max_pieces`` are left out."""
    ids = tokenizer(list(source))["input_ids"]
    other_ids = tokenizer(text_target=list(target))["input_ids"]
    return [(one, other) for one, other in zip(ids, other_ids, strict=True) if max(len(one), len(other)) <= max_pieces]


def batches_of_epoch(pairs: Sequence[Pair], settings: TranslatorTraining, epoch: int) -> list[list[int]]:
    """Places of the pairs of each batch, of like lengths, in an order that is the epoch's own."""
    chance = random.Random(f"{settings.seed}/{epoch}")
    order = list(range(len(pairs)))
    chance.shuffle(order)
    # A stable sort of shuffled pairs: new neighbours in every epoch, always the same number of batches.
    order.sort(key=lambda place: (len(pairs[place][1]), len(pairs[place][0])))
    size = settings.batch_sentences
    batches = [order[start : start + size] for start in range(0, len(order), size)]
    chance.shuffle(batches)
    return batches


def _padded(rows: Sequence[Sequence[int]], pad: int) -> torch.Tensor:
    width = max(map(len, rows))
    return torch.tensor([[*row, *[pad] * (width - len(row))] for row in rows])
