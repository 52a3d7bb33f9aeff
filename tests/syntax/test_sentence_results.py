from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from crosscap.incremental.identity import Identity
from crosscap.incremental.results import Counts, results
from crosscap.syntax.conllu import conllu_of, read_conllu, write_sentences
from crosscap.syntax.dependency_parser import load_parser
from crosscap.syntax.sentence_copies import SentenceCopy
from crosscap.syntax.sentence_results import parsed, parsing
from crosscap.syntax.tree import Tree


def copies_of(treebank: list[Tree], count: int) -> list[SentenceCopy]:
    """``count`` sentences that differ in their last word."""
    forms = [[word.form for word in tree.words] for tree in treebank]
    return [SentenceCopy(f"pair-{n}/0", [*forms[n % len(forms)], f"x{n}"]) for n in range(count)]


def test_neither_processes_nor_the_cache_nor_the_company_change_a_tree(
    parser_folder: Path, treebank: list[Tree], tmp_path: Path
) -> None:
    copies = copies_of(treebank, 700)
    trees = load_parser(parser_folder).parse([copy.words for copy in copies])
    expected = [tree._replace(id=copy.id) for tree, copy in zip(trees, copies, strict=True)]
    for name, size, processes in (("alone", 100, 1), ("together", 100, 2), ("together", 100, 2), ("single", 1, 1)):
        work = replace(parsing(parser_folder, Identity()), shard_size=size, cache=tmp_path / name)
        write_sentences(tmp_path / "out.conllu", parsed(iter(copies), work, processes))
        assert list(read_conllu(tmp_path / "out.conllu")) == expected


def test_ids_are_no_part_of_what_is_kept(parser_folder: Path, treebank: list[Tree], tmp_path: Path) -> None:
    work = replace(parsing(parser_folder, Identity()), cache=tmp_path)
    copies = copies_of(treebank, 50)
    before = list(results(copies, work))
    renamed = [SentenceCopy(f"other-{number}/1", copy.words) for number, copy in enumerate(copies)]
    counts = Counts()
    assert list(results(renamed, work, counts=counts)) == before
    assert (counts.computed, counts.cached) == (0, 50)
    assert before[0].decode() == conllu_of(next(load_parser(parser_folder).parse([copies[0].words])))
