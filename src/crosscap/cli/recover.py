"""``crosscap recover``: after a power cut or a kill, mend the files that DVC was writing, so that it starts again."""

from __future__ import annotations

import argparse

from crosscap.errors import InputError
from crosscap.project import project_root
from crosscap.runs.engine_lock import SNAKEMAKE, EngineBusy, hold
from crosscap.runs.recovery import recover


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """It has none."""


def run(arguments: argparse.Namespace) -> int:
    root = project_root()
    try:
        with hold(SNAKEMAKE, root):
            done = recover(root)
    except EngineBusy as busy:
        raise InputError(root, f"{busy.holder or 'an engine'} at work", "none", "Nothing needs mending then.") from None
    print("\n".join(done) or "nothing to mend")
    return 0
