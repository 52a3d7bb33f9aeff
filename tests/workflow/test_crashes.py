"""Killed at any moment, by either engine: one plain run finishes, training goes on, and the artifacts are the same."""

from __future__ import annotations

import random
import time

import pytest

from tests.workflow.conftest import Project
from tests.workflow.crash_project import ENGINES, SAVE_EVERY, STEPS, CrashProject

pytestmark = pytest.mark.xdist_group("crashes")

KILLS, KILLS_A_ROUND = 20, 4
TARGETS = ("stage", "engine", "machine")


@pytest.fixture
def crashes(project: Project) -> CrashProject:
    made = CrashProject(project.root)
    made.build()
    return made


def test_after_twenty_kills_one_plain_run_ends_with_the_artifacts_of_an_undisturbed_one(crashes: CrashProject) -> None:
    crashes.finish("dvc")
    undisturbed = crashes.artifacts()
    assert crashes.dvc_is_clean()
    chance = random.Random(3)
    # Each engine is killed in each way; what is left of the twenty falls as it may.
    plan = [(engine, target) for engine in ENGINES for target in TARGETS] * 4
    chance.shuffle(plan)
    rounds = {"labels": 0, "training": 0}
    kills: list[tuple[str, str]] = []
    while len(kills) < KILLS:
        section = ("labels", "training")[sum(rounds.values()) % 2]
        crashes.replace(
            "params.yaml", f"{section}: {{round: {rounds[section]}", f"{section}: {{round: {rounds[section] + 1}"
        )
        rounds[section] += 1
        for engine, target in plan[len(kills) : len(kills) + KILLS_A_ROUND]:
            started = crashes.start(engine)
            crashes.wait_for_stage(started, number=chance.randrange(3))
            time.sleep(chance.uniform(0, 3 if section == "training" else 0.6))
            if crashes.kill(target, started):
                kills.append((engine, target))
        last = chance.choice(list(ENGINES))
        crashes.finish(last)
        assert crashes.artifacts() == undisturbed, f"after {kills[-KILLS_A_ROUND:]}, finished by {last}"
        assert crashes.dvc_is_clean()
        assert_training_went_on(crashes.trained_steps(rounds["training"]))
    assert set(kills) == set(plan)


def assert_training_went_on(processes: list[list[int]]) -> None:
    """No process did a step again that a checkpoint had, and together they did them all."""
    reached = 0
    for steps in processes:
        assert reached - SAVE_EVERY < steps[0] <= reached + 1, f"started at step {steps[0]} after {reached}"
        reached = max(reached, steps[-1])
    assert reached == STEPS
