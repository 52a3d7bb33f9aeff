"""Finds what `crosscap compare` was asked to compare, and what is known of how it came about."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from crosscap.errors import InputError
from crosscap.evaluation.results_file import score_results
from crosscap.evaluation.sets import Scorers
from crosscap.project import workflow_module
from crosscap.significance.run_comparison import by_system, system_of
from crosscap.significance.run_words import SETS, RunWord
from crosscap.significance.scored_set import ScoredSet, read_scored_sets, scored_set
from crosscap.significance.seeds import over_seeds

SCORES = "data/scores"
FILES = ("results", "table")  # kinds of words


@dataclass(frozen=True)
class Compared:
    """A system that was found.

    Attributes:
        sentences: the set that is compared; empty of a results file.
        origin: the lock file's records and the stage that wrote the scores; None of files.
        commit: full hash; None but of a commit's run.
    """

    word: RunWord
    scored: ScoredSet
    sentences: str = ""
    origin: tuple[Mapping[str, Any], str] | None = None
    commit: str | None = None

    def described(self) -> dict[str, Any]:
        return {"name": self.scored.name, "kind": self.word.kind, "commit": self.commit}


@dataclass(frozen=True)
class Project:
    """Where runs are looked for.

    Attributes:
        target: language of the captions.
        variants: the runs that ``phase2.variants`` names.
        seed: of runs whose names say none.
    """

    root: Path
    target: str
    variants: Sequence[str]
    seed: int

    def changes(self, first: Compared, second: Compared) -> dict[str, list[str]]:
        """What differs by kind, in words: names, and what ``dvc.lock`` recorded where both are in one; not of files."""
        if first.word.kind in FILES or second.word.kind in FILES:
            return {}
        found = {"run": _change(first.word.name, second.word.name), "set": _change(first.sentences, second.sentences)}
        if first.origin is not None and second.origin is not None:
            module = workflow_module("run_differences", self.root)
            recorded = vars(module.run_differences(self.root, first.origin, second.origin))
            found |= {kind: list(words) for kind, words in recorded.items()}
        return found

    def spread(self, first: Compared, second: Compared, metrics: Sequence[str]) -> dict[str, Any] | None:
        """Scores of the same systems trained from other seeds; None of files and commits, and of one seed."""
        if {first.word.kind, second.word.kind} != {"run"} or _seeds_of_one(first, second):
            return None
        return over_seeds(self._seeds(first), self._seeds(second), metrics)

    def unknown_spread(self, first: Compared, second: Compared) -> str:
        """What to say where there is no spread; nothing of files and commits."""
        if {first.word.kind, second.word.kind} != {"run"}:
            return ""
        if _seeds_of_one(first, second):
            return "The two are one system, trained from two seeds: what differs is what chance did in training."
        return "Neither was trained from another seed too: what chance did in training is not known."

    def _seeds(self, compared: Compared) -> dict[int, dict[str, float]]:
        name, kind = compared.word.name, compared.sentences
        found = {}
        for seed, run in by_system(dict.fromkeys([*self.variants, name]), self.seed)[system_of(name)].items():
            path = self.root / score_table_of(self.target, run)
            sets = read_scored_sets(path, run) if path.is_file() else {}
            if kind in sets and sets[kind].ids == compared.scored.ids:
                found[seed] = sets[kind].corpus
        return found


def score_table_of(target: str, run: str) -> str:
    return f"{SCORES}/{target}_{run}.parquet"


def load_compared(
    words: tuple[RunWord, RunWord], sentences: str, project: Project, references: Path | None, scorers: Scorers | None
) -> tuple[Compared, Compared, list[str]]:
    """Both systems, and what a reader has to know before comparing them.

    Args:
        sentences: the set of runs that name none.
        references, scorers: for COCO results.

    Raises:
        InputError: a run that was not scored, whose scores nobody kept, or files that cannot be read.
    """
    files = {str(word): Path(word.name) for word in words if word.kind == "results"}
    scored, notes = _score(files, references, scorers) if files else ({}, [])
    first, second = (_load(word, word.sentences or sentences, project, scored) for word in words)
    if files and {word.kind for word in words} != {"results"}:
        notes.append("only the results file was scored with --references; the other has the scores of its own")
    for one in (first, second):
        if one.word.kind == "run":
            notes += _unrecorded(one, project)
    if first.origin and second.origin:
        notes += _doubts(first.origin, second.origin)
    return first, second, list(dict.fromkeys(notes))


def _score(
    files: Mapping[str, Path], references: Path | None, scorers: Scorers | None
) -> tuple[dict[str, ScoredSet], list[str]]:
    name = next(iter(files))
    for path in files.values():
        if not path.is_file():
            raise InputError(path, "no such file", "a run's name, or a file of captions (.json) or scores (.parquet)")
    if references is None:
        raise InputError(
            name, "captions without scores", "references to score them with", "Add `--references REFS.json`."
        )
    if scorers is None:
        remedy = "Add `--target LANGUAGE` and `--segmentation POLICY` (given: at spaces)."
        raise InputError(name, "captions of which nothing says how to cut them into words", "a segmentation", remedy)
    scored, notes = {}, []
    for name, path in files.items():
        # Images without a caption are left out: whether both are of the same images is for the comparison to say.
        evaluation = score_results(path, references, scorers, "skip")
        counts = evaluation.metrics["counts"]
        scored[name] = scored_set(name, evaluation.rows, path)
        if counts["images_without_caption"]:
            notes.append(f"{name} has no caption for {counts['images_without_caption']} images: these do not count")
    return scored, notes


def _load(word: RunWord, sentences: str, project: Project, scored: Mapping[str, ScoredSet]) -> Compared:
    if word.kind == "results":
        return Compared(word, scored[str(word)])
    if word.kind == "table":
        sets = read_scored_sets(word.name, word.name)
        if word.sentences is None and len(sets) == 1:
            sentences = next(iter(sets))
        return Compared(word, _of(sets, sentences, word.name), sentences)
    try:
        system_of(word.name)
    except ValueError as error:
        remedy = f"A file's name ends in .json or .parquet, a set is named as RUN/SET, one of {', '.join(SETS)}."
        raise InputError("crosscap compare", str(error), "a run, or a file", remedy) from None
    path, root = score_table_of(project.target, word.name), project.root
    module = workflow_module("committed_runs", root)
    if word.kind == "commit":
        commit = module.commit_of(root, word.commit)
        lock = module.lock_of(root, commit)
        kept = module.kept_file(root, lock, path, f"dvc.lock of {word.commit}")
        sets = read_scored_sets(kept, f"{word.commit}:{word.name}")
        return Compared(word, _of(sets, sentences, kept), sentences, (lock, module.writer_of(lock, path)), commit)
    if not (root / path).is_file():
        others = sorted(file.stem.partition("_")[2] for file in (root / SCORES).glob(f"{project.target}_*.parquet"))
        remedy = f"Scored runs: {', '.join(others) or 'none'}. `dvc repro evaluate` scores those of phase2.variants."
        raise InputError(root / path, "no such file", f"the scores of a run {word.name!r}", remedy)
    lock = workflow_module("records", root).read_lock(root)
    writer = module.writer_of(lock, path)
    sets = read_scored_sets(root / path, word.name)
    return Compared(word, _of(sets, sentences, root / path), sentences, (lock, writer) if writer else None)


def _of(sets: Mapping[str, ScoredSet], sentences: str, path: str | Path) -> ScoredSet:
    if sentences not in sets:
        raise InputError(path, f"no set {sentences!r}", f"one of {', '.join(sets)}", "Name it: RUN/SET.")
    return sets[sentences]


def _unrecorded(compared: Compared, project: Project) -> list[str]:
    """Whether ``dvc.lock`` is of these very scores."""
    path = score_table_of(project.target, compared.word.name)
    if compared.origin is None:
        return [f"{path} is not in dvc.lock: how it came about is not known"]
    lock, writer = compared.origin
    if lock[writer].outputs[path] != workflow_module("digests", project.root).Digests(project.root)[path]:
        return [f"{path} is not what dvc.lock recorded: what differs may be more than is said here"]
    return []


def _seeds_of_one(first: Compared, second: Compared) -> bool:
    """Whether two runs differ in nothing but the seed."""
    names = (first.word.name, second.word.name)
    return first.sentences == second.sentences and names[0] != names[1] and system_of(names[0]) == system_of(names[1])


def _change(first: str, second: str) -> list[str]:
    return [] if first == second else [f"{first} → {second}"]


def _doubts(first: tuple[Mapping[str, Any], str], second: tuple[Mapping[str, Any], str]) -> list[str]:
    """Why scores of one may not be measured as those of the other."""
    ours, theirs = (lock[stage] for lock, stage in (first, second))
    notes = []
    references = "data/raw/captions"
    if ours.inputs.get(references) != theirs.inputs.get(references):
        notes.append(f"{references} is not the same: the references may differ, and scores with them")
    key = "evaluation.segmentation"
    if ours.parameters.get(key) != theirs.parameters.get(key):
        notes.append(f"{key} is not the same: scores move by points with how captions are cut into words")
    return notes
