"""``snakemake --executor kubernetes-volume``: the Kubernetes executor for pods that share one volume.

The executor this builds on assumes that pods share nothing: it packs the sources, asks for an object store and copies
every file through it. Here a persistent volume holds the project at the same path in every pod, as a shared folder does
on a cluster of machines, so nothing is copied and a job is the same command as anywhere else. `make cluster` puts this
folder on the path; Snakemake finds executors by the name of their package.
"""

from __future__ import annotations

import shlex
from dataclasses import replace
from typing import Any

import kubernetes.client
import snakemake_executor_plugin_kubernetes as upstream
from kubernetes.client.exceptions import ApiException
from snakemake_interface_executor_plugins.jobs import JobExecutorInterface

ExecutorSettings = upstream.ExecutorSettings

common_settings = replace(
    upstream.common_settings,
    implies_no_shared_fs=False,
    job_deploy_sources=False,
    auto_deploy_default_storage_provider=False,
)


class Executor(upstream.Executor):
    """Submits a job as a pod that works in the project's folder on the shared volume."""

    def __post_init__(self) -> None:
        super().__post_init__()
        self.kubeapi = _CoreApi()

    def get_job_exec_prefix(self, job: JobExecutorInterface) -> str:
        return f"cd {shlex.quote(self.workflow.workdir_init)}"


class _CoreApi(kubernetes.client.CoreV1Api):
    """Reads the log of a failed pod itself: the executor asks for that of the run before it.

    A pod that is never restarted has none, and the server's refusal would end the whole workflow where one job failed.
    """

    def read_namespaced_pod_log(self, *arguments: Any, previous: bool = False, **options: Any) -> str:
        try:
            return super().read_namespaced_pod_log(*arguments, **options)
        except ApiException as error:
            return f"The cluster no longer has the log of this pod: {error.reason}\n"
