from __future__ import annotations

import pytest

from crosscap.errors import InputError
from crosscap.vectors.lexicon import Entry, read_lexicon, rows_of


def test_translations_of_one_part_where_both_words_have_a_vector() -> None:
    entries = [
        Entry("bat", "球棒", "train"),
        Entry("bat", "蝙蝠", "train"),
        Entry("dog", "狗", "test"),
        Entry("cat", "猫", "train"),
    ]
    rows = rows_of(entries, "train", {"bat": 0, "dog": 1}, {"球棒": 5, "蝙蝠": 6, "狗": 7, "猫": 8})
    assert rows == {0: {5, 6}}


def test_a_bad_line_is_named(tmp_path) -> None:
    (tmp_path / "zh.tsv").write_text("dog\t狗\ttrain\n\ndog 狗 train\n", encoding="utf-8")
    with pytest.raises(InputError, match=r"zh\.tsv, line 3: found 'dog 狗 train', expected source<TAB>target<TAB>"):
        read_lexicon(tmp_path / "zh.tsv")


def test_another_encoding_is_named(tmp_path) -> None:
    (tmp_path / "zh.tsv").write_bytes("dog\t狗\ttrain\n".encode("gb18030"))
    with pytest.raises(InputError, match="expected UTF-8 text"):
        read_lexicon(tmp_path / "zh.tsv")
