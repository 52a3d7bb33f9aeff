"""Have DVC record stages as they stand, in ``dvc.lock`` and in its cache."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import chdir
from pathlib import Path


def commit_stages(names: Iterable[str], root: Path = Path()) -> None:
    """What ``dvc commit --force`` does, for exactly these stages.

    ``dvc commit`` reads and writes the whole file for each stage anew, a second and more each time; this does it once.

    Raises:
        dvc.exceptions.DvcException: an output is missing, or another process of DVC works here.
    """
    from dvc.repo import Repo, lock_repo  # slow to import, and not needed on a cluster's nodes

    with chdir(root), Repo() as repository, lock_repo(repository):  # DVC looks at the run cache from where it stands
        by_name = {stage.addressing: stage for stage in repository.index.stages}
        stages = [by_name[name] for name in names]
        for stage in stages:
            stage.save()
            stage.commit()
        if stages:
            stages[0].dvcfile.dump_stages(stages, update_pipeline=False)
