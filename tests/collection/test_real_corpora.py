"""The readers on corpora that people publish: Tatoeba, Flickr8k-CN, COCO, COCO-CN, Multi30k."""

from __future__ import annotations

import hashlib
import os
from collections import Counter
from pathlib import Path

import pytest

from crosscap.collection.caption_corpora import collect_caption_corpora
from crosscap.collection.caption_files import read_captions
from crosscap.collection.corpora import make_parts, read_part
from crosscap.collection.manifest import Manifest
from crosscap.config.collect import CaptionCorpusFile, CaptionFile, Files, ParallelFiles
from crosscap.text.parallel import Pair
from crosscap.text.source_file import Quarantined

pytestmark = pytest.mark.realdata
REALDATA = Path(os.environ.get("CROSSCAP_REALDATA", Path(__file__).parents[3] / "shared/data"))


def given(name: str) -> str:
    path = REALDATA / name
    if not path.is_file():
        pytest.skip(f"{path} is absent (set CROSSCAP_REALDATA to the folder of the real data)")
    return str(path)


def read(target: str, *names: str) -> tuple[list[Pair], str, list[tuple[int, int, int]], list[Quarantined]]:
    """Pairs, the recognised layout, ``(read, kept, quarantined)`` of each file, and what was set aside."""
    corpus = ParallelFiles(target=target, paths=tuple(map(given, names)), licence="")
    records: list[Quarantined] = []
    (part,) = make_parts([corpus], records.append)
    pairs = list(read_part(part, ("en", target), set()))
    for file in part.files:
        assert file.sha256 == hashlib.sha256(file.path.read_bytes()).hexdigest()
    counts = [(file.read, file.kept, file.quarantined) for file in part.files]
    assert len({pair.id for pair in pairs}) == len(pairs)
    return pairs, part.format, counts, records


def test_tatoeba_is_recognised_and_names_the_authors_of_every_pair() -> None:
    pairs, format, counts, records = read("zh", "tatoeba_cmn_eng/cmn.txt")
    assert (format, counts, records) == ("tatoeba", [(27155, 27155, 0)], [])
    assert pairs[0] == Pair(
        "cmn.txt-00000001",
        "When did this happen?",
        "这事是什么时候发生的？",
        "cmn.txt: tatoeba.org #1770047 (kate15) & #440016 (GlossaMatik)",
    )
    assert all(pair.origin.startswith("cmn.txt: tatoeba.org #") for pair in pairs)


def test_flickr8k_cn_and_its_machine_translation_meet_caption_by_caption() -> None:
    pairs, format, counts, _ = read("zh", "flickr8k_cn/flickr8kenc.caption.txt", "flickr8k_cn/flickr8kzhb.caption.txt")
    assert format == "captions"
    assert [read == kept + quarantined for read, kept, quarantined in counts] == [True, True]
    assert counts[0][0] == 35460
    assert len(pairs) == counts[0][1] == counts[1][1] > 35000


@pytest.mark.parametrize("target", ["de", "fr", "cs"])
def test_multi30k_is_read_from_two_gzip_files(target: str) -> None:
    pairs, format, counts, records = read(
        target, "multi30k/task1/raw/train.en.gz", f"multi30k/task1/raw/train.{target}.gz"
    )
    assert (format, counts, records) == ("moses", [(29000, 29000, 0)] * 2, [])
    assert pairs[0].source == "Two young, White males are outside near many bushes."


@pytest.mark.parametrize(
    ("name", "format", "captions", "images"),
    [
        ("coco_en/captions_val2017.json", "coco", 25014, 5000),
        ("coco_cn_ext/coco-cn_ext.icap2020.txt", "captions", 4712, 4573),
        ("flickr8k_cn/flickr8kzhc.caption.txt", "captions", 35455, 7091),
    ],
)
def test_caption_files_are_recognised_and_lose_nothing(
    tmp_path: Path, name: str, format: str, captions: int, images: int
) -> None:
    with Manifest(tmp_path, "files") as manifest:
        found = list(read_captions(CaptionFile(path=given(name), licence=""), "test", manifest))
    (entry,) = manifest.inputs
    assert (entry["format"], entry["read"], len(found)) == (format, captions, entry["kept"])
    assert entry["quarantined"] == manifest.quarantined.total() == captions - len(found)
    assert len(Counter(caption.image for caption in found)) == images


@pytest.mark.parametrize(
    ("name", "images", "format", "captions", "scenes"),
    [
        ("multi30k/task1/raw/train.de.gz", None, "text", 29000, 0),
        ("coco_cn_ext/coco-cn_ext.icap2020.txt", None, "captions", 4712, 4573),
        ("flickr8k_cn/flickr8kzhc.caption.txt", "flickr8k_cn/flickr8ktrain.txt", "captions", 30000, 6000),
    ],
)
def test_unpaired_captions_are_recognised_and_lose_nothing(
    tmp_path: Path, name: str, images: str | None, format: str, captions: int, scenes: int
) -> None:
    corpus = CaptionCorpusFile(path=given(name), licence="", images=given(images) if images else None)
    with Manifest(tmp_path, "files") as manifest:
        collect_caption_corpora(Files(parallel=(), caption_corpus={"zh": corpus}), ["zh"], manifest)
    (entry,) = manifest.inputs
    lines = (tmp_path / "caption_corpus/zh.txt").read_text(encoding="utf-8").splitlines()
    assert (entry["format"], len(lines), len(manifest.scenes["caption_corpus"])) == (format, captions, scenes)
    assert all(line == " ".join(line.split()) for line in lines)
