from __future__ import annotations

import os
import subprocess
import sys
from itertools import permutations

import numpy as np

from crosscap.config.word_vectors import WordVectorTraining
from crosscap.vectors.fasttext import interleave, train_interleaved, train_monolingual

SETTINGS = WordVectorTraining(
    mix="interleaved", size=16, window=6, min_count=2, shortest_subword=3, longest_subword=5, buckets=500, negatives=3,
    subsampling=0.0, learning_rate=0.05, epochs=40, seed=1,
)  # fmt: skip
# Each sentence keeps to one topic, in both languages.
TOPICS = (("dog cat horse", "狗 猫 马"), ("red blue green", "红 蓝 绿"), ("runs eats sleeps", "跑 吃 睡"))
PAIRS = [
    (list(source), list(target))
    for sources, targets in TOPICS
    for source in permutations(sources.split())
    for target in permutations(targets.split())
]


def test_words_come_in_the_order_of_their_frequency_and_rare_ones_not_at_all() -> None:
    words, vectors = train_monolingual([["a", "b", "a"], ["a", "b", "rare"]], SETTINGS)
    assert words == ["a", "b"]
    assert vectors.shape == (2, 16)
    assert vectors.dtype == np.float32


def test_interleaved_words_stand_by_their_relative_place_marked_by_language() -> None:
    merged = interleave(["a", "red", "dog"], ["红", "狗"])
    assert [word[1:] for word in merged] == ["a", "红", "red", "狗", "dog"]
    assert interleave([], ["红"])[0] != interleave(["红"], [])[0]


def test_interleaved_training_brings_the_languages_words_of_one_topic_together() -> None:
    (source_words, source), (target_words, target) = train_interleaved(PAIRS, SETTINGS)
    source /= np.linalg.norm(source, axis=1, keepdims=True)
    target /= np.linalg.norm(target, axis=1, keepdims=True)
    nearest = {word: target_words[int((target @ row).argmax())] for word, row in zip(source_words, source, strict=True)}
    for sources, targets in TOPICS:
        assert {nearest[word] for word in sources.split()} <= set(targets.split())


def test_training_is_the_same_in_every_process() -> None:
    program = (
        "from tests.vectors.test_fasttext import *; import hashlib;"
        "print(hashlib.sha256(train_monolingual([s for s, _ in PAIRS], SETTINGS)[1].tobytes()).hexdigest())"
    )
    digests = {
        subprocess.run(
            [sys.executable, "-c", program], env={**os.environ, "PYTHONHASHSEED": seed}, capture_output=True, check=True
        ).stdout
        for seed in ("1", "2")
    }
    assert len(digests) == 1
