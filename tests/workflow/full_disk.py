"""What `test_disk_full` checks on its small disk: ``python -m tests.workflow.full_disk FOLDER HOW``."""

from __future__ import annotations

import sys
from pathlib import Path

from tests.workflow.test_disk_full import hidden_files, old_artifact, run_stage


def main() -> None:
    folder, how = Path(sys.argv[1]), sys.argv[2]
    old = old_artifact(folder, how)
    ballast = folder / "ballast"
    ballast.write_bytes(bytes(1_000_000))
    result = run_stage(folder, how)
    assert result.returncode == 1, result
    assert "a full disk with" in result.stderr and len(result.stderr.splitlines()) == 1, result.stderr
    assert "crosscap cache prune" in result.stderr
    if how != "library":  # that one writes in place
        assert result.stderr.startswith("error: data/artifact"), result.stderr
        assert old.read_text() == "old"
        assert not hidden_files(folder)

    ballast.unlink()
    result = run_stage(folder, how)
    assert result.returncode == 0, result.stderr
    assert old.read_bytes()[:3] != b"old"


if __name__ == "__main__":
    main()
