"""Which models the tables need, as names in the lists of ``params.yaml``."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace
from itertools import count, islice
from typing import Any

from crosscap.ablation.published import TABLES
from crosscap.systems.unison.run_name import RunName


def seeds_of(number: int, own: int) -> list[int | None]:
    """``number`` seeds: that of ``params.yaml``, ``own``, which no name says (None), then 1, 2, 3 … without it."""
    return [None, *islice((seed for seed in count(1) if seed != own), number - 1)]


def needed_runs(tables: Iterable[str], variants: Collection[str], seeds: Iterable[int | None]) -> list[str]:
    """The models of the tables' rows, each once: all of the first seed, then all of the next.

    Args:
        tables: keys of `TABLES`.
        variants: only models of these variants.
    """
    rows = [row for key in tables for row in TABLES[key].rows if not row.optional]
    plain = dict.fromkeys(name for row in rows for name in (row.run, row.minus) if name is not None)
    chosen = [run for run in map(RunName.parse, plain) if run.variant in variants]
    return [str(replace(run, seed=seed)) for seed in seeds for run in chosen]


def with_runs(parameters: Mapping[str, Any], names: Iterable[str], target: str) -> dict[str, Any]:
    """What to change in ``params.yaml`` so that the models ``names`` are trained and evaluated in ``target``.

    Nothing leaves a list: what was trained stays part of the workflow. A model that is tuned on captions enters the
    list of ``caption_corpus`` with the name of the one that it is tuned from.
    """
    runs = [RunName.parse(name) for name in names]
    tuned = [str(run.without_captions) for run in runs if run.captions]
    changes: dict[str, Any] = {
        "languages": {"targets": _joined(parameters["languages"]["targets"], [target])},
        "phase1": {
            "variants": _joined(parameters["phase1"]["variants"], [str(run.without_captions) for run in runs]),
        },
        "phase2": {"variants": _joined(parameters["phase2"]["variants"], map(str, runs))},
    }
    if tuned:
        corpus = parameters["caption_corpus"]
        changes["caption_corpus"] = {
            "targets": _joined(corpus["targets"], [target]),
            "variants": _joined(corpus["variants"], tuned),
        }
    return {
        section: changed
        for section, values in changes.items()
        if (changed := {key: value for key, value in values.items() if value != list(parameters[section][key])})
    }


def _joined(present: Iterable[str], new: Iterable[str]) -> list[str]:
    return list(dict.fromkeys([*present, *new]))
