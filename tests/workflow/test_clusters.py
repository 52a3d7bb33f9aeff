"""The workflow on clusters: the real executors against a queue, a Slurm and a Kubernetes that are made here."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.workflow.conftest import REPOSITORY, Project
from tests.workflow.fake_clusters import kubernetes, queue, slurm
from tests.workflow.fake_clusters.node import make_node

EXECUTORS = Path(sys.prefix) / "cluster-plugins"  # `make test` installs them
META = {
    "draw": {"threads": 1, "memory_mb": 300, "runtime_minutes": 5},
    "count": {"threads": 2, "memory_mb": 700, "gpu": 1, "runtime_minutes": 90},
    "evaluate": {"threads": 1, "memory_mb": 400, "runtime_minutes": 10},
}


@pytest.fixture
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder beside the project, which fills the other one."""
    return tmp_path_factory.mktemp("cluster")


@pytest.fixture
def cluster_project(project: Project) -> Project:
    """The project with resources declared."""
    path = project.root / "dvc.yaml"
    definition = yaml.safe_load(path.read_text())
    for name, meta in META.items():
        definition["stages"][name]["meta"] = meta
    path.write_text(yaml.safe_dump(definition, sort_keys=False))
    return project


def submit(project: Project, *arguments: str) -> None:
    """Run Snakemake with the executors of clusters, which are not in the environment: they slow every start."""
    assert (EXECUTORS / "snakemake_executor_plugin_slurm").is_dir(), "run `make cluster-plugins` (part of `make test`)"
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PYTHONPATH", f"{EXECUTORS}{os.pathsep}{REPOSITORY / 'workflow/executors'}")
        project.run("snakemake", *arguments)


def profile(name: str) -> list[str]:
    return ["--profile", f"workflow/profiles/{name}", "--latency-wait", "20"]


def results(project: Project) -> dict[str, str]:
    files = [*(project.root / "data").rglob("*.txt"), *(project.root / "reports").rglob("*.json")]
    return {str(file.relative_to(project.root)): file.read_text() for file in sorted(files)}


def expected(targets: tuple[str, ...]) -> dict[str, str]:
    """What an undisturbed local run leaves: three numbers drawn, scaled by 2."""
    files = {f"data/drawn/{number}.txt": str(number) for number in range(3)}
    for target in targets:
        files |= {f"data/count_{target}.txt": "6", f"reports/{target}.json": '{"count": 6}'}
    return files


def assert_settled(project: Project, targets: tuple[str, ...]) -> None:
    """Right results, and neither engine has anything left to do."""
    assert results(project) == expected(targets)
    assert project.dvc_is_clean()
    assert "Nothing to be done" in project.run("snakemake", "-n")


SCATTERED = """
import pathlib, sys, time, yaml
scale = yaml.safe_load(open("params.yaml"))["count"]["scale"]
drawn = sorted(pathlib.Path("data/drawn").iterdir())
parts = pathlib.Path("work/parts"); parts.mkdir(parents=True, exist_ok=True)
if "--map" in sys.argv:
    number, tasks = map(int, sys.argv[-1].split("/"))
    if number == 0 and not pathlib.Path(BEGUN).exists():  # the first time: leave half a result and hang
        (parts / "0").write_text("half"); pathlib.Path(BEGUN).touch(); time.sleep(300)
    (parts / str(number)).write_text(str(len(drawn[number::tasks])))
else:
    total = scale * sum(int((parts / str(number)).read_text()) for number in range(2))
    pathlib.Path(f"data/count_{sys.argv[1]}.txt").write_text(str(total))
"""


def test_jobs_run_on_a_bare_node_out_of_order_and_a_killed_one_is_sent_again(
    cluster_project: Project, folder: Path
) -> None:
    environment = make_node(folder)
    opening = subprocess.run([sys.executable, "-c", "import dvc.repo"], env=environment, stderr=subprocess.PIPE)
    assert b"a job on a node imports dvc.repo" in opening.stderr, "the node does not guard the DVC repository"
    (folder / "environment.json").write_text(json.dumps(environment))
    (folder / "victim").write_text("count_zh_map")
    (cluster_project.root / "stages/count.py").write_text(SCATTERED.replace("BEGUN", repr(str(folder / "begun"))))
    scatter = "scatter: {map: 'python stages/count.py zh --map'}"
    cluster_project.replace("dvc.yaml", "memory_mb: 700", f"memory_mb: 700\n      {scatter}")
    cluster_project.replace("params.yaml", "[zh, de]", "[zh]")

    command = f"{sys.executable} -S {queue.__file__} {folder}"
    commands = [f"--cluster-generic-{name}-cmd={command} {name}" for name in ("submit", "status")]
    options = "--executor cluster-generic --jobs 4 --retries 1 --seconds-between-status-checks 1 --config scatter=2"
    submit(cluster_project, *commands, *options.split())

    events = [line.split() for line in (folder / "log").read_text().splitlines()]
    submitted = [job for event, job in events if event == "submitted"]
    started = [job for event, job in events if event == "started"]
    assert submitted == ["draw:000", "count_zh_map:001", "count_zh_map:002", *submitted[3:]]
    assert started[:3] == ["draw:000", "count_zh_map:002", "count_zh_map:001"], "the newest job goes first"
    assert [job.partition(":")[0] for job in submitted[3:]] == ["count_zh_map", "count_zh", "evaluate_zh"]
    assert [event for event, _ in events].count("killed") == 1
    assert_settled(cluster_project, ("zh",))


MEETING = """
import time
def meet(stage, seconds):
    other = {"zh": "de", "de": "zh"}[sys.argv[1]]
    here, there = pathlib.Path(f"{stage}_{sys.argv[1]}.here"), pathlib.Path(f"{stage}_{other}.here")
    here.touch()
    end = time.monotonic() + seconds
    while time.monotonic() < end and not there.exists():
        time.sleep(0.05)
    with open("met", "a") as stream:
        print(stage, there.exists(), file=stream)
    return here
"""


def test_gpu_stages_take_turns_and_others_run_side_by_side(cluster_project: Project) -> None:
    # Each stage waits for its sister: `count` needs the GPU and must not meet it, `evaluate` must.
    for stage, end in (("count", 'meet("count", 3).unlink()'), ("evaluate", 'meet("evaluate", 60)')):
        path = cluster_project.root / f"stages/{stage}.py"
        path.write_text(f"{path.read_text()}{MEETING}{end}\n")
    cluster_project.run("snakemake", *profile("local"), "--cores", "4")
    met = sorted((cluster_project.root / "met").read_text().splitlines())
    assert met == ["count False", "count False", "evaluate True", "evaluate True"]


def test_slurm_is_asked_for_what_each_stage_declares(
    cluster_project: Project, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    environment = make_node(folder / "node")
    name = "snakemake_executor_plugin_slurm_jobstep"  # all that a job needs; importing the others would take seconds
    (Path(environment["PYTHONPATH"]) / name).symlink_to(EXECUTORS / name)
    (folder / "environment.json").write_text(json.dumps(environment))
    (folder / "bin").mkdir()
    for name in slurm.PROGRAMS:
        program = folder / "bin" / name
        program.write_text(f"#!{sys.executable}\n{Path(slurm.__file__).read_text()}")
        program.chmod(0o755)
    partitions = {"cpu": {"max_runtime": 120, "max_gpu": 0}, "gpu": {"max_runtime": 120, "max_gpu": 2}}
    (folder / "partitions.yaml").write_text(yaml.safe_dump({"partitions": partitions}))
    monkeypatch.setenv("PATH", str(folder / "bin"), prepend=os.pathsep)
    monkeypatch.setenv("FAKE_SLURM", str(folder))
    cluster_project.replace("params.yaml", "[zh, de]", "[zh]")

    quick = "--slurm-init-seconds-before-status-checks 1 --seconds-between-status-checks 1"
    options = f"{quick} --slurm-partition-config {folder / 'partitions.yaml'}"
    submit(cluster_project, *profile("slurm"), *options.split())

    calls = [json.loads(line) for line in (folder / "calls.jsonl").read_text().splitlines()]
    jobs = {slurm.option(call, "--comment"): call for call in calls if call[0] == "sbatch"}
    assert set(jobs) == {"rule_draw", "rule_count_zh", "rule_evaluate_zh"}
    for rule, call in jobs.items():
        meta = META[rule.split("_")[1]]
        partition = "gpu" if "gpu" in meta else "cpu"
        asked = [slurm.option(call, name) for name in ("--mem", "-t", "-p", "-A")]
        assert asked == [str(meta["memory_mb"]), str(meta["runtime_minutes"]), partition, "research"]
        assert slurm.option(call, "-D") == str(cluster_project.root)
        assert ("--gpus=1" in call) == ("gpu" in meta)
        assert f"--cpus-per-task={meta['threads']}" in call
        assert "--requeue" in call
    steps = [call for call in calls if call[0] == "srun"]
    assert sum("--cpus-per-task=2" in step and "--gpus=1" in step for step in steps) == 1
    assert_settled(cluster_project, ("zh",))


def test_kubernetes_gets_pods_with_the_stages_resources_and_the_shared_volume(
    cluster_project: Project, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    cluster_project.replace("params.yaml", "[zh, de]", "[zh]")
    cluster = kubernetes.Cluster(folder, make_node(folder / "node"), doomed=True)
    with kubernetes.serve(cluster):
        monkeypatch.setenv("KUBECONFIG", str(cluster.write_configuration()))
        monkeypatch.setenv("NO_PROXY", "127.0.0.1")
        volume = f"--kubernetes-volume-persistent-volumes captions:{cluster_project.root}"
        options = f"{volume} --container-image registry.example.org/crosscap:1 --seconds-between-status-checks 1"
        submit(cluster_project, *profile("kubernetes"), *options.split())

    def job_of(rule: str) -> list[str]:
        return [name for name in cluster.jobs if f"--allowed-rules {rule}" in cluster.container(name)["args"][1]]

    assert len(job_of("draw")) == 2, "the pod that was killed is sent again"
    assert any(request.endswith("/log?container=snakemake") for request in cluster.requests), "its log is read"
    for rule, gpu in (("draw", None), ("count_zh", "1"), ("evaluate_zh", None)):
        name = job_of(rule)[-1]
        pod, container = cluster.jobs[name]["spec"]["template"]["spec"], cluster.container(name)
        meta = META[rule.partition("_")[0]]
        assert container["image"] == "registry.example.org/crosscap:1"
        assert container["command"] == ["/bin/sh"]
        assert container["args"][1].startswith(f"cd {cluster_project.root} && ")
        assert {"name": "captions", "persistentVolumeClaim": {"claimName": "captions"}} in pod["volumes"]
        assert {"name": "captions", "mountPath": str(cluster_project.root)} in container["volumeMounts"]
        assert container["resources"]["requests"] == resources(meta, cpu_share=0.95, gpu=gpu)
        assert container["resources"]["limits"] == resources(meta, cpu_share=1, gpu=gpu)
        assert bool(pod.get("tolerations")) == bool(gpu)
        assert pod["restartPolicy"] == "Never"
    assert_settled(cluster_project, ("zh",))


def resources(meta: dict[str, Any], cpu_share: float, gpu: str | None) -> dict[str, str]:
    asked = {
        "cpu": f"{int(meta['threads'] * cpu_share * 1000)}m",
        "memory": f"{meta['memory_mb']}M",
        "ephemeral-storage": "10000M",
    }
    return asked | ({"nvidia.com/gpu": gpu} if gpu else {})


def test_results_of_the_local_profile_travel_through_a_dvc_remote_and_nothing_runs_again(
    cluster_project: Project, folder: Path
) -> None:
    remote, clone = folder / "remote", folder / "project"
    cluster_project.run("snakemake", *profile("local"))
    assert_settled(cluster_project, ("zh", "de"))
    cluster_project.run("dvc", "remote", "add", "--default", "shared", str(remote))
    cluster_project.run("dvc", "push")
    with open(cluster_project.root / ".gitignore", "a") as stream:
        stream.write("/work/\n/.snakemake/\n__pycache__/\n")
    author = ["-c", "user.name=n", "-c", "user.email=n@example.org"]
    cluster_project.run("git", "add", "--all")
    cluster_project.run("git", *author, "commit", "--quiet", "--message", "results")
    cluster_project.run("git", "clone", "--quiet", str(cluster_project.root), str(clone))
    shutil.rmtree(cluster_project.root)  # all that is left is the clone and the remote

    fresh = Project(clone)
    assert not (clone / "data/drawn").exists()
    fresh.run("dvc", "pull")
    assert "up to date" in fresh.run("dvc", "repro")
    assert_settled(fresh, ("zh", "de"))
