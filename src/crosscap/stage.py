"""What every stage does around its work: logging, seeds, threads, and errors as one clear line."""

from __future__ import annotations

import logging
import os
import sys
from collections.abc import Callable

from crosscap.config.loader import UndeclaredParameter
from crosscap.errors import InputError


def run(main: Callable[[], None]) -> None:
    """Run a stage's ``main``: an `InputError` becomes one message on stderr and exit code 1, no traceback."""
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s", datefmt="%H:%M:%S", stream=sys.stderr)
    try:
        main()
    except (InputError, UndeclaredParameter) as error:
        print(f"error: {error}", file=sys.stderr)
        sys.exit(1)


def use_threads(count: int) -> None:
    """Limit numerical libraries to ``count`` threads, 0 for all cores. A parameter: results on CPU depend on it."""
    import torch

    torch.set_num_threads(count or os.cpu_count() or 1)
