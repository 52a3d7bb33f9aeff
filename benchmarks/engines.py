"""How long the engines take to find that there is nothing to do.

``python benchmarks/engines.py`` measures a made-up project of 300 stages; ``--project .`` measures a real one, whose
stages must all be fresh. Prints medians in seconds by the clock, and of the processor time.
"""

from __future__ import annotations

import argparse
import os
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from contextlib import chdir
from pathlib import Path

from dvc.repo import Repo

ROOT = Path(__file__).parents[1]
COMMANDS = {
    "dvc repro": ["dvc", "repro"],
    "dvc status": ["dvc", "status"],
    "snakemake -n all": ["snakemake", "-n", "all"],
    "crosscap status": ["crosscap", "status"],
}
WIDTH = 10  # stages that depend on the same ones


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--project", type=Path, help="a project whose stages are all fresh, instead of a made-up one")
    parser.add_argument("--stages", type=int, default=300, help="of the made-up project")
    parser.add_argument("--repeats", type=int, default=5)
    arguments = parser.parse_args()
    if arguments.project:
        measure(arguments.project, arguments.repeats)
        return
    with tempfile.TemporaryDirectory() as folder:
        make_project(Path(folder), arguments.stages)
        measure(Path(folder), arguments.repeats)


def make_project(folder: Path, stages: int) -> None:
    """Layers of stages, each of which depends on the whole layer before it; recorded as fresh without being run."""
    shutil.copytree(ROOT / "workflow", folder / "workflow", ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("Snakefile", ".gitignore"):
        shutil.copy(ROOT / name, folder)
    for name in ("stages", "data"):
        (folder / name).mkdir()
    lines = ["stages:"]
    for number in range(stages):
        layer = number // WIDTH
        above = [f"data/{other}.txt" for other in range(WIDTH * (layer - 1), WIDTH * layer)] if layer else []
        deps = [f"stages/work_{number}.py", *above]
        lines += [f"  work_{number}:", f"    cmd: python stages/work_{number}.py", f"    params: [p{number}]"]
        lines += [f"    deps: [{', '.join(deps)}]", f"    outs: [data/{number}.txt]"]
        (folder / f"stages/work_{number}.py").write_text(f"print({number})\n")
        (folder / f"data/{number}.txt").write_text(f"{number}\n")
    (folder / "dvc.yaml").write_text("\n".join(lines) + "\n")
    (folder / "params.yaml").write_text("".join(f"p{number}: {number}\n" for number in range(stages)))
    subprocess.run(["git", "init", "-q"], cwd=folder, check=True)
    with chdir(folder):
        Repo.init(".").close()
        with Repo() as repository:
            repository.commit(force=True)


def measure(project: Path, repeats: int) -> None:
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    for title, command in COMMANDS.items():
        seconds, processor = [], []
        for _ in range(repeats + 1):
            before, begun = resource.getrusage(resource.RUSAGE_CHILDREN), time.monotonic()
            result = subprocess.run(
                command, cwd=project, env={**os.environ, "PATH": path}, capture_output=True, text=True, check=False
            )
            seconds.append(time.monotonic() - begun)
            after = resource.getrusage(resource.RUSAGE_CHILDREN)
            processor.append(after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime)
            if result.returncode:
                sys.exit(f"{title}: {result.stderr[-2000:]}")
        shown = result.stdout + result.stderr
        nothing = any(words in shown for words in ("up to date", "Nothing to be done", "Nothing to run"))
        # The first run fills memories of digests and of the DAG.
        median = f"{statistics.median(seconds[1:]):6.2f} s, {statistics.median(processor[1:]):6.2f} s of the processor"
        print(f"{title:18} {median}, first {seconds[0]:6.2f} s{'' if nothing else '   NOT everything is fresh'}")


if __name__ == "__main__":
    main()
