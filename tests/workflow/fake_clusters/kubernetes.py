"""A server that speaks as much of Kubernetes' API as Snakemake asks, and runs a job's container as a process."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit


@dataclass
class Cluster:
    """What was asked of the server.

    Attributes:
        folder: each job's log, and its empty working directory.
        environment: that of every container.
        doomed: whether the first pod is killed as soon as it runs.
        jobs: the submitted jobs as they came over the wire, by name.
    """

    folder: Path
    environment: dict[str, str]
    doomed: bool = False
    address: str = ""
    jobs: dict[str, dict[str, Any]] = field(default_factory=dict)
    processes: dict[str, subprocess.Popen[bytes]] = field(default_factory=dict)
    requests: list[str] = field(default_factory=list)

    def write_configuration(self) -> Path:
        """The file that KUBECONFIG names."""
        path = self.folder / "kubeconfig"
        context = {"name": "here", "context": {"cluster": "here", "user": "me"}}
        document = {"apiVersion": "v1", "kind": "Config", "current-context": "here", "contexts": [context]}
        document |= {
            "clusters": [{"name": "here", "cluster": {"server": self.address}}],
            "users": [{"name": "me", "user": {}}],
        }
        path.write_text(json.dumps(document))
        return path

    def container(self, job: str) -> dict[str, Any]:
        (container,) = self.jobs[job]["spec"]["template"]["spec"]["containers"]
        return container

    def start(self, job: dict[str, Any]) -> None:
        name = job["metadata"]["name"]
        self.jobs[name] = job
        container = self.container(name)
        workdir = self.folder / name
        workdir.mkdir()
        with open(self.folder / f"{name}.log", "wb") as log:
            command = [*container["command"], *container["args"]]
            self.processes[name] = subprocess.Popen(
                command, cwd=workdir, env=self.environment, stdout=log, stderr=log, start_new_session=True
            )
        if self.doomed:
            self.doomed = False
            os.killpg(self.processes[name].pid, signal.SIGKILL)

    def state(self, name: str) -> dict[str, Any]:
        code = self.processes[name].poll()
        return {"running": {}} if code is None else {"terminated": {"exitCode": code if code >= 0 else 128 - code}}

    def answer(self, method: str, path: str, query: dict[str, list[str]], body: Any) -> tuple[int, Any]:
        """Status and answer to one request."""
        name = path.rpartition("/")[2]
        if method == "POST" and name == "jobs":
            self.start(body)
        if method in ("POST", "DELETE"):
            return (201, body) if method == "POST" else (200, {"kind": "Status", "status": "Success"})
        if name == "status":
            job = path.split("/")[-2]
            state = self.state(job)
            ended = state.get("terminated")
            counts = {"active": 1} if not ended else {"failed": 1} if ended["exitCode"] else {"succeeded": 1}
            return 200, {"kind": "Job", "metadata": {"name": job}, "status": counts}
        if name == "pods":
            job = query["labelSelector"][0].removeprefix("job-name=")
            container = {"name": "snakemake", "state": self.state(job), "image": "", "imageID": "", "ready": True}
            status = {"containerStatuses": [{**container, "restartCount": 0}]}
            return 200, {"kind": "PodList", "items": [{"metadata": {"name": f"{job}-pod"}, "status": status}]}
        if name == "log" and "previous" not in query:
            return 200, (self.folder / f"{path.split('/')[-2].removesuffix('-pod')}.log").read_text()
        return 400, {"kind": "Status", "message": f"previous terminated container not found: {path}"}


@contextmanager
def serve(cluster: Cluster) -> Iterator[Cluster]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(cluster))
    cluster.address = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield cluster
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def _handler(cluster: Cluster) -> type[BaseHTTPRequestHandler]:
    def handle(request: BaseHTTPRequestHandler) -> None:
        length = int(request.headers.get("Content-Length") or 0)
        body = json.loads(request.rfile.read(length) or "null")
        url = urlsplit(request.path)
        cluster.requests.append(f"{request.command} {request.path}")
        status, answer = cluster.answer(request.command, url.path, parse_qs(url.query), body)
        data = (answer if isinstance(answer, str) else json.dumps(answer)).encode()
        request.send_response(status)
        request.send_header("Content-Type", "text/plain" if isinstance(answer, str) else "application/json")
        request.send_header("Content-Length", str(len(data)))
        request.end_headers()
        request.wfile.write(data)

    methods: dict[str, Callable[..., None]] = {f"do_{method}": handle for method in ("GET", "POST", "DELETE")}
    return type("Handler", (BaseHTTPRequestHandler,), {**methods, "log_message": lambda *_: None})
