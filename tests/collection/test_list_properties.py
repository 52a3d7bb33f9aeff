"""Lists, treebanks and annotations of which every record must be right: any bytes are read or refused."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crosscap.collection.treebanks import checked_conllu, checked_trees
from crosscap.errors import InputError
from crosscap.text.captions import read_image_list
from crosscap.text.cedict import read_cedict
from crosscap.text.dictionaries import read_lexicon, read_word_counts
from crosscap.vision.annotations.layouts import read_layout
from crosscap.vision.annotations.pictures import KnownPictures, PictureFile
from crosscap.vision.annotations.reading import Reading

PICTURES = KnownPictures({"1": PictureFile("1.jpg", 20, 10)})

READERS: dict[str, Callable[[Path], object]] = {
    "word counts": read_word_counts,
    "lexicon": lambda path: read_lexicon(path, "source target"),
    "turned lexicon": lambda path: read_lexicon(path, "target @ source"),
    "CC-CEDICT": read_cedict,
    "image list": read_image_list,
    "dependency trees": lambda path: list(checked_conllu(path)),
    "phrase trees": lambda path: list(checked_trees(path)),
    "instances": lambda path: read_layout(Reading((path,), PICTURES), "coco"),
}
PIECES = [
    *("dog", "狗", " ", "\t", "\n", "\r\n", " @ ", "5", "9" * 5000, "<S>", "(NP (NN dog))", "(", ")", "# text\n", "_"),
    "狗 狗 [gou3] /dog/",
    "1\tDogs\tdog\tNOUN\t_\t_\t2\tnsubj\t_\t_\n2\trun\trun\tVERB\t_\t_\t0\troot\t_\t_\n\n",
    *(
        "1-2\tx\t",
        "2.1",
        '{"images": [',
        '{"id": 1, "file_name": "1.jpg"}',
        '], "categories": [], "annotations": [',
        "]}",
    ),
]
CONTENT = st.lists(st.one_of(st.sampled_from(PIECES).map(str.encode), st.binary(max_size=6)), max_size=16)


@pytest.mark.parametrize("name", READERS)
@settings(max_examples=80, deadline=None)
@given(CONTENT.map(b"".join))
def test_any_bytes_are_read_or_refused_with_the_file(name: str, content: bytes) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "file"
        path.write_bytes(content)
        try:
            READERS[name](path)
        except InputError as error:
            assert error.path == str(path)
