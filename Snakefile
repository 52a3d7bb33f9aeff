# Snakemake over dvc.yaml: one rule a stage, made from the stages as DVC resolves them. Nothing is defined here.
# The default target is eval_unison; `all` makes everything; each stage has a rule of its own name.
# `snakemake --cores 2 results` also copies what `snakemake --report FILE.html results` then shows.
# `--config scatter=8` splits each stage that has meta.scatter into 8 map tasks; the stage itself then gathers.
import sys
from shlex import join

sys.path.insert(0, workflow.basedir)
from workflow.session import Session, map_stamp, task_count

SESSION = Session(workflow, workflow.is_main_process)
STAGES, KEYS, STAMPS = SESSION.stages, SESSION.keys, SESSION.stamps
TASKS = task_count(config.get("scatter", 1))
SHOWN = ("evaluate", "evaluate_stages", "write_report")
# Snakemake's own report holds outputs of rules, and those are stamps here: these stages' outputs are copied for it, to a
# folder named by the stage's key, so that a copy is never older than its stage.
REPORTED = ("compare_runs", "write_tables", "write_model_cards", "write_report")
COPIES = {
    stage.name: [f"work/results/{KEYS[stage.name]}/{path}" for path in stage.outputs]
    for stage in STAGES.values()
    if stage.group in REPORTED
}


report: "workflow/report/workflow.rst"


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


rule results:
    input:
        list(COPIES.values()),


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

    if stage.name in COPIES:

        rule:
            name:
                f"{stage.rule}_result"
            input:
                STAMPS[stage.name],
            output:
                [
                    report(
                        copy,
                        caption=f"workflow/report/{stage.group}.rst",
                        category="Results",
                        labels={"file": path},
                    )
                    for path, copy in zip(stage.outputs, COPIES[stage.name])
                ],
            params:
                copying=" && ".join(join(["cp", *paths]) for paths in zip(stage.outputs, COPIES[stage.name])),
            localrule: True
            shell:
                "{params.copying}"

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
