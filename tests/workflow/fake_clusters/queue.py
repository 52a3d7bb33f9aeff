"""A queue for Snakemake's cluster-generic executor: ``queue.py FOLDER submit SCRIPT``, ``queue.py FOLDER status ID``.

The newest job goes first, one at a time, in an environment of its own (``FOLDER/environment.json``). A job of the rule
in ``FOLDER/victim`` is killed with all its processes once its stage has begun (``FOLDER/begun`` exists), one time only.
``FOLDER/log`` tells what was submitted, started and killed, a line each: ``started draw:000``.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

QUIET = 2.0  # seconds without a submission after which the queue opens: jobs of one round are all there


def submit(folder: Path, script: str) -> None:
    number = len(list(folder.glob("*.job")))
    (folder / f"{number:03d}.job").write_text(Path(script).read_text())
    log(folder, "submitted", number)
    print(number)


def status(folder: Path, number: int) -> None:
    start_newest(folder)
    kill_victim(folder, number)
    ended = folder / f"{number:03d}.exit"
    print("running" if not ended.exists() else "success" if ended.read_text() == "0" else "failed")


def start_newest(folder: Path) -> None:
    jobs = sorted(folder.glob("*.job"))
    started = [job for job in jobs if job.with_suffix(".started").exists()]
    idle = all(job.with_suffix(".exit").exists() for job in started)
    waiting = [job for job in jobs if job not in started]
    if waiting and idle and time.time() - jobs[-1].stat().st_mtime > QUIET:
        waiting[-1].with_suffix(".started").touch()
        log(folder, "started", int(waiting[-1].stem))
        subprocess.Popen(
            [sys.executable, "-S", __file__, str(folder), "run", waiting[-1].stem],
            env={},
            start_new_session=True,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )


def run(folder: Path, number: int) -> None:
    environment = json.loads((folder / "environment.json").read_text())
    with open(folder / f"{number:03d}.log", "w") as output:
        job = subprocess.Popen(
            [str(Path(environment["PATH"]) / "sh"), str(folder / f"{number:03d}.job")],
            env=environment,
            cwd="/",
            stdout=output,
            stderr=output,
            start_new_session=True,
        )
    write(folder / f"{number:03d}.pid", str(job.pid))
    write(folder / f"{number:03d}.exit", str(job.wait()))


def kill_victim(folder: Path, number: int) -> None:
    victim = folder / "victim"
    process = folder / f"{number:03d}.pid"
    if (
        victim.exists()
        and (folder / "begun").exists()
        and process.exists()
        and rule(folder, number) == victim.read_text()
    ):
        victim.unlink()
        log(folder, "killed", number)
        os.killpg(int(process.read_text()), signal.SIGKILL)


def write(path: Path, text: str) -> None:
    temporary = path.with_suffix(".new")
    temporary.write_text(text)
    temporary.replace(path)


def rule(folder: Path, number: int) -> str:
    script = (folder / f"{number:03d}.job").read_text().splitlines()
    properties = next(line for line in script if line.startswith("# properties = "))
    return json.loads(properties.removeprefix("# properties = "))["rule"]


def log(folder: Path, event: str, number: int) -> None:
    with open(folder / "log", "a") as stream:
        print(event, f"{rule(folder, number)}:{number:03d}", file=stream)


if __name__ == "__main__":
    where, command, argument = sys.argv[1:]
    {"submit": submit, "status": lambda f, n: status(f, int(n)), "run": lambda f, n: run(f, int(n))}[command](
        Path(where), argument
    )
