"""A project whose stages use the library's own writers, checkpoints and results cache, to be killed at any moment.

``training.round`` and ``labels.round`` change no result: a new value makes the training, or the quick stages, run
again, and no cache of either engine may answer instead.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path

from tests.workflow.conftest import REPOSITORY, Project

ENGINES = {"dvc": ("dvc", "repro"), "snakemake": ("snakemake", "--cores", "2", "all")}
STEPS, SAVE_EVERY = 40, 4

DVC_YAML = """
stages:
  prepare:
    cmd: python stages/prepare.py
    params: [labels.round, numbers]
    deps: [stages/prepare.py]
    outs: [data/numbers]
  train:
    cmd: python stages/train.py
    params: [training]
    deps: [data/numbers, stages/train.py]
    outs: [models/classifier]
  label:
    cmd: python stages/label.py
    params: [labels.round]
    deps: [data/numbers, stages/label.py]
    outs: [data/labels.txt]
  evaluate:
    cmd: python stages/evaluate.py
    params: [labels.round, training.round]
    deps: [data/labels.txt, models/classifier, stages/evaluate.py]
    metrics:
      - reports/scores.json: {cache: false}
"""
PARAMS = f"numbers: 60\nlabels: {{round: 0}}\ntraining: {{round: 0, steps: {STEPS}, save_every: {SAVE_EVERY}}}\n"
STAGES = {
    "prepare": """
import yaml
from crosscap.io.artifacts import atomic_directory
from crosscap.runs.stage import run

def main():
    with atomic_directory("data/numbers") as folder:
        for number in range(yaml.safe_load(open("params.yaml"))["numbers"]):
            (folder / f"{number:03d}.txt").write_text(str(number * number % 17))

run(main)
""",
    "train": """
import os, time
from pathlib import Path
import torch, yaml
from crosscap.io.artifacts import atomic_directory
from crosscap.runs.stage import run
from crosscap.training.checkpoint import Checkpoint
from crosscap.training.fingerprint import work_directory
from crosscap.training.loop import LoopSettings, run_training, write_history
from crosscap.training.seed import seed_everything
from crosscap.training.work_folders import release

def main():
    parameters = yaml.safe_load(open("params.yaml"))["training"]
    torch.set_num_threads(1)
    seed_everything(5)
    numbers = torch.tensor([float(path.read_text()) for path in sorted(Path("data/numbers").iterdir())])
    model = torch.nn.Linear(numbers.numel(), 8)
    optimizer = torch.optim.Adam(model.parameters(), 0.01)

    def train_step(step):
        with open("work/steps.log", "a") as log:
            log.write(f"{parameters['round']} {os.getpid()} {step}\\n")
        time.sleep(0.03)
        loss = ((model(numbers * torch.rand_like(numbers)) - 1) ** 2).mean()
        optimizer.zero_grad(); loss.backward(); optimizer.step()
        return {"loss": float(loss)}

    directory = work_directory("train", parameters, ["data/numbers"])
    checkpoint = Checkpoint(directory, model=model, optimizer=optimizer)
    steps, every = parameters["steps"], parameters["save_every"]
    history = run_training("train", LoopSettings(steps, 10, every), train_step, checkpoint)
    with atomic_directory("models/classifier") as folder:
        with open(folder / "weights.pt", "wb") as stream:
            torch.save(model.state_dict(), stream)
        write_history(folder / "history.csv", history)
    release(directory)

run(main)
""",
    "label": """
import time
from functools import partial
from pathlib import Path
from crosscap.incremental.identity import Identity
from crosscap.incremental.results import Work, results
from crosscap.io.artifacts import write_lines
from crosscap.runs.stage import run

def start():
    def compute(records):
        time.sleep(0.1)
        return [f"{record} is {'even' if int(record) % 2 == 0 else 'odd'}".encode() for record in records]
    return compute

def main():
    numbers = [path.read_text() for path in sorted(Path("data/numbers").iterdir())]
    work = Work("label", start, str.encode, Identity(), shard_size=4)
    write_lines("data/labels.txt", (line.decode() for line in results(numbers, work)))

run(main)
""",
    "evaluate": """
from pathlib import Path
from crosscap.io.artifacts import write_json
from crosscap.runs.stage import run

def main():
    labels = Path("data/labels.txt").read_text().splitlines()
    history = Path("models/classifier/history.csv").read_text().splitlines()
    write_json("reports/scores.json", {"even": sum("even" in line for line in labels), "rows": len(history)})

run(main)
""",
}


class CrashProject(Project):
    """The project, and ways to kill what runs in it."""

    def build(self) -> None:
        """Fill a project folder that has the workflow's files, Git and DVC."""
        (self.root / "dvc.yaml").write_text(DVC_YAML)
        (self.root / "params.yaml").write_text(PARAMS)
        for old in (self.root / "stages").glob("*.py"):
            old.unlink()
        for name, code in STAGES.items():
            (self.root / "stages" / f"{name}.py").write_text(code.lstrip())

    def start(self, engine: str) -> subprocess.Popen[bytes]:
        """Start an engine that works in the background; its output goes to ``engine.log``."""
        with open(self.root / "engine.log", "wb") as log:
            return subprocess.Popen(
                ENGINES[engine], cwd=self.root, env=environment(), stdout=log, stderr=log, start_new_session=True
            )

    def finish(self, engine: str) -> None:
        """One plain run of an engine, which must succeed."""
        result = self.plain(*ENGINES[engine])
        if engine == "dvc" and ("validation failed" in result.stdout + result.stderr or "RWLock" in result.stderr):
            # DVC was killed in the hundredth of a second in which it writes its own files: the one command for it.
            assert self.plain("crosscap", "recover").stdout != "nothing to mend\n"
            result = self.plain(*ENGINES[engine])
        assert result.returncode == 0, result.stdout + result.stderr

    def plain(self, *command: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(command, cwd=self.root, env=environment(), capture_output=True, text=True, check=False)

    def processes(self) -> dict[int, list[str]]:
        """Command line of every process that works in this folder."""
        found = {}
        for entry in Path("/proc").glob("[0-9]*"):
            with suppress(OSError):  # it has just ended, or is not ours
                if (entry / "cwd").resolve() == self.root.resolve():
                    words = (entry / "cmdline").read_bytes().decode(errors="replace").split("\0")[:-1]
                    if words:
                        found[int(entry.name)] = words
        return found

    def stage_processes(self) -> list[int]:
        """Those that run a stage, not the shells and engines above them."""
        return [pid for pid, words in self.processes().items() if len(words) > 1 and words[1].startswith("stages/")]

    def wait_for_stage(self, engine: subprocess.Popen[bytes], number: int) -> None:
        """Wait until ``number`` stages have been seen running, or the engine has ended."""
        seen: set[int] = set()
        while engine.poll() is None and len(seen) < number:
            seen.update(self.stage_processes())
            time.sleep(0.1)

    def kill(self, target: str, engine: subprocess.Popen[bytes]) -> bool:
        """``kill -9`` of a ``stage``, of the ``engine`` or of everything, the ``machine``; False when nothing ran."""
        if target == "stage":
            while engine.poll() is None and not self.stage_processes():
                time.sleep(0.05)
        victims = {
            "stage": self.stage_processes()[:1],
            "engine": [engine.pid] if engine.poll() is None else [],
            "machine": list(self.processes()) if engine.poll() is None else [],
        }[target]
        for pid in victims:
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        engine.wait(60)  # one whose stage was killed ends by itself
        return bool(victims)

    def artifacts(self) -> dict[str, bytes]:
        """Every file that stages have written, hidden ones too, so that a leftover is found.

        The curves are no artifact: each process of a training adds a file of its own, with the time in it.
        """
        folders = ("data", "models", "reports", "work/train")
        files = (file for folder in folders for file in (self.root / folder).rglob("*") if file.is_file())
        return {
            str(file.relative_to(self.root)): file.read_bytes()
            for file in sorted(files)
            if file.parts[len(self.root.parts)] != "work" or file.name.startswith(".")
            if self.root / "reports/curves" not in file.parents
        }

    def trained_steps(self, round: int) -> list[list[int]]:
        """The steps that each process of one round's training did, in order."""
        rows = [line.split() for line in (self.root / "work/steps.log").read_text().splitlines()]
        mine = [(pid, int(step)) for number, pid, step in rows if int(number) == round]
        return [[step for pid, step in mine if pid == process] for process in dict.fromkeys(pid for pid, _ in mine)]


def environment() -> dict[str, str]:
    paths = {
        "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
        "PYTHONPATH": str(REPOSITORY / "src"),
        "OMP_NUM_THREADS": "1",
    }
    return {**os.environ, **paths}
