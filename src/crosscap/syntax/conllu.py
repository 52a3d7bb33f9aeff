"""CoNLL-U, read strictly and written reproducibly; a name that ends in ``.gz`` is compressed."""

from __future__ import annotations

import gzip
import io
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from crosscap.errors import InputError
from crosscap.io.artifacts import atomic_path
from crosscap.syntax.tree import Tree, Word, problem_of


def read_conllu(path: str | Path) -> Iterator[Tree]:
    """Yield the trees of a file, one at a time.

    Multiword ranges (``3-4``) and empty nodes (``5.1``) are left out: they are no part of the basic tree. A sentence
    without ``# sent_id`` is named by its number.

    Raises:
        InputError: no such file, not UTF-8, or a line or sentence that is not valid (its line number is named).
    """
    path = Path(path)
    if not path.is_file():
        raise InputError(path, "no such file", "a CoNLL-U file")
    words: list[Word] = []
    name, count, begun, number = "", 0, 1, 0
    try:
        with _open(path) as stream:
            for number, line in enumerate(stream, 1):
                line = line.rstrip("\r\n")
                if not line:
                    if words:
                        yield _tree(path, name or str(count), words, begun)
                        count += 1
                    words, name, begun = [], "", number + 1
                elif line.startswith("#"):
                    if line.startswith("# sent_id ="):
                        name = line.partition("=")[2].strip()
                elif (word := _word(path, number, line, len(words) + 1)) is not None:
                    words.append(word)
    except UnicodeDecodeError as error:
        found = f"byte {error.object[error.start]:#04x}"
        raise InputError(path, found, "UTF-8 text", "Convert the file to UTF-8.", number + 1) from None
    except (gzip.BadGzipFile, EOFError) as error:
        raise InputError(path, str(error), "a complete gzip file", record=number + 1) from None
    if words:
        yield _tree(path, name or str(count), words, begun)


def write_conllu(path: str | Path, trees: Iterable[Tree]) -> int:
    """Write ``trees`` as they come, in constant memory; return how many. Nothing stands at ``path`` after an error."""
    return write_sentences(path, (with_id(conllu_of(tree), tree.id) for tree in trees))


def write_sentences(path: str | Path, sentences: Iterable[str]) -> int:
    """`write_conllu` for sentences that are CoNLL-U already."""
    count = 0
    with atomic_path(path) as temporary, _create(temporary) as stream:
        for sentence in sentences:
            stream.write(sentence)
            count += 1
    return count


def conllu_of(tree: Tree) -> str:
    """One sentence with its ``text`` and the empty line that ends it, without its id."""
    lines = [f"# text = {' '.join(word.form for word in tree.words)}"]
    lines += [
        f"{number}\t{w.form}\t{w.lemma}\t{w.upos}\t{w.xpos}\t{w.feats}\t{w.head}\t{w.relation}\t_\t_"
        for number, w in enumerate(tree.words, 1)
    ]
    return "\n".join(lines) + "\n\n"


def with_id(sentence: str, id: str) -> str:
    """The CoNLL-U of a sentence, named."""
    return f"# sent_id = {id}\n{sentence}"


def _word(path: Path, number: int, line: str, expected: int) -> Word | None:
    columns = line.split("\t")
    if len(columns) != 10:
        remedy = "Columns are separated by tabs, sentences by an empty line."
        raise InputError(path, f"{len(columns)} columns", "10 columns", remedy, number)
    index, form, lemma, upos, xpos, feats, head, relation, _, _ = columns
    if "-" in index or "." in index:
        return None
    if index != str(expected):
        raise InputError(path, f"word number {index!r}", str(expected), record=number)
    if not head.isdecimal():
        raise InputError(path, f"head {head!r}", "the number of a word, or 0 for the root", record=number)
    if not form or relation in ("", "_"):
        raise InputError(path, f"form {form!r} and relation {relation!r}", "both filled in", record=number)
    return Word(form, lemma or "_", upos or "_", xpos or "_", feats or "_", int(head), relation)


def _tree(path: Path, name: str, words: list[Word], begun: int) -> Tree:
    if problem := problem_of(tuple(words)):
        raise InputError(path, f"{problem} in sentence {name!r}", "one tree with one root", record=begun)
    return Tree(name, tuple(words))


def _open(path: Path) -> IO[str]:
    if path.suffix == ".gz":
        return gzip.open(path, "rt", encoding="utf-8", newline="\n")
    return open(path, encoding="utf-8", newline="\n")


@contextmanager
def _create(path: Path) -> Iterator[IO[str]]:
    if path.suffix != ".gz":
        with open(path, "w", encoding="utf-8", newline="\n") as stream:
            yield stream
        return
    # No name and no time in the header: the same trees give the same bytes.
    with (
        open(path, "wb") as raw,
        gzip.GzipFile(filename="", mode="wb", fileobj=raw, mtime=0, compresslevel=6) as packed,
        io.TextIOWrapper(packed, encoding="utf-8", newline="\n") as stream,
    ):
        yield stream
