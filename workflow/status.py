"""How every stage stands: fresh, stale and why, never run, running, failed or killed. Opens no DVC repository."""

from __future__ import annotations

import shlex
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from crosscap.runs.records import RunRecord, read_record, run_name, state_of
from workflow.code_history import CodeHistory
from workflow.dag import Producers, Stage, load_stages
from workflow.digests import Digests
from workflow.reasons import reasons
from workflow.records import Change, Record, changes, holds, read_lock
from workflow.stamps import FOLDER as STAMPS

State = Literal["fresh", "stale", "never run", "running", "failed", "killed"]


@dataclass(frozen=True)
class Status:
    """How one stage stands.

    Attributes:
        changes: what differs from its last run; without what its upstream is about to write again.
        reasons: the changes in words.
        because: the nearest stages upstream that have to run for reasons of their own.
        run: the last start of the stage, if it was recorded.
    """

    stage: Stage
    state: State
    changes: tuple[Change, ...] = ()
    reasons: tuple[str, ...] = ()
    because: tuple[str, ...] = ()
    run: RunRecord | None = None

    @property
    def seconds(self) -> float | None:
        """How long the last run took; None when there is no record of one that ended well."""
        return self.run.seconds if self.run is not None and self.run.exit == 0 else None


def assess(root: Path = Path()) -> dict[str, Status]:
    """Every stage in topological order.

    Raises:
        ValueError: ``dvc.lock`` is damaged.
    """
    stages, digests = load_stages(root), Digests(root)
    known = known_by_stage(stages, root)
    found: dict[str, list[Change]] = {}
    for name, stage in stages.items():
        records = known[name]
        if not any(holds(stage, record, digests) for record in records):
            found[name] = min((changes(stage, record, digests) for record in records), key=len, default=[])
    digests.save()
    return _in_words(stages, found, known, root)


def known_by_stage(stages: Mapping[str, Stage], root: Path) -> dict[str, list[Record]]:
    """Every record at hand of each stage: that of ``dvc.lock`` first, then those of its stamps."""
    lock = read_lock(root)
    known = {name: [lock[name]] if name in lock else [] for name in stages}
    by_rule = {stage.rule: name for name, stage in stages.items()}
    for path in sorted((root / STAMPS).glob("*.*")):
        name = by_rule.get(path.name.rpartition(".")[0])
        if name is not None and path.is_file():
            record = Record.from_json(path.read_text(encoding="utf-8", errors="replace"))
            if record is not None:
                known[name].append(record)
    return known


def upstream_of(stages: Mapping[str, Stage], names: Iterable[str]) -> set[str]:
    """``names`` and every stage that one of them depends on."""
    reached = set(names)
    for name in reversed(stages):  # they stand in topological order
        if name in reached:
            reached.update(stages[name].upstream)
    return reached


def _in_words(
    stages: Mapping[str, Stage],
    found: Mapping[str, list[Change]],
    known: Mapping[str, list[Record]],
    root: Path,
) -> dict[str, Status]:
    producers = Producers(stages.values())
    wanted = [(c.name, c.old) for listed in found.values() for c in listed if c.kind == "code" and c.old and c.new]
    history = CodeHistory(root, wanted)
    # Code last, and of it first what only few stages use: that says most about this one.
    shared = Counter(change.name for listed in found.values() for change in listed if change.kind == "code")
    statuses: dict[str, Status] = {}
    for name, stage in stages.items():
        waits_for = [other for other in stage.upstream if statuses[other].state != "fresh"]
        own = [c for c in found.get(name, ()) if c.kind != "input" or not set(producers.of(c.name)) & set(waits_for)]
        because = dict.fromkeys(
            root_cause
            for other in waits_for
            for root_cause in ((other,) if statuses[other].reasons else statuses[other].because or (other,))
        )
        run_of = run_name(shlex.split(stage.command)[1:] or [stage.command])
        run = read_record(run_of, root)
        last = state_of(run_of, run, root) if run is not None else "finished"
        state: State
        if last == "running":
            state = "running"
        elif name not in found and not waits_for:
            state = "fresh"
        elif last in ("failed", "killed"):
            state = last
        else:
            state = "stale" if known[name] else "never run"
        own.sort(key=lambda change: shared[change.name] if change.kind == "code" else 0)
        words = tuple(dict.fromkeys(text for change in own for text in reasons(change, history)))
        statuses[name] = Status(stage, state, tuple(own), words, tuple(because), run)
    return statuses
