"""The user's text → ``data/raw/``: parallel corpora, words for segmenters, dictionaries, lexicons, treebanks."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain

import pyarrow as pa

from crosscap.collection.caption_files import read_captions
from crosscap.collection.corpora import make_parts, read_part
from crosscap.collection.manifest import Manifest
from crosscap.collection.treebanks import checked_conllu, checked_trees
from crosscap.config.collect import DictionaryFile, Files, LexiconFile, SegmentationFile
from crosscap.errors import InputError
from crosscap.io.artifacts import write_lines
from crosscap.io.streams import write_tuples
from crosscap.text.cedict import read_cedict
from crosscap.text.dictionaries import count_words, dictionary_lines, lexicon_lines, read_lexicon, read_word_counts
from crosscap.text.lines import read_text_lines
from crosscap.text.tokenizers import tokenizer
from crosscap.training.progress import progress
from crosscap.vectors.lexicon import read_lexicon as read_entries

PAIRS = pa.schema([(name, pa.string()) for name in ("id", "source", "target", "origin")])


def collect_parallel(files: Files, source: str, targets: Sequence[str], manifest: Manifest) -> None:
    """Write ``parallel/T.parquet`` for each target; the images behind caption pairs become the manifest's text scenes.

    Raises:
        InputError: a target without any parallel text, the same files twice, or a reader's error.
    """
    images: set[int] = set()
    for target in targets:
        corpora = [corpus for corpus in files.parallel if corpus.target == target]
        if not corpora:
            known = sorted({corpus.target for corpus in files.parallel})
            raise InputError(
                "params.yaml", f"parallel text for {known}", f"some for {target!r}", record="key collect.files.parallel"
            )
        parts = make_parts(corpora, manifest.set_aside)
        pairs = chain.from_iterable(read_part(part, (source, target), images) for part in parts)
        path = manifest.folder / "parallel" / f"{target}.parquet"
        count = write_tuples(path, progress(pairs, f"parallel text {target}"), PAIRS)
        manifest.add(path, count, (c.licence for c in corpora), (p for c in corpora for p in c.paths))
        for part in parts:
            for file in part.files:
                manifest.add_input(file, f"parallel {target}", part.format, part.corpus.licence)
    manifest.scenes["text"] = [str(number) for number in sorted(images)]


def collect_segmentation(files: Files, languages: Sequence[str], manifest: Manifest) -> None:
    """Write ``segmentation/L.txt`` for each language, empty where no words are given.

    Raises:
        InputError: a line that is no word, or a language without a segmenter.
    """
    for language in languages:
        given = files.segmentation.get(language)
        lines = [line for _, line in read_text_lines(given.path) if line.strip()] if given else []
        if given:
            manifest.add_checked_input(given.path, f"segmentation {language}", given.licence, len(lines))
        _write(manifest, f"segmentation/{language}.txt", lines, [given] if given else [])
        tokenizer(language, manifest.folder / f"segmentation/{language}.txt")  # now, rather than a stage later


def collect_dictionaries(files: Files, languages: Sequence[str], manifest: Manifest) -> None:
    """Write ``dictionary/L.txt`` for each language, empty where none is given.

    Raises:
        InputError: a dictionary in another encoding or layout; file, line and byte are named.
    """
    for language in languages:
        given = files.dictionary.get(language)
        counts = _word_counts(given, language, manifest) if given else Counter[str]()
        lines = list(dictionary_lines(counts, given.min_count if given else 1))
        _write(manifest, f"dictionary/{language}.txt", lines, [given] if given else [])


def _word_counts(given: DictionaryFile, language: str, manifest: Manifest) -> Counter[str]:
    use = f"dictionary {language}"
    if given.format == "words":
        counts = read_word_counts(given.path)
        manifest.add_checked_input(given.path, use, given.licence, len(counts))
        return counts
    words = tokenizer(language, manifest.folder / f"segmentation/{language}.txt")
    return count_words((caption.text for caption in read_captions(given, use, manifest)), words)


def collect_lexicons(files: Files, targets: Sequence[str], manifest: Manifest) -> None:
    """Write ``lexicon/T.tsv`` for each target, empty where none is given."""
    for target in targets:
        given = files.lexicon.get(target)
        lines = _lexicon_lines(given) if given else []
        if given:
            manifest.add_checked_input(given.path, f"lexicon {target}", given.licence, len(lines))
        _write(manifest, f"lexicon/{target}.tsv", lines, [given] if given else [])


def _lexicon_lines(given: LexiconFile) -> list[str]:
    if given.layout == "source target part":
        return ["\t".join(entry) for entry in dict.fromkeys(read_entries(given.path))]
    if given.layout in ("cc-cedict", "cc-cedict traditional"):
        pairs = read_cedict(given.path, traditional=given.layout == "cc-cedict traditional")
    else:
        pairs = read_lexicon(given.path, given.layout)
    return list(lexicon_lines(pairs, given.test or 0.0))


def collect_treebanks(files: Files, source: str, manifest: Manifest) -> None:
    """Write checked copies of the treebanks; what is not given has no file, and its stages must be switched off.

    Raises:
        InputError: a file that is no treebank.
    """
    (manifest.folder / "treebanks").mkdir(parents=True, exist_ok=True)
    if bank := files.treebanks.dependency:
        for part, path in (("train", bank.train), ("dev", bank.dev)):
            name = manifest.folder / "treebanks" / f"{source}_dependency_{part}.conllu"
            sentences = _Counted(checked_conllu(path), "")
            write_lines(name, sentences)
            manifest.add(name, sentences.count, [bank.licence], [path])
            manifest.add_checked_input(path, "dependency treebank", bank.licence, sentences.count)
    for language, bank in sorted(files.treebanks.constituency.items()):
        for part, path in (("train", bank.train), ("dev", bank.dev)):
            name = manifest.folder / "treebanks" / f"{language}_constituency_{part}.txt"
            trees = list(checked_trees(path))
            write_lines(name, trees)
            manifest.add(name, len(trees), [bank.licence], [path])
            manifest.add_checked_input(path, f"constituency treebank {language}", bank.licence, len(trees))


class _Counted:
    """Passes lines on and counts those equal to ``mark``."""

    def __init__(self, lines: Iterable[str], mark: str) -> None:
        self._lines, self._mark, self.count = lines, mark, 0

    def __iter__(self) -> Iterator[str]:
        for line in self._lines:
            self.count += line == self._mark
            yield line


def _write(
    manifest: Manifest,
    name: str,
    lines: Sequence[str],
    inputs: Sequence[DictionaryFile | LexiconFile | SegmentationFile],
) -> None:
    path = manifest.folder / name
    write_lines(path, lines)
    manifest.add(path, len(lines), (given.licence for given in inputs), (given.path for given in inputs))
