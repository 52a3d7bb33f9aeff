"""TensorBoard curves of a stage's trainings: ``reports/curves/<run>/<training>/``.

They are no output of a stage, since their bytes hold times and the machine's name: nothing reads them but
``tensorboard --logdir reports/curves``.
"""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Mapping
from pathlib import Path
from types import TracebackType
from typing import Any

from crosscap.training import distributed
from crosscap.training.work_folders import RUN

FOLDER = Path("reports/curves")
EVERY = 20  # steps between two points of a loss's curve


class Curves:
    """Writes the curves of one training while a stage runs, by rank 0; does nothing elsewhere.

    Args:
        name: the training's name, for the folder.
        done: steps that an earlier run did: points after them are taken back. 0 starts anew.
        folder: where to write, for a training outside a stage.
    """

    def __init__(self, name: str, done: int = 0, folder: str | Path | None = None) -> None:
        run = os.environ.get(RUN)
        if folder is None and run is not None:
            folder = FOLDER / run / re.sub(r"\W+", "_", name)
        self._writer: Any = None
        if folder is None or distributed.rank() > 0:
            return
        from torch.utils.tensorboard import SummaryWriter  # takes a second; only where something is written

        if not done:
            shutil.rmtree(folder, ignore_errors=True)
        self._writer = SummaryWriter(str(folder), purge_step=done + 1 if done else None)

    def losses(self, step: int, values: Mapping[str, float]) -> None:
        """Add a point to each loss's curve, every `EVERY` steps."""
        if self._writer is not None and (step % EVERY == 0 or step == 1):
            self._add("step", step, values)

    def scores(self, step: int, values: Mapping[str, float]) -> None:
        """Add the mean losses and scores of a validation."""
        if self._writer is not None:
            self._add("validation", step, {name: value for name, value in values.items() if name != "step"})
            self._writer.flush()

    def _add(self, group: str, step: int, values: Mapping[str, float]) -> None:
        for name, value in values.items():
            self._writer.add_scalar(f"{group}/{name}", value, step)

    def __enter__(self) -> Curves:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        if self._writer is not None:
            self._writer.close()
