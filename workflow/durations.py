"""How long every stage took in its last run that ended well: ``python -m workflow.durations`` writes the record.

The report draws the DAG with these times. They differ from run to run, so the stage that writes the report does not
read them where they arise (``work/runs``): its page would not be a function of its inputs, and two runs of the same
workflow would disagree. It reads this record, which is an input like any other and changes when it is written anew.
"""

from __future__ import annotations

import os
import shlex
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from crosscap.io.artifacts import write_json
from crosscap.runs.records import read_record, run_name
from workflow.dag import Stage, load_stages

RECORD = Path("workflow/durations.json")


def recorded(stages: Mapping[str, Stage], root: Path = Path()) -> dict[str, Any]:
    """``{"cores", "stages": [{"name", "upstream", "seconds"}]}``, in topological order.

    ``cores`` are those of this machine; ``seconds`` is None of a stage whose last run is unknown or ended badly.
    """
    entries = []
    for name, stage in stages.items():
        run = read_record(run_name(shlex.split(stage.command)[1:] or [stage.command]), root)
        seconds = run.seconds if run is not None and run.exit == 0 else None
        rounded = None if seconds is None else round(seconds, 1)
        entries.append({"name": name, "upstream": list(stage.upstream), "seconds": rounded})
    return {"cores": os.cpu_count(), "stages": entries}


def main() -> int:
    record = recorded(load_stages())
    known = sum(entry["seconds"] is not None for entry in record["stages"])
    if not known:
        print("error: no stage has a run that ended well: run the workflow first", file=sys.stderr)
        return 1
    write_json(RECORD, record)
    print(f"{RECORD}: {known} of {len(record['stages'])} stages have a duration")
    return 0


if __name__ == "__main__":
    sys.exit(main())
