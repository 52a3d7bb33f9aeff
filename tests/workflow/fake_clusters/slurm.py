"""Slurm's programs, as far as Snakemake calls them: copies of this file, told apart by the name they are called by.

``$FAKE_SLURM/calls.jsonl`` records each call of sbatch and srun; a submitted job runs at once, in a process of its own.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

FOLDER = Path(os.environ.get("FAKE_SLURM", "."))
PROGRAMS = ("sbatch", "srun", "sacct", "sacctmgr", "sinfo", "scontrol", "scancel")


def sbatch(arguments: list[str]) -> None:
    number = str(100 + len(list(FOLDER.glob("*.json"))))
    job = {"folder": option(arguments, "-D"), "output": option(arguments, "--output").replace("%j", number)}
    job["script"] = next(a for a in arguments if a.startswith("--wrap=")).removeprefix("--wrap=")
    (FOLDER / f"{number}.json").write_text(json.dumps({**job, "name": option(arguments, "--job-name")}))
    record("sbatch", arguments)
    # --export=ALL: the job has the environment of its submission, but the node's programs and packages.
    node = json.loads((FOLDER / "environment.json").read_text())
    environment = {**os.environ, "PATH": f"{Path(__file__).parent}:{node['PATH']}"}
    environment |= {"PYTHONPATH": node["PYTHONPATH"], "SLURM_JOB_ID": number}
    subprocess.Popen(
        [sys.executable, __file__, "run", number],
        env=environment,
        start_new_session=True,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    print(number)


def run(number: str) -> None:
    job = json.loads((FOLDER / f"{number}.json").read_text())
    with open(job["output"], "w") as output:
        code = subprocess.call(["sh", "-c", job["script"]], cwd=job["folder"], stdout=output, stderr=output)
    (FOLDER / f"{number}.new").write_text(str(code))
    (FOLDER / f"{number}.new").rename(FOLDER / f"{number}.exit")


def srun(arguments: list[str]) -> None:
    record("srun", arguments)
    start = next(place for place, argument in enumerate(arguments) if not argument.startswith("-"))
    os.execvp(arguments[start], arguments[start:])


def sacct(arguments: list[str]) -> None:
    if "-nu" in arguments:  # the account of the user's last job
        print("research")
    else:
        for path in sorted(FOLDER.glob("1*.json")):
            ended = path.with_suffix(".exit")
            state = "RUNNING" if not ended.exists() else "COMPLETED" if ended.read_text() == "0" else "FAILED"
            if json.loads(path.read_text())["name"] == option(arguments, "--name"):
                print(f"{path.stem}|{state}")


def option(arguments: list[str], name: str) -> str:
    return arguments[arguments.index(name) + 1]


def record(program: str, arguments: list[str]) -> None:
    with open(FOLDER / "calls.jsonl", "a") as stream:
        print(json.dumps([program, *arguments]), file=stream)


if __name__ == "__main__":
    called, given = Path(sys.argv[0]).name, sys.argv[1:]
    if given[:1] == ["run"]:
        run(given[1])
    elif called in ("sbatch", "srun", "sacct"):
        {"sbatch": sbatch, "srun": srun, "sacct": sacct}[called](given)
    elif called == "sacctmgr":
        print("research")
    elif called == "sinfo":
        print("PARTITION\nmain*")
    elif called == "scontrol":
        print("MinJobAge = 300 sec\nMaxArraySize = 1001")
