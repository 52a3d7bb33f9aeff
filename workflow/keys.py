"""A key names one result of a stage: the same command, parameters, code and inputs, the same key."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping

from workflow.dag import Stage, leaf_inputs
from workflow.digests import Digests


def stage_keys(stages: Mapping[str, Stage], digests: Digests) -> dict[str, str]:
    """The key of every stage. A change reaches the keys of everything downstream."""
    keys: dict[str, str] = {}
    leaves = leaf_inputs(stages)
    for name, stage in stages.items():
        record = {
            "command": stage.command,
            "outputs": stage.outputs,
            "parameters": dict(stage.parameters),
            "inputs": {path: digests[path] for path in leaves[name]},
            "upstream": {other: keys[other] for other in stage.upstream},
        }
        keys[name] = hashlib.sha256(json.dumps(record, sort_keys=True, default=str).encode()).hexdigest()[:20]
    return keys
