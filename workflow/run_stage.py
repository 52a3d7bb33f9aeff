"""``python -m workflow.run_stage STAGE KEY``: run one stage's command and stamp it. Snakemake's jobs call this.

``--task 3/8 --done FILE`` runs that share of a scattered stage's map command instead, and leaves an empty file.
"""

from __future__ import annotations

import argparse
import os
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

from workflow.dag import Stage, load_stages
from workflow.digests import Digests
from workflow.keys import stage_keys
from workflow.records import holds
from workflow.stamps import CONSTANT_TIME, known_records, write_stamp


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("stage")
    parser.add_argument("key", help="of the stage when the workflow started")
    parser.add_argument("--cores", type=int, default=0, help="what the stage may use at most; 0: all")
    parser.add_argument("--task", help="number and count of a map task, such as 3/8")
    parser.add_argument("--done", type=Path, help="file that says that the map task is done")
    arguments = parser.parse_args()
    stage, before = state_of(arguments.stage)
    if before["key"] != arguments.key:
        sys.exit(f"stage {stage.name}: its parameters or code changed since the workflow started; start it again")
    if arguments.task:
        run(f"{stage.map_command} {arguments.task}", arguments.cores)
        leave(arguments.done)
        return
    digests = Digests()
    if any(holds(stage, record, digests) for record in known_records(stage)):
        # As DVC does: what is upstream ran again, and gave what it gave before.
        print(f"{stage.name}: its inputs are as they were; the outputs stay", file=sys.stderr)
    else:
        remove_outputs(stage)
        run(stage.command, arguments.cores)
        digests = Digests()
        if state_of(stage.name)[1] != before:
            sys.exit(f"stage {stage.name}: its parameters, code or inputs changed while it ran; start it again")
    try:
        write_stamp(stage, arguments.key, digests)
    except FileNotFoundError as error:
        sys.exit(f"error: {error}")
    digests.save()


def state_of(name: str) -> tuple[Stage, dict[str, str]]:
    """The stage as it stands, with its key and the digests of all that it reads."""
    stages, digests = load_stages(), Digests()
    keys = stage_keys(stages, digests)
    state = {path: digests[path] for path in stages[name].inputs} | {"key": keys[name]}
    digests.save()
    return stages[name], state


def remove_outputs(stage: Stage) -> None:
    """As DVC does: what the stage does not write again must not pass for its output."""
    for path in map(Path, stage.outputs):
        if path.is_dir() and not path.is_symlink():
            shutil.rmtree(path)
        else:
            path.unlink(missing_ok=True)


def run(command: str, cores: int) -> None:
    """Run ``command`` with this interpreter's programs first on the path; exit as it exits when it fails."""
    folder = Path(sys.executable).parent
    path = f"{folder}{os.pathsep}{os.environ.get('PATH', '')}"
    environment = {**os.environ, "PATH": path, "CROSSCAP_ENGINE": "snakemake"}
    if cores:
        environment["CROSSCAP_CORES"] = str(cores)
    code = subprocess.run(shlex.split(command), env=environment, check=False).returncode
    if code:
        sys.exit(code if code > 0 else 128 - code)


def leave(done: Path) -> None:
    done.parent.mkdir(parents=True, exist_ok=True)
    done.touch()
    os.utime(done, CONSTANT_TIME)


if __name__ == "__main__":
    main()
