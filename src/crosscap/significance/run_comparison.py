"""What `compare_runs` reports: intervals of every score, spread over seeds, and differences between runs."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from statistics import fmean, stdev
from typing import Any

import numpy as np

from crosscap.ablation.published import TABLES, TEXT
from crosscap.significance.comparison import Differences, compare, different_images
from crosscap.significance.resampling import Resampling, Scores, bootstrap_groups, interval
from crosscap.significance.scored_set import ScoredSet
from crosscap.systems.unison.run_name import RunName

Key = tuple[str, str]  # run and set
Runs = Mapping[str, Mapping[str, ScoredSet]]
MAIN_SETS = ("with_phase2", TEXT)  # in which every run is compared with the first one


def compare_runs(runs: Runs, own_seed: int, plan: Resampling) -> dict[str, Any]:
    """The content of ``reports/significance/T.json``.

    Args:
        runs: run → set → its captions, in the order of ``phase2.variants``.
        own_seed: the seed of a run whose name says none.
    """
    resampled = bootstrap_groups({(run, kind): runs[run][kind] for run in runs for kind in runs[run]}, plan)
    intervals: dict[str, dict[str, dict[str, list[float]]]] = {}
    for (run, kind), scores in resampled.items():
        bounds = {m: _rounded(interval(drawn, plan.confidence)) for m, drawn in scores.items()}
        intervals.setdefault(run, {})[kind] = bounds
    missing: dict[str, str] = {}
    pairs = []
    for first, second in _pairs(list(runs), own_seed):
        if first in resampled and second in resampled:
            reason = different_images(_at(runs, first), _at(runs, second))
            if reason is None:
                pairs.append((first, second))
            else:
                missing[f"{_name(first)} − {_name(second)}"] = reason
    return {
        "settings": {"samples": plan.samples, "confidence": plan.confidence, "seed": plan.seed},
        "intervals": intervals,
        "systems": _systems(runs, resampled, own_seed, plan.confidence),
        "differences": list(_differences(runs, pairs, resampled, plan)),
        "missing": missing,
    }


def system_of(run: str) -> str:
    """The run's name without its seed: runs of one system differ in nothing else."""
    return str(replace(RunName.parse(run), seed=None))


def by_system(runs: Iterable[str], own_seed: int) -> dict[str, dict[int, str]]:
    """System → seed → run. A name that says the parameters' own seed is the same model again."""
    found: dict[str, dict[int, str]] = {}
    for run in sorted(runs, key=lambda name: RunName.parse(name).seed is not None):
        found.setdefault(system_of(run), {}).setdefault(RunName.parse(run).seed_or(own_seed), run)
    return found


def _pairs(names: Sequence[str], own_seed: int) -> Iterator[tuple[Key, Key]]:
    """Each pair once: a run with and without phase 2; the paper's orderings; the first system and the others.

    Between systems one seed each is compared: their means over seeds are `crosscap.ablation`'s. A row of the paper's
    tables that says what changes (``minus``) is here the run that it is about.
    """
    seen: set[frozenset[Key]] = set()
    for pair in _asked(names, own_seed):
        if frozenset(pair) not in seen:
            seen.add(frozenset(pair))
            yield pair


def _asked(names: Sequence[str], own_seed: int) -> Iterator[tuple[Key, Key]]:
    for run in names:
        yield (run, "with_phase2"), (run, "without_phase2")
    systems = by_system(names, own_seed)
    for table in TABLES.values():
        for better, worse in ((table.row(one), table.row(other)) for one, other in table.claims):
            if better.run in systems and worse.run in systems:
                one, other = _alike(systems[better.run], systems[worse.run], own_seed)
                yield (one, better.sentences), (other, worse.sentences)
    for system in dict.fromkeys(map(system_of, names[1:])):
        one, other = _alike(systems[system_of(names[0])], systems[system], own_seed)
        for kind in MAIN_SETS if one != other else ():
            yield (one, kind), (other, kind)


def _alike(first: Mapping[int, str], second: Mapping[int, str], own_seed: int) -> tuple[str, str]:
    """A run of each system: with the parameters' own seed, another that both have, or any."""
    common = sorted(first.keys() & second.keys(), key=lambda seed: (seed != own_seed, seed))
    return (
        (first[common[0]], second[common[0]]) if common else (next(iter(first.values())), next(iter(second.values())))
    )


def _systems(runs: Runs, resampled: Mapping[Key, Scores], own_seed: int, confidence: float) -> dict[str, Any]:
    """Of systems with several seeds: mean and standard deviation over seeds, and the images' interval of the mean."""
    found: dict[str, Any] = {}
    for system, seeds in by_system(runs, own_seed).items():
        if len(seeds) < 2:
            continue
        ordered = [seeds[seed] for seed in sorted(seeds)]
        sets: dict[str, Any] = {}
        for kind in runs[ordered[0]]:
            keys = [(run, kind) for run in ordered]
            if any(key not in resampled or _at(runs, key).ids != _at(runs, keys[0]).ids for key in keys):
                continue
            metrics = [m for m in resampled[keys[0]] if all(m in resampled[key] for key in keys)]
            sets[kind] = {m: _over_seeds(runs, keys, resampled, m, confidence) for m in metrics}
        found[system] = {"seeds": sorted(seeds), "sets": sets}
    return found


def _over_seeds(
    runs: Runs, keys: Sequence[Key], resampled: Mapping[Key, Scores], metric: str, confidence: float
) -> dict[str, float]:
    scores = [_at(runs, key).corpus[metric] for key in keys]
    drawn = np.mean([resampled[key][metric] for key in keys], 0)
    low, high = _rounded(interval(drawn, confidence))
    return {"mean": round(fmean(scores), 4), "standard_deviation": round(stdev(scores), 4), "low": low, "high": high}


def _differences(
    runs: Runs, pairs: Sequence[tuple[Key, Key]], resampled: Mapping[Key, Scores], plan: Resampling
) -> Iterator[dict[str, Any]]:
    groups: dict[tuple[str, ...], list[tuple[Key, Key]]] = {}
    for pair in pairs:
        groups.setdefault(_at(runs, pair[0]).ids, []).append(pair)
    found: dict[tuple[Key, Key], Differences] = {}
    for group in groups.values():
        systems = [(_at(runs, first), _at(runs, second)) for first, second in group]
        drawn = [(resampled[first], resampled[second]) for first, second in group]
        found.update(zip(group, compare(systems, drawn, plan), strict=True))
    for first, second in pairs:
        for each in found[first, second]:
            yield {
                "first": _name(first),
                "second": _name(second),
                "metric": each.metric,
                "difference": round(each.difference, 4),
                "low": round(each.low, 4),
                "high": round(each.high, 4),
                "p_bootstrap": round(each.p_bootstrap, 6),
                "p_randomisation": round(each.p_randomisation, 6),
                "p_holm": round(each.p_holm, 6),
                "images": len(_at(runs, first).ids),
            }


def _at(runs: Runs, key: Key) -> ScoredSet:
    return runs[key[0]][key[1]]


def _name(key: Key) -> str:
    return "/".join(key)


def _rounded(bounds: tuple[float, float]) -> list[float]:
    return [round(bound, 4) for bound in bounds]
