"""A node of a cluster: the project's folder is there, and nothing else of where the job was submitted.

Its PATH has a shell and no git, and Python refuses what would open the DVC repository.
"""

from __future__ import annotations

import shutil
from pathlib import Path

FORBIDDING = '''
"""Python on a node: whoever opens the DVC repository there fails, as many jobs at once would lock each other out."""
import sys


class Forbidden:
    def find_spec(self, name, path=None, target=None):
        if name in ("dvc.repo", "git", "pygit2"):
            raise ImportError(f"a job on a node imports {name}")


sys.meta_path.insert(0, Forbidden())
'''


def make_node(folder: Path) -> dict[str, str]:
    """The whole environment of a process on the node."""
    programs = folder / "bin"
    programs.mkdir(parents=True)
    for name in ("sh", "bash", "env", "which"):  # which: the Slurm executor asks it
        found = shutil.which(name)
        assert found, f"{name} is missing on this machine"
        (programs / name).symlink_to(found)
    library = folder / "python"
    library.mkdir()
    (library / "sitecustomize.py").write_text(FORBIDDING)
    return {"PATH": str(programs), "PYTHONPATH": str(library)}
