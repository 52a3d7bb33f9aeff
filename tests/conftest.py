"""Order: the long end-to-end runs start first, so that the workers finish together. And tests belong to no engine."""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest

from tests.report.chromium import Chromium, program


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    items.sort(key=lambda item: "end_to_end" not in item.keywords)


@pytest.fixture(autouse=True)
def started_by_no_engine() -> Iterator[None]:
    """Holding a project for Snakemake marks what this process starts from then on: right for engines, not for tests."""
    before = os.environ.pop("CROSSCAP_ENGINE", None)
    yield
    os.environ.pop("CROSSCAP_ENGINE", None)
    if before is not None:
        os.environ["CROSSCAP_ENGINE"] = before


@pytest.fixture(scope="session")
def chromium() -> Iterator[Chromium]:
    """A headless browser; without one on this machine the tests of pages are skipped."""
    if program() is None:
        pytest.skip("there is no Chromium")
    with Chromium() as browser:
        yield browser
