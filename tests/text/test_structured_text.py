"""TMX, SGML and JSON lines: the layouts whose records are no lines."""

from __future__ import annotations

import json

import pytest

from crosscap.errors import InputError
from crosscap.text.json_records import read_json_lines
from crosscap.text.parallel import Pair
from crosscap.text.sgml import read_sgml
from crosscap.text.tmx import read_tmx
from tests.text.sources import counts

TMX = """<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE tmx SYSTEM "tmx14.dtd">
<tmx version="1.4"><header srclang="en" datatype="plaintext"/><body>
{units}
</body></tmx>
"""


def unit(*variants: tuple[str, str]) -> str:
    return "<tu>" + "".join(f'<tuv xml:lang="{code}"><seg>{text}</seg></tuv>' for code, text in variants) + "</tu>"


def tmx(*units: str) -> str:
    return TMX.format(units="\n".join(units))


def test_units_become_pairs_by_language_whatever_its_region(sources):
    file = sources.file("m.tmx", tmx(unit(("EN_us", "A dog."), ("de", "Hund"), ("zh-CN", "狗"), ("zh-TW", "犬"))))
    assert list(read_tmx(file, ("en", "zh"))) == [Pair("m.tmx-00000001", "A dog.", "狗", "m.tmx")]
    assert [pair.target for pair in read_tmx(sources.file("m.tmx"), ("en", "zh-TW"))] == ["犬"]


def test_inline_codes_go_and_marked_text_stays(sources):
    text = 'A <bpt i="1">&lt;b&gt;<sub>x</sub></bpt><hi>big</hi> dog&amp;cat<ept i="1">y</ept>,<ph/>\n  &hellip;!'
    (pair,) = read_tmx(sources.file("m.tmx", tmx(unit(("en", text), ("zh", "狗")))), ("en", "zh"))
    assert pair.source == "A big dog&cat, …!"


def test_a_unit_without_one_of_the_languages_is_set_aside_at_its_line(sources):
    file = sources.file(
        "m.tmx", tmx(unit(("en", "a"), ("zh", "狗")), unit(("en", "b"), ("fr", "c")), unit(("zh", " ")))
    )
    assert len(list(read_tmx(file, ("en", "zh")))) == 1
    assert [(record.line, record.reason) for record in sources.quarantine] == [
        (5, "no text of the language: zh, but en, fr"),
        (6, "no text of the language: en, but zh"),
    ]
    assert counts(file) == (3, 1, 2, 0)


def test_a_unit_of_endless_text_is_set_aside(sources):
    file = sources.file("m.tmx", tmx(unit(("en", "x" * 2_000_000), ("zh", "狗")), unit(("en", "a"), ("zh", "狗"))))
    assert [pair.source for pair in read_tmx(file, ("en", "zh"))] == ["a"]
    assert sources.quarantine[0].reason == "too long: more than 1048576 characters"


BOMB = """<?xml version="1.0"?>
<!DOCTYPE tmx [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>
<tmx><body><tu><tuv xml:lang="en"><seg>&b;</seg></tuv></tu></body></tmx>"""
LEAK = """<?xml version="1.0"?><!DOCTYPE tmx [<!ENTITY a SYSTEM "file:///etc/passwd">]><tmx/>"""


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (BOMB, "line 2: found a declaration of the entity 'a', expected XML without own entities"),
        (LEAK, "found a declaration of the entity 'a'"),
        (tmx(unit(("en", "a"), ("zh", "狗")))[:-20], "line 4: found no element found, expected well-formed, whole XML"),
        (tmx("<a>" * 100 + "</a>" * 100), "found more than 64 elements inside each other"),
        (tmx("<tu>" + "<!-- " + "x" * 40_000_000 + "--></tu>"), "found a tag of more than 16777216 bytes"),
        ("<html><body/></html>", "found XML of <html>, expected TMX"),
        (
            tmx(unit(("en", "a"), ("fr", "b"))),
            "found no text of the language: zh, but en, fr, and none of 1 translation",
        ),
        (tmx(), "found no translation units"),
        (tmx(unit(("en", "a"), ("zh", "狗"))).encode("utf-16"), "found UTF-16 text"),
        (tmx(unit(("en", "a"), ("zh", "狗" * 20))).encode("gb18030"), "line 4: found byte 0xb9 .*probably GB18030"),
        ('<?xml version="1.0" encoding="GBK"?><tmx/>', "line 1: found XML in GBK, expected UTF-8"),
    ],
)
def test_xml_that_is_hostile_broken_or_no_tmx_is_refused(sources, content, message):
    with pytest.raises(InputError, match=message):
        list(read_tmx(sources.file("m.tmx", content), ("en", "zh")))


def sgml(kind: str, *segments: tuple[str, str, str]) -> str:
    lines = [f'<doc docid="{doc}"><p>\n<seg id="{number}">{text}</seg>\n</p></doc>' for doc, number, text in segments]
    return "\n".join((f'<{kind} setid="t" srclang="any">', *lines, f"</{kind}>")) + "\n"


def test_segments_of_both_files_become_pairs(sources):
    source = sources.file("t-src.en.sgm", sgml("srcset", ("a", "1", "A dog &amp; a\ncat."), ("b", "1", "AT&T")))
    target = sources.file("t-ref.zh.sgm", sgml("REFSET", ("a", "1", "狗和猫。"), ("b", "1", " ")).replace("seg", "SEG"))
    assert list(read_sgml(source, target)) == [
        Pair("t-src.en.sgm-00000001", "A dog & a cat.", "狗和猫。", "t-src.en.sgm")
    ]
    assert counts(source) == counts(target) == (2, 1, 1, 0)
    assert sources.quarantine[0].reason == "empty target side"


@pytest.mark.parametrize(
    ("source", "target", "message"),
    [
        (
            sgml("srcset", ("a", "1", "A")),
            sgml("refset", ("a", "2", "狗")),
            r"z, line 3: found document and segment \('a', '2'\)",
        ),
        (
            sgml("srcset", ("a", "1", "A"), ("a", "2", "B")),
            sgml("refset", ("a", "1", "狗")),
            "z: found the end of the file",
        ),
        (
            sgml("srcset", ("a", "1", "A")).replace("</seg>", ""),
            sgml("refset", ("a", "1", "狗")),
            "e, line 4: found a <seg> that is open",
        ),
        ("A dog.\n", "狗\n", "e, line 1: found 'A dog.', expected WMT's SGML"),
        ("<srcset>\n</srcset>", "<refset></refset>", "e: found no segments"),
    ],
)
def test_files_of_other_segments_are_refused_at_the_line(sources, source, target, message):
    with pytest.raises(InputError, match=message):
        list(read_sgml(sources.file("e", source), sources.file("z", target)))


def test_a_broken_segment_is_set_aside_and_another_encoding_is_named(sources):
    three = [("a", str(n), f"A {n}") for n in range(3)]
    target = sgml("refset", *three).encode().replace(b"A 1", b"\xff")
    pairs = list(read_sgml(sources.file("e", sgml("srcset", *three)), sources.file("z", target)))
    assert [pair.source for pair in pairs] == ["A 0", "A 2"]
    chinese = sgml("refset", *(("a", str(n), "一只狗在跑") for n in range(3))).encode("gb18030")
    with pytest.raises(InputError, match="it is probably GB18030"):
        list(read_sgml(sources.file("e", sgml("srcset", *three)), sources.file("z", chinese)))


@pytest.mark.parametrize(
    ("keys", "record"),
    [
        (("english", "chinese"), {"english": "A\ndog.", "chinese": "狗"}),
        (("translation.en", "translation.zh"), {"translation": {"en": "A dog.", "zh": "狗"}}),
        (("a.b", "c"), {"a.b": "A dog.", "c": "狗"}),
    ],
)
def test_two_keys_of_an_object_make_a_pair(sources, keys, record):
    file = sources.file("t.json", json.dumps(record) + "\n")
    assert list(read_json_lines(file, keys)) == [Pair("t.json-00000001", "A dog.", "狗", "t.json")]


def test_lines_that_are_no_such_objects_are_set_aside_with_the_reason(sources):
    good = '{"english": "A dog.", "chinese": "狗"}'
    bad = ("", "{", "[1]", '{"english": 5, "chinese": "狗"}', '{"english": "\\ud800", "chinese": "狗"}')
    deep = '{"english": "a", "chinese": ' + "[" * 100_000 + "]" * 100_000 + "}"
    file = sources.file("t.json", "\n".join((good, *bad, deep, "9" * 5000, *[good] * 3)))
    assert len(list(read_json_lines(file, ("english", "chinese")))) == 4
    assert [(record.line, record.reason) for record in sources.quarantine] == [
        (2, "empty line"),
        (3, "no JSON"),
        (4, "no text of the key: english"),
        (5, "no text of the key: english"),
        (6, "half of a surrogate pair"),
        (7, "no JSON"),
        (8, "no JSON"),
    ]
    assert counts(file) == (11, 4, 7, 0)
