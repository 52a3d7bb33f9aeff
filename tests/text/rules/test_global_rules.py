"""Rules on the whole corpus, against plain ones that keep everything in memory."""

from __future__ import annotations

import random
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest

from crosscap.text.alignment import LexicalModel
from crosscap.text.rules import near_duplicates as module
from crosscap.text.rules.aligned import alignment
from crosscap.text.rules.duplicates import duplicates
from crosscap.text.rules.near_duplicates import BANDS, band_keys, near_duplicates, word_hashes
from crosscap.text.rules.repeats import repeats
from crosscap.text.survivors import ROWS, Column, Mask, Survivors
from crosscap.text.verdicts import HEAD, judge
from tests.text.rules.pairs import Spaces, setting

NOUNS = ["dog 狗", "cat 猫", "man 男人", "car 车", "tree 树", "hat 帽子", "house 房子", "boat 船"]
VERBS = ["sees 看", "likes 喜欢", "draws 画", "finds 找到"]


def survivors(folder: Path, pairs: list[tuple[str, str]], batch: int = 7) -> Survivors:
    found = Survivors(folder)
    values = judge(setting("duplicates"), Spaces(), Spaces())(pairs)
    heads = np.frombuffer(b"".join(value[: HEAD.itemsize] for value in values), HEAD)
    rows = [
        {"id": str(n), "source": s, "target": t, "origin": "", "source_tokens": s.lower(), "target_tokens": t.lower()}
        for n, (s, t) in enumerate(pairs)
    ]
    parts = (slice(start, start + batch) for start in range(0, len(pairs), batch))
    found.fill((pa.RecordBatch.from_pylist(rows[part], ROWS), heads[part]) for part in parts)
    return found


def everything(found: Survivors) -> Mask:
    return np.ones(found.count, bool)


@pytest.mark.parametrize("part", [1, 3, 50, 10_000])
def test_every_key_is_told_from_its_first_whatever_fits_in_memory(tmp_path, part):
    draw = np.random.default_rng(5)
    keys = draw.choice(draw.integers(0, 2**64, 60, dtype=np.uint64), 400)
    alive = draw.random(400) < 0.8
    column = Column(tmp_path / "keys", "<u8")
    column.append(keys)
    first: dict[int, int] = {}
    expected = {
        position: first[key]
        for position, key in enumerate(keys.tolist())
        if alive[position] and first.setdefault(key, position) != position
    }
    found = {}
    for positions, firsts in repeats(column, alive, part):
        found.update(zip(positions.tolist(), firsts.tolist(), strict=True))
    assert found == expected
    assert len(expected) > 200


def test_the_first_of_equal_pairs_is_kept_and_other_translations_are_no_duplicates(tmp_path):
    found = survivors(tmp_path, [("a dog .", "狗"), ("A dog", "狗 。"), ("a dog", "犬"), ("a cat", "狗")])
    assert duplicates(found, everything(found), setting()).tolist() == [False, True, False, False]


def test_a_pair_that_is_out_is_no_first(tmp_path):
    found = survivors(tmp_path, [("a dog", "狗")] * 3)
    assert duplicates(found, np.array([False, True, True]), setting())[1:].tolist() == [False, True]


@pytest.mark.parametrize(("similarity", "refused"), [(10 / 12, True), (0.84, False)])
def test_the_share_of_common_words_decides_and_the_limit_is_included(tmp_path, similarity, refused):
    source = "a man in the red shirt rides horses"  # with the target 11 words, of which 10 stay
    found = survivors(tmp_path, [(source, "一 匹 马"), (source.replace("red", "blue"), "一 匹 马")])
    given = setting(near_duplicates={"similarity": similarity})
    assert near_duplicates(found, everything(found), given).tolist() == [False, refused]


def plain_near_duplicates(pairs: list[tuple[str, str]], alive: Mask, similarity: float) -> list[bool]:
    """The rule as its docstring says it: each pair against the first one of each of its bands."""
    firsts: list[dict[int, int]] = [{} for _ in range(BANDS)]
    hashes = [word_hashes(source.split(), target.split()) for source, target in pairs]
    refused = [False] * len(pairs)
    for number, words in enumerate(hashes):
        if alive[number]:
            keys = band_keys(np.array(sorted(words), np.uint32), np.array([0]))[0].tolist()
            for band, key in zip(firsts, keys, strict=True):
                other = hashes[band.setdefault(key, number)]
                if band[key] != number and len(words & other) / len(words | other) >= similarity:
                    refused[number] = True
    return refused


def test_near_duplicates_are_those_of_the_plain_rule(tmp_path, monkeypatch):
    monkeypatch.setattr(module, "_PAIRS", 16)
    draw = random.Random(11)
    words = [f"w{number}" for number in range(60)]
    pairs: list[tuple[str, str]] = []
    for _ in range(300):
        source = draw.choices(words, k=10)
        if pairs and draw.random() < 0.6:
            source = draw.choice(pairs)[0].split()
            for _ in range(draw.randrange(4)):
                source[draw.randrange(10)] = draw.choice(words)
        pairs.append((" ".join(source), " ".join(word[::-1] for word in source)))
    found = survivors(tmp_path, pairs)
    alive = np.array([draw.random() < 0.9 for _ in pairs])
    refused = near_duplicates(found, alive, setting())
    assert refused.tolist() == plain_near_duplicates(pairs, alive, 0.8)
    assert 60 < refused.sum() < 240


def test_nearly_all_similar_pairs_are_found(tmp_path):
    draw = random.Random(3)
    pairs: list[tuple[str, str]] = []
    for number in range(200):
        source = [f"s{number}-{place}" for place in range(14)]
        target = [f"t{number}-{place}" for place in range(14)]
        pairs.append((" ".join(source), " ".join(target)))
        source[draw.randrange(14)] = "other"
        pairs.append((" ".join(source), " ".join(target)))  # 27 of 29 words: 0.93
    found = survivors(tmp_path, pairs)
    refused = near_duplicates(found, everything(found), setting())
    assert not refused[::2].any()
    assert refused[1::2].sum() == 200


def test_pairs_without_words_are_alike(tmp_path):
    found = survivors(tmp_path, [("...", "。"), ("a", "一"), ("!", "？")])
    assert near_duplicates(found, everything(found), setting()).tolist() == [False, False, True]


def translations(count: int, seed: int) -> list[tuple[str, str]]:
    """Sentences of three content words and their translations."""
    draw, pairs = random.Random(seed), []
    for number in range(count):
        words = [draw.choice(NOUNS).split(), draw.choice(VERBS).split(), draw.choice(NOUNS).split()]
        source = f"the {words[0][0]} {words[1][0]} the {words[2][0]} {number % 7}"
        pairs.append((source, " ".join(target for _, target in words)))
    return pairs


def test_the_lexical_model_learns_translations():
    pairs = [(source.split(), target.split()) for source, target in translations(300, seed=1)]
    model = LexicalModel.train(pairs, iterations=5)
    assert model.score(["the", "dog", "sees", "the", "cat"], ["狗", "看", "猫"]) > 0.5
    assert model.score(["the", "dog", "sees", "the", "cat"], ["车", "画", "房子"]) < 0


def test_wrong_alignments_are_found_although_the_models_learn_from_them(tmp_path):
    pairs = translations(600, seed=2)
    wrong = set(range(0, 600, 20))
    draw = random.Random(3)
    for index in wrong:
        words = set(pairs[index][1].split())
        other = next(p for p in draw.sample(pairs, 600) if not words & set(p[1].split()))
        pairs[index] = (pairs[index][0], other[1])
    found = survivors(tmp_path, pairs)
    refused = alignment(found, everything(found), setting())
    assert set(np.flatnonzero(refused).tolist()) == wrong
