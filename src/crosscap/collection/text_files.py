"""The user's text → ``data/raw/``: parallel corpora, dictionaries, lexicons, treebanks."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

import pyarrow as pa

from crosscap.collection.manifest import Manifest
from crosscap.collection.treebanks import checked_conllu, checked_trees
from crosscap.config.collect import DictionaryFile, Files, ImageSelection, LexiconFile, ParallelFiles
from crosscap.errors import InputError
from crosscap.io.artifacts import write_lines
from crosscap.io.streams import write_rows
from crosscap.text.captions import image_number, read_caption_file, read_image_list
from crosscap.text.dictionaries import count_words, dictionary_lines, lexicon_lines, read_lexicon, read_word_counts
from crosscap.text.lines import Quarantined
from crosscap.text.parallel import Pair, read_caption_pairs, read_moses, read_tsv
from crosscap.text.tokenizers import tokenizer

PAIRS = pa.schema([(name, pa.string()) for name in ("id", "source", "target", "origin")])


def selected_images(selection: ImageSelection) -> set[str] | None:
    """Names of the images whose captions to take, None for all."""
    if selection.images is None:
        return None
    stop = None if selection.count is None else selection.skip + selection.count
    return set(read_image_list(selection.images)[selection.skip : stop])


def read_pairs(corpus: ParallelFiles, quarantine: list[Quarantined]) -> Iterator[Pair]:
    """The pairs of one corpus.

    Raises:
        InputError: a file is missing, in another encoding, or out of step with its other side.
    """
    expected = 1 if corpus.format == "tsv" else 2
    if len(corpus.paths) != expected:
        raise InputError(
            "params.yaml",
            f"{len(corpus.paths)} paths",
            f"{expected} for {corpus.format}",
            record="key collect.files.parallel",
        )
    if corpus.format == "tsv":
        return read_tsv(corpus.paths[0], corpus.columns, quarantine)
    if corpus.format == "moses":
        return read_moses(corpus.paths[0], corpus.paths[1], quarantine)
    images = selected_images(corpus)
    return read_caption_pairs(corpus.paths[0], corpus.paths[1], images, quarantine)


def collect_parallel(files: Files, targets: Sequence[str], manifest: Manifest) -> None:
    """Write ``parallel/T.parquet`` for each target; the images behind caption pairs become the manifest's text scenes.

    Raises:
        InputError: a target without any parallel text, two pairs of one id, or a reader's error.
    """
    for target in targets:
        corpora = [corpus for corpus in files.parallel if corpus.target == target]
        if not corpora:
            known = sorted({corpus.target for corpus in files.parallel})
            raise InputError(
                "params.yaml", f"parallel text for {known}", f"some for {target!r}", record="key collect.files.parallel"
            )
        path = manifest.folder / "parallel" / f"{target}.parquet"
        quarantined: list[Quarantined] = []
        count = write_rows(path, (vars(pair) for corpus in corpora for pair in read_pairs(corpus, quarantined)), PAIRS)
        manifest.quarantined += [record for record in quarantined if record not in manifest.quarantined]
        manifest.add(path, count, (c.licence for c in corpora), (p for c in corpora for p in c.paths))
    manifest.scenes["text"] = [str(number) for number in sorted(_images_behind_text(files, targets))]


def _images_behind_text(files: Files, targets: Sequence[str]) -> set[int]:
    """Numbers of the images whose captions stand in the parallel text."""
    numbers: set[int] = set()
    for corpus in files.parallel:
        if corpus.format == "captions" and corpus.target in targets:
            images = selected_images(corpus)
            captions = read_caption_file(corpus.paths[0], images, [])
            numbers |= {image_number(name) for name in {caption.image for caption in captions}}
    return numbers


def collect_dictionaries(files: Files, languages: Sequence[str], manifest: Manifest) -> None:
    """Write ``dictionary/L.txt`` for each language, empty where none is given.

    Raises:
        InputError: a dictionary in another encoding or layout; file, line and byte are named.
    """
    for language in languages:
        given = files.dictionary.get(language)
        counts = _word_counts(given, language, manifest.quarantined) if given else Counter[str]()
        lines = list(dictionary_lines(counts, given.min_count if given else 1))
        _write(manifest, f"dictionary/{language}.txt", lines, [given] if given else [])


def _word_counts(given: DictionaryFile, language: str, quarantine: list[Quarantined]) -> Counter[str]:
    if given.format == "words":
        return read_word_counts(given.path)
    images = selected_images(given)
    captions = read_caption_file(given.path, images, quarantine)
    return count_words((caption.text for caption in captions), tokenizer(language))


def collect_lexicons(files: Files, targets: Sequence[str], manifest: Manifest) -> None:
    """Write ``lexicon/T.tsv`` for each target, empty where none is given."""
    for target in targets:
        given = files.lexicon.get(target)
        lines = list(lexicon_lines(read_lexicon(given.path, given.layout), given.test)) if given else []
        _write(manifest, f"lexicon/{target}.tsv", lines, [given] if given else [])


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
    for language, bank in sorted(files.treebanks.constituency.items()):
        for part, path in (("train", bank.train), ("dev", bank.dev)):
            name = manifest.folder / "treebanks" / f"{language}_constituency_{part}.txt"
            trees = list(checked_trees(path))
            write_lines(name, trees)
            manifest.add(name, len(trees), [bank.licence], [path])


class _Counted:
    """Passes lines on and counts those equal to ``mark``."""

    def __init__(self, lines: Iterable[str], mark: str) -> None:
        self._lines, self._mark, self.count = lines, mark, 0

    def __iter__(self) -> Iterator[str]:
        for line in self._lines:
            self.count += line == self._mark
            yield line


def _write(manifest: Manifest, name: str, lines: Sequence[str], inputs: Sequence[DictionaryFile | LexiconFile]) -> None:
    path = manifest.folder / name
    write_lines(path, lines)
    manifest.add(path, len(lines), (given.licence for given in inputs), (given.path for given in inputs))
