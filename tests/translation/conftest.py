from __future__ import annotations

import json
from itertools import product
from pathlib import Path
from typing import Any

import pytest
import torch

from crosscap.config.translator import TranslatorTraining
from crosscap.translation.pieces import train_tokenizer
from crosscap.translation.training import new_model

_ADJECTIVES = {"red": "红", "blue": "蓝", "green": "绿", "black": "黑"}
_THINGS = {"dog": "狗", "cat": "猫", "car": "车", "ball": "球", "kite": "风筝"}
_PLACES = {"in": "里", "behind": "后面", "near": "旁边"}
_COMBINATIONS = list(product(_ADJECTIVES, _THINGS, _PLACES))
ENGLISH = [f"a {adjective} {thing} is {place} the house ." for adjective, thing, place in _COMBINATIONS]
CHINESE = [
    f"房子{_PLACES[place]}有一个{_ADJECTIVES[adjective]}{_THINGS[thing]}。" for adjective, thing, place in _COMBINATIONS
]


@pytest.fixture
def settings() -> TranslatorTraining:
    """The smallest training that does everything."""
    return TranslatorTraining(
        pieces=60,
        longest_piece=4, model_size=16, feed_forward=32, heads=2, encoder_layers=1, decoder_layers=1, dropout=0.1,
        label_smoothing=0.1, learning_rate=5e-3, warmup_steps=4, weight_decay=0.01, clip_norm=1.0,
        batch_sentences=16, epochs=3, max_pieces=40, checkpoint_steps=5, seed=3,
    )  # fmt: skip


@pytest.fixture
def released_marian(tmp_path: Path, settings: TranslatorTraining) -> Path:
    """The files of a released OPUS-MT folder with random weights."""
    torch.manual_seed(1)
    tokenizer = train_tokenizer(
        tmp_path / "pieces", ENGLISH, CHINESE, ("en", "zh"), settings.pieces, settings.longest_piece
    )
    folder = tmp_path / "opus-mt-en-zh"
    save_as_released(new_model(tokenizer, settings), folder)
    tokenizer.save_pretrained(folder)
    expected = {"config.json", "generation_config.json", "pytorch_model.bin", "source.spm", "target.spm", "vocab.json",
                "tokenizer_config.json"}  # fmt: skip
    assert expected <= {path.name for path in folder.iterdir()}
    return folder


@pytest.fixture
def released_fsmt(tmp_path: Path) -> Path:
    """The files of a released WMT19 FSMT folder (Ng et al. 2019) with random weights."""
    from transformers import FSMTConfig, FSMTForConditionalGeneration

    folder = tmp_path / "wmt19-en-de"
    folder.mkdir()
    source = [
        "<s>",
        "<pad>",
        "</s>",
        "<unk>",
        *"abcdefghijklmnopqrstuvwxyz",
        *(f"{c}</w>" for c in "adgnors."),
        "do",
        "dog</w>",
    ]
    target = ["<s>", "<pad>", "</s>", "<unk>", "Hund</w>", "ein</w>", "rot", "er</w>", ".</w>"]
    for name, pieces in (("src", source), ("tgt", target)):
        (folder / f"vocab-{name}.json").write_text(json.dumps({piece: n for n, piece in enumerate(pieces)}))
    (folder / "merges.txt").write_text("d o 12\ndo g</w> 9\n")
    tokenizer = {"langs": ["en", "de"], "model_max_length": 1024, "special_tokens_map_file": None}
    (folder / "tokenizer_config.json").write_text(json.dumps(tokenizer))
    torch.manual_seed(0)
    config = FSMTConfig(
        langs=["en", "de"], src_vocab_size=len(source), tgt_vocab_size=len(target), d_model=16, encoder_layers=1,
        decoder_layers=1, encoder_ffn_dim=32, decoder_ffn_dim=32, encoder_attention_heads=2, decoder_attention_heads=2,
        max_position_embeddings=64, num_beams=2,
    )  # fmt: skip
    save_as_released(FSMTForConditionalGeneration(config), folder)
    return folder


def save_as_released(model: Any, folder: Path) -> None:
    """Weights as ``pytorch_model.bin``, as models were released before safetensors."""
    model.save_pretrained(folder, safe_serialization=False)
    assert (folder / "pytorch_model.bin").is_file()
