# Snakemake over dvc.yaml: one rule a stage, made from the stages as DVC resolves them. Nothing is defined here.
# The default target is eval_unison; `all` makes everything; each stage has a rule of its own name.
# `--config scatter=8` splits each stage that has meta.scatter into 8 map tasks; the stage itself then gathers.
import sys

sys.path.insert(0, workflow.basedir)
from workflow.session import Session, map_stamp, task_count

SESSION = Session(workflow, workflow.is_main_process)
STAGES, KEYS, STAMPS = SESSION.stages, SESSION.keys, SESSION.stamps
TASKS = task_count(config.get("scatter", 1))
SHOWN = ("evaluate", "evaluate_stages", "write_report")


def maps(stage):
    if TASKS == 1 or stage.map_command is None:
        return []
    return expand(map_stamp(stage, KEYS[stage.name], TASKS), task=[f"{task:05d}" for task in range(TASKS)])


wildcard_constraints:
    task=r"\d+",


rule eval_unison:
    default_target: True
    input:
        [STAMPS[name] for name, stage in STAGES.items() if stage.group in SHOWN],


rule all:
    input:
        list(STAMPS.values()),


for stage in STAGES.values():

    rule:
        name:
            stage.rule
        input:
            [STAMPS[other] for other in stage.upstream],
            maps(stage),
        output:
            STAMPS[stage.name],
        params:
            stage=stage.name,
            key=KEYS[stage.name],
            python=sys.executable,
        threads: stage.meta.get("threads", 1)
        resources:
            **({"gpu": stage.meta["gpu"]} if stage.meta.get("gpu") else {}),
            mem_mb=stage.meta.get("memory_mb", 2000),
            runtime=stage.meta.get("runtime_minutes", 60),
        shell:
            "{params.python:q} -m workflow.run_stage {params.stage:q} {params.key:q} --cores {threads}"

    if maps(stage):

        rule:
            name:
                f"{stage.rule}_map"
            input:
                [STAMPS[other] for other in stage.upstream],
            output:
                temp(map_stamp(stage, KEYS[stage.name], TASKS)),
            params:
                stage=stage.name,
                key=KEYS[stage.name],
                tasks=TASKS,
                python=sys.executable,
            threads: stage.meta.get("threads", 1)
            resources:
                **({"gpu": stage.meta["gpu"]} if stage.meta.get("gpu") else {}),
                mem_mb=stage.meta.get("memory_mb", 2000),
                runtime=stage.meta.get("runtime_minutes", 60),
            shell:
                "{params.python:q} -m workflow.run_stage {params.stage:q} {params.key:q} --cores {threads}"
                " --task {wildcards.task}/{params.tasks} --done {output:q}"


onstart:
    SESSION.start()
