"""``python -m workflow.run_stage STAGE KEY``: run one stage's command and stamp it. Snakemake's jobs call this."""

from __future__ import annotations

import os
import shlex
import subprocess
import sys
from pathlib import Path

from workflow.dag import load_stages
from workflow.keys import stage_keys
from workflow.stamps import write_stamp


def main() -> None:
    name, key = sys.argv[1:]
    stages = load_stages()
    if stage_keys(stages)[name] != key:
        sys.exit(f"stage {name}: its parameters or code changed since the workflow started; start it again")
    environment = {**os.environ, "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ.get('PATH', '')}"}
    code = subprocess.run(shlex.split(stages[name].command), env=environment, check=False).returncode
    if code:
        sys.exit(code if code > 0 else 128 - code)
    if stage_keys(load_stages())[name] != key:
        sys.exit(f"stage {name}: its parameters or code changed while it ran; start it again")
    write_stamp(stages[name], key)


if __name__ == "__main__":
    main()
