from __future__ import annotations

import pytest

from crosscap.errors import InputError
from crosscap.io.artifacts import write_json
from crosscap.text.vocabulary import BOS, EOS, PAD, UNK, Vocabulary, read_vocabularies, write_vocabularies


def test_words_are_ordered_by_count_and_then_by_letters_and_rare_ones_are_dropped():
    vocabulary = Vocabulary.from_counts({"cat": 5, "a": 9, "bat": 5, "rare": 4}, threshold=5)
    assert vocabulary.words == ("<pad>", "<bos>", "<eos>", "<unk>", "a", "bat", "cat")


def test_graph_words_stand_behind_the_caption_words_that_keep_their_ids():
    captions = Vocabulary.from_counts({"dogs": 9, "a": 7}, threshold=5)
    united = captions.united({"dog": 6, "bat": 5, "a": 8, "be": 6, "rare": 4, "<unk>": 9}, threshold=5)
    assert united.words == (*captions.words, "be", "dog", "bat")


def test_an_unknown_word_becomes_unk_and_nothing_is_added():
    vocabulary = Vocabulary.from_words(["a", "dog"])
    assert vocabulary.encode(["a", "red", "dog"]) == [4, UNK, 5]


def test_decoding_stops_at_the_end_and_skips_padding():
    vocabulary = Vocabulary.from_words(["a", "dog"])
    assert vocabulary.decode([BOS, 4, PAD, 5, UNK, EOS, 4]) == ["a", "dog", "<unk>"]


def test_a_corpus_word_spelled_like_a_special_does_not_stand_twice():
    assert len(Vocabulary.from_counts({"<unk>": 9, "a": 9}, threshold=1)) == 5


def test_both_sides_survive_the_file(tmp_path):
    source, target = Vocabulary.from_words(["dog"]), Vocabulary.from_words(["狗", "。"])
    write_vocabularies(tmp_path / "zh.json", source, target)
    read = read_vocabularies(tmp_path / "zh.json")
    assert [side.words for side in read] == [source.words, target.words]


def test_a_vocabulary_without_specials_is_refused_with_its_side(tmp_path):
    write_json(tmp_path / "zh.json", {"source": ["a"], "target": []})
    with pytest.raises(InputError, match="key source: found a vocabulary starts with"):
        read_vocabularies(tmp_path / "zh.json")
