from __future__ import annotations

import tempfile
import unicodedata

import jieba
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crosscap.errors import InputError
from crosscap.text.tokenizers import TOKENIZERS, CharacterTokens, JiebaTokens, tokenizer


@pytest.mark.parametrize(
    ("language", "text", "words"),
    [
        ("en", "A man's dog & cat.", ["a", "man", "'s", "dog", "&", "cat", "."]),
        ("de", "Der Mann, der Hüte trägt.", ["der", "mann", ",", "der", "hüte", "trägt", "."]),
        ("zh", "两只狗在海滩上玩。", ["两只", "狗", "在", "海滩", "上", "玩", "。"]),
        ("zh", "", []),
        ("ja", "犬がTシャツ2枚で 遊ぶ。", [*"犬がtシャツ2枚で遊ぶ。"]),
        ("ja", "か\u3099 iPhone 12", ["が", "iphone", "12"]),
        ("th", "ดี ครับ", ["ดี", "ค", "รั", "บ"]),
    ],
)
def test_text_is_cut_into_lowercase_words(language, text, words):
    assert tokenizer(language).tokenize(text) == words


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "the man's dog, and a cat."),
        ("de", "der alte mann trägt einen hut."),
        ("zh", "他戴着帽子。"),
        ("ja", "iphone 12を持つ人。"),
    ],
)
def test_detokenizing_gives_the_sentence_back(language, text):
    words = tokenizer(language)
    assert words.detokenize(words.tokenize(text)) == text


def test_composed_and_decomposed_letters_are_the_same_word():
    assert tokenizer("de").tokenize("Hu\u0308te") == ["hüte"]


def test_jieba_leaves_no_cache_in_the_shared_temporary_folder(tmp_path, monkeypatch):
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    JiebaTokens().tokenize("两只狗")
    assert list(tmp_path.iterdir()) == []


def test_an_unknown_language_is_refused_with_the_known_ones():
    with pytest.raises(InputError, match=r"found language 'xx', expected one of as, .*, ja, .*, zh"):
        tokenizer("xx")


def test_the_users_words_change_their_own_tokenizer_alone(tmp_path):
    (tmp_path / "words.txt").write_text("石墨烯 30 n\n大熊猫宝\n", encoding="utf-8")
    assert tokenizer("zh", tmp_path / "words.txt").tokenize("石墨烯和大熊猫宝") == ["石墨烯", "和", "大熊猫宝"]
    assert tokenizer("zh").tokenize("石墨烯和大熊猫宝") == ["石墨", "烯", "和", "大熊猫", "宝"]


def test_an_empty_word_list_is_the_stock_tokenizer(tmp_path):
    (tmp_path / "words.txt").touch()
    assert tokenizer("zh", tmp_path / "words.txt").tokenize("石墨烯") == ["石墨", "烯"]


@pytest.mark.parametrize("line", ["石墨烯 many", "石墨烯 0", "a b c d"])
def test_a_line_that_is_no_word_of_the_segmenter_is_refused(tmp_path, line):
    (tmp_path / "words.txt").write_text(line, encoding="utf-8")
    with pytest.raises(InputError, match=r"words\.txt, line 1: found .*, expected `word`"):
        tokenizer("zh", tmp_path / "words.txt")


def test_words_for_a_language_without_a_segmenter_are_refused(tmp_path):
    (tmp_path / "words.txt").write_text("Haus")
    with pytest.raises(InputError, match="words for the segmenter of 'de'"):
        tokenizer("de", tmp_path / "words.txt")


def test_a_new_language_is_one_registration(monkeypatch):
    monkeypatch.setitem(TOKENIZERS, "vo", CharacterTokens)
    assert tokenizer("vo").tokenize("Äb") == ["ä", "b"]


SIGNS = st.sampled_from(
    [*"abcxyzäéßıſ 0123456789,.'-?!;:()\"&/%“”„–…`", "  ", "\t", "no.", "e.g.", "'s ", "n't", ", ", "..", "mr."]
)


@pytest.mark.parametrize("language", ["en", "de", "fr", "it", "cs"])
@settings(max_examples=300, deadline=None, derandomize=True)
@given(st.lists(SIGNS, max_size=14).map("".join))
def test_the_short_way_gives_the_words_of_sacremoses(language, text):
    words = tokenizer(language)
    assert words.tokenize(text) == words._tokenizer.tokenize(unicodedata.normalize("NFC", text).lower(), escape=False)


@pytest.fixture(scope="module")
def jieba_itself():
    library = jieba.Tokenizer()
    library.FREQ, library.total = library.gen_pfdict(library.get_dict_file())
    library.initialized = True
    return library


@settings(max_examples=500, deadline=None, derandomize=True)
@given(
    st.text(st.sampled_from("一个男人在海滩上骑马的狗和小女孩研究生命起源她穿着红色衣服龘。，a1.% \n-"), max_size=30)
)
def test_the_one_sweep_gives_the_words_of_jieba(jieba_itself, text):
    assert tokenizer("zh").tokenize(text) == [word for word in jieba_itself.cut(text) if word.strip()]
