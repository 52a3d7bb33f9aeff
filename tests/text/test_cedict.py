from __future__ import annotations

import gzip

import pytest

from crosscap.errors import InputError
from crosscap.text.cedict import read_cedict

LINES = """# CC-CEDICT
#! version=1
狗 狗 [gou3] /dog/CL:隻|只[zhi1],條|条[tiao2]/
滑板 滑板 [hua2 ban3] /skateboard/
跑 跑 [pao3] /to run; to escape/to run away (of a person)/
雪 雪 [Xue3] /surname Xue/
媽媽 妈妈 [ma1 ma5] /mama; mommy (coll.)/(fig.) a mother/
"""


def test_glosses_of_one_word_become_pairs_in_either_writing(tmp_path) -> None:
    with gzip.open(tmp_path / "cedict.txt.gz", "wt", encoding="utf-8") as stream:
        stream.write(LINES)
    pairs = read_cedict(tmp_path / "cedict.txt.gz")
    mothers = [(word, "妈妈") for word in ("mama", "mommy", "mother")]
    assert pairs == [("dog", "狗"), ("skateboard", "滑板"), ("run", "跑"), ("escape", "跑"), *mothers]
    assert read_cedict(tmp_path / "cedict.txt.gz", traditional=True)[-1] == ("mother", "媽媽")


def test_another_layout_is_refused_with_its_line(tmp_path) -> None:
    (tmp_path / "cedict.txt").write_text("# CC-CEDICT\n狗\tdog\n", encoding="utf-8")
    with pytest.raises(InputError, match=r"line 2: found '狗\\tdog', expected `TRADITIONAL SIMPLIFIED \[pinyin\]"):
        read_cedict(tmp_path / "cedict.txt")
