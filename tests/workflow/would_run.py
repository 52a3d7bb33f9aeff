"""What each engine would run now, asked in this process: a hundred answers take no longer than two engine starts."""

from __future__ import annotations

from contextlib import chdir, redirect_stderr, redirect_stdout
from io import StringIO
from pathlib import Path

from dvc.repo import Repo
from snakemake.api import DAGSettings, OutputSettings, ResourceSettings, SnakemakeApi

from workflow.dag import downstream_of, load_stages


def dvc_would_run(root: Path, repository: Repo | None = None) -> set[str]:
    """Names of the stages that `dvc status` finds changed, and of all that depend on them.

    An open ``repository`` has read ``dvc.yaml`` already; parameters, code and data it reads anew each time.
    """
    with chdir(root):  # else DVC names the stages by the way to them
        return downstream_of(load_stages(root), (repository or Repo()).status())


def snakemake_would_run(root: Path) -> set[str]:
    """Names of the stages whose jobs are in `snakemake -n all`."""
    rules = {stage.rule: name for name, stage in load_stages(root).items()}
    with redirect_stdout(StringIO()), redirect_stderr(StringIO()), SnakemakeApi(OutputSettings()) as api:
        workflow = api.workflow(ResourceSettings(cores=1), snakefile=root / "Snakefile", workdir=root)
        workflow.dag(DAGSettings(targets={"all"})).execute_workflow(executor="dryrun")
        # A dry run counts its jobs as finished.
        jobs = workflow._workflow.dag.needrun_jobs(exclude_finished=False)
        return {rules[job.rule.name] for job in jobs if job.rule.name in rules}
