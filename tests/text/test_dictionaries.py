from __future__ import annotations

from collections import Counter

import pytest

from crosscap.errors import InputError
from crosscap.text.dictionaries import count_words, dictionary_lines, lexicon_lines, read_lexicon, read_word_counts
from crosscap.text.tokenizers import tokenizer


@pytest.mark.parametrize("text", ["a 9\n<S> 8\n. 7\nDog 2\ndog 1\n", "a\t9\nDog\t3\n"])
def test_word_counts_are_lowercased_and_hold_words_alone(tmp_path, text):
    (tmp_path / "words.txt").write_text(text)
    assert read_word_counts(tmp_path / "words.txt") == {"a": 9, "dog": 3}


def test_a_plain_word_list_counts_each_word_once(tmp_path):
    (tmp_path / "words.txt").write_text("狗\n猫\n", encoding="utf-8")
    assert read_word_counts(tmp_path / "words.txt") == {"狗": 1, "猫": 1}


def test_a_dictionary_in_another_encoding_is_refused_with_file_line_and_byte(tmp_path):
    (tmp_path / "words.txt").write_bytes(b"dog\n" + "狗 5\n".encode("gb18030"))
    with pytest.raises(InputError) as error:
        read_word_counts(tmp_path / "words.txt")
    assert str(error.value) == (
        f"{tmp_path}/words.txt, line 2: found byte 0xb9 at 0, expected UTF-8 text. "
        "Convert it, it is probably GB18030: `iconv -f GB18030 -t UTF-8 words.txt > NEW`."
    )


def test_a_line_of_a_sentence_is_no_dictionary_entry(tmp_path):
    (tmp_path / "words.txt").write_text("dog 5\na dog runs\n")
    with pytest.raises(InputError, match="line 2: found 'a dog runs', expected `word` or `word count`"):
        read_word_counts(tmp_path / "words.txt")


def test_a_dictionary_can_be_counted_and_is_written_most_frequent_first():
    counts = count_words(["A dog.", "A cat and a dog!"], tokenizer("en"))
    assert counts == {"a": 3, "dog": 2, "cat": 1, "and": 1}
    assert list(dictionary_lines(Counter(counts))) == ["a\t3", "dog\t2", "and\t1", "cat\t1"]
    assert list(dictionary_lines(Counter(counts), min_count=2)) == ["a\t3", "dog\t2"]


@pytest.mark.parametrize(
    ("layout", "text"),
    [("source target", "dog 狗\ncat\t猫\ndog 狗\n"), ("target @ source", "狗 @ Dog\n猫 @ cat\n")],
)
def test_both_layouts_of_lexicons_give_source_and_target(tmp_path, layout, text):
    (tmp_path / "lexicon").write_text(text, encoding="utf-8")
    assert read_lexicon(tmp_path / "lexicon", layout) == [("dog", "狗"), ("cat", "猫")]


def test_a_line_of_the_other_layout_is_refused(tmp_path):
    (tmp_path / "lexicon").write_text("狗 @ dog\n", encoding="utf-8")
    with pytest.raises(InputError, match="line 1: found '狗 @ dog', expected `source target`"):
        read_lexicon(tmp_path / "lexicon", "source target")


def test_all_translations_of_a_word_are_on_one_side_and_the_share_is_kept():
    pairs = [(f"word{i}", target) for i in range(1000) for target in ("一", "二")]
    lines = [line.split("\t") for line in lexicon_lines(pairs, 0.2)]
    sides: dict[str, set[str]] = {}
    for source, _, side in lines:
        sides.setdefault(source, set()).add(side)
    assert all(len(side) == 1 for side in sides.values())
    assert sum(side == {"test"} for side in sides.values()) == 216
