# Snakemake over dvc.yaml: one rule a stage, made from the stages as DVC resolves them. Nothing is defined here.
# The default target is eval_unison; `all` makes everything; each stage has a rule of its own name.
import sys
from pathlib import Path

sys.path.insert(0, workflow.basedir)
from workflow.dag import load_stages
from workflow.keys import stage_keys
from workflow.stamps import commit_to_dvc, refresh_stamps, stamp_path

STAGES = load_stages()
KEYS = stage_keys(STAGES)
STAMPS = {name: str(stamp_path(stage, KEYS[name])) for name, stage in STAGES.items()}
ON_A_NODE = not workflow.is_main_process

if not ON_A_NODE:
    # A killed run left its stages stamped but not in dvc.lock: record them now.
    commit_to_dvc(STAGES, refresh_stamps(STAGES, KEYS))


rule eval_unison:
    default_target: True
    input:
        [STAMPS[name] for name, stage in STAGES.items() if stage.group in ("evaluate", "evaluate_stages", "write_report")],


rule all:
    input:
        list(STAMPS.values()),


for stage in STAGES.values():

    rule:
        name:
            stage.rule
        input:
            [STAMPS[other] for other in stage.upstream],
        output:
            STAMPS[stage.name],
        params:
            stage=stage.name,
            key=KEYS[stage.name],
        threads: stage.meta.get("threads", 1)
        resources:
            gpu=int(stage.meta.get("gpu", 0)),
            mem_mb=stage.meta.get("memory_mb", 2000),
            runtime=stage.meta.get("runtime_minutes", 60),
        shell:
            "python -m workflow.run_stage {params.stage:q} {params.key:q}"


onsuccess:
    commit_to_dvc(STAGES, refresh_stamps(STAGES, KEYS))


onerror:
    commit_to_dvc(STAGES, refresh_stamps(STAGES, KEYS))
