"""The command line of a stage: what ``dvc.yaml`` writes behind ``python stages/NAME.py``."""

from __future__ import annotations

import argparse
from typing import Any

from crosscap.incremental.task import Task

OPTIONS: dict[str, dict[str, Any]] = {
    "target": {"required": True, "help": "code of the target language"},
    "language": {"required": True, "help": "code of the language"},
    "variant": {"required": True, "help": "name of the model, such as hgm or hgm-no_kl-seed2"},
    "processes": {
        "type": int,
        "default": 0,
        "metavar": "N",
        "help": "default: one a core, or a single one with a GPU; the output does not depend on it",
    },
    "map": {"type": Task.parse, "metavar": "I/N", "help": "do part I (from 0) of N, into the cache only"},
}


def stage_arguments(description: str | None, *names: str) -> argparse.Namespace:
    """Read ``sys.argv``.

    Args:
        description: the stage's docstring.
        names: which of `OPTIONS` the stage takes.

    Raises:
        SystemExit: an option is missing, unknown or not as expected; what is wrong stands on stderr.
    """
    parser = argparse.ArgumentParser(description=description, formatter_class=argparse.RawDescriptionHelpFormatter)
    for name in names:
        parser.add_argument(f"--{name}", **OPTIONS[name])
    return parser.parse_args()
