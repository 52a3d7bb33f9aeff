"""The user's parallel corpora as one stream of pairs, whatever their layouts."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from crosscap.config.collect import ImageSelection, ParallelFiles
from crosscap.errors import InputError
from crosscap.text.captions import image_number, read_caption_pairs, read_image_list
from crosscap.text.json_records import read_json_lines
from crosscap.text.parallel import Pair, read_alternating, read_moses, read_tsv
from crosscap.text.recognition import TWO_FILES, parallel_format
from crosscap.text.sgml import read_sgml
from crosscap.text.source_file import Quarantined, SourceFile
from crosscap.text.tmx import read_tmx

Sink = Callable[[Quarantined], None]


@dataclass(frozen=True)
class Part:
    """The files, one or two, that are read as one, and the corpus they belong to."""

    corpus: ParallelFiles
    format: str
    files: tuple[SourceFile, ...]


def selected_images(selection: ImageSelection) -> set[str] | None:
    """Names of the images whose captions to take, None for all."""
    if selection.images is None:
        return None
    stop = None if selection.count is None else selection.skip + selection.count
    return set(read_image_list(selection.images)[selection.skip : stop])


def make_parts(corpora: Sequence[ParallelFiles], sink: Sink) -> list[Part]:
    """The parts of ``corpora`` in the order they are given in; each file has a name that no other part has.

    Raises:
        InputError: a number of paths that the layout cannot have, an unknown layout, or the same files twice.
    """
    found: list[tuple[ParallelFiles, str, tuple[str, ...]]] = []
    for corpus in corpora:
        format = corpus.format or parallel_format(corpus.paths)
        step = 2 if format in TWO_FILES else 1
        if len(corpus.paths) % step:
            expected = f"source, target, source, target, … for {format}"
            raise InputError("params.yaml", f"{len(corpus.paths)} paths", expected, record=_KEY)
        found += [(corpus, format, corpus.paths[at : at + step]) for at in range(0, len(corpus.paths), step)]
    names = part_names([paths for _, _, paths in found])
    return [
        Part(corpus, format, tuple(SourceFile(path, sink, name) for path, name in zip(paths, own, strict=True)))
        for (corpus, format, paths), own in zip(found, names, strict=True)
    ]


_KEY = "key collect.files.parallel"


def part_names(parts: Sequence[tuple[str, ...]]) -> list[tuple[str, ...]]:
    """Names of each part's files, the shortest that tell the parts apart; the first one begins the ids of its pairs.

    A file's name, where two parts share it (English captions with two translations) with its partner's, and where they
    share that too with as many folders as it takes.

    Raises:
        InputError: two parts are the same files.
    """
    names: list[tuple[str, ...]] = [()] * len(parts)
    open = set(range(len(parts)))
    for depth in range(1, 1 + max((len(Path(path).parts) for part in parts for path in part), default=0)):
        for joined in (False, True):
            if joined and depth > 1:
                continue
            own = {n: _name(parts[n], depth, joined or depth > 1) for n in range(len(parts))}
            for n in [n for n in open if list(own.values()).count(own[n]) == 1]:
                names[n] = (own[n], *(Path(path).name for path in parts[n][1:]))
                open.discard(n)
    if open:
        twice = " and ".join(parts[min(open)])
        raise InputError("params.yaml", f"{twice} twice", "each corpus once", record=_KEY)
    return names


def _name(paths: tuple[str, ...], depth: int, joined: bool) -> str:
    return "+".join(".".join(Path(path).parts[-depth:]) for path in (paths if joined else paths[:1]))


def read_part(part: Part, languages: tuple[str, str], images: set[int]) -> Iterator[Pair]:
    """The pairs of one part. The numbers of images that its captions describe are put into ``images``.

    Raises:
        InputError: a file is missing or broken, or has another layout, and then which one it probably has.
    """
    try:
        for pair in _reader(part, languages):
            if part.format == "captions":
                images.add(image_number(pair.id.removeprefix(f"{part.files[0].name}-").rpartition("#")[0]))
            yield pair
    except InputError as error:
        looks = _other_format(part)
        if not looks:
            raise
        remedy = f"{error.remedy} It looks like {looks}: set `format: {looks}`.".lstrip()
        raise InputError(error.path, error.found, error.expected, remedy, error.record) from None


def _reader(part: Part, languages: tuple[str, str]) -> Iterator[Pair]:
    corpus, first, last = part.corpus, part.files[0], part.files[-1]
    match part.format:
        case "moses":
            return read_moses(first, last)
        case "sgml":
            return read_sgml(first, last)
        case "captions":
            return read_caption_pairs(first, last, selected_images(corpus))
        case "tmx":
            return read_tmx(first, corpus.codes or languages)
        case "json_lines":
            return read_json_lines(first, corpus.keys)
        case "alternating":
            return read_alternating(first, _two_lines(corpus.columns))
        case "tatoeba":
            return read_tsv(first, corpus.columns, attribution=3)
        case _:
            return read_tsv(first, corpus.columns)


def _two_lines(columns: tuple[int | str, int | str]) -> tuple[int, int]:
    if columns == (1, 2) or columns == (2, 1):
        return (1, 2) if columns == (1, 2) else (2, 1)
    raise InputError("params.yaml", f"columns {list(columns)}", "[1, 2] or [2, 1] for alternating lines", record=_KEY)


def _other_format(part: Part) -> str:
    """The layout that the part seems to have instead of its own; empty for none."""
    try:
        looks = parallel_format([file.path for file in part.files])
    except InputError:
        return ""
    alike = ({part.format, looks} <= {"tsv", "tatoeba"}) or looks == "moses"  # any text could be moses
    return "" if alike or looks == part.format else looks
