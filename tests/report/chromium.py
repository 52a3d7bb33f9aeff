"""A small DevTools client: headless Chromium over pipes, so that pages are tested as people use them.

Protocol: https://chromedevtools.github.io/devtools-protocol/, JSON messages separated by NUL on file descriptors 3
(to the browser) and 4 (from it). The fixture `chromium` of `tests/conftest.py` starts one for the session.
"""

from __future__ import annotations

import contextlib
import fcntl
import json
import os
import select
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from types import TracebackType
from typing import Any

from tests.report.browser_tab import DevToolsError, Tab

PROGRAMS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
TIMEOUT = 60.0  # seconds that an answer may take, on a busy machine


def program() -> str | None:
    """Where Chromium is, or None."""
    return next((path for name in PROGRAMS if (path := shutil.which(name))), None)


class Chromium:
    """A browser with an empty profile of its own; use it as a context manager."""

    def __init__(self) -> None:
        path = program()
        if path is None:
            raise DevToolsError("there is no Chromium")
        self._profile = tempfile.mkdtemp(prefix="chromium-")
        # Above 9, so that neither end is 3 or 4 already.
        (out_read, out_write), (in_read, in_write) = (_pipe_above(9), _pipe_above(9))

        def connect() -> None:
            os.dup2(out_read, 3)
            os.dup2(in_write, 4)

        options = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--hide-scrollbars"]
        options += ["--host-resolver-rules=MAP * ~NOTFOUND"]  # a page that asks for the network gets an error at once
        options += ["--no-first-run", "--disable-background-networking", "--disable-component-update", "--mute-audio"]
        self._process = subprocess.Popen(
            [path, *options, "--remote-debugging-pipe", f"--user-data-dir={self._profile}", "about:blank"],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            preexec_fn=connect,
            close_fds=False,  # 3 and 4; Python's other descriptors close themselves
            start_new_session=True,
        )
        os.close(out_read)
        os.close(in_write)
        self._to, self._from = out_write, in_read
        self._buffer = b""
        self._answers: dict[int, dict[str, Any]] = {}
        self._count = 0
        self._tabs: dict[str, Tab] = {}

    def __enter__(self) -> Chromium:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None
    ) -> None:
        with contextlib.suppress(DevToolsError, OSError):
            self.command("Browser.close")
        os.close(self._to)
        os.close(self._from)
        with contextlib.suppress(subprocess.TimeoutExpired):
            self._process.wait(10)
        with contextlib.suppress(ProcessLookupError):  # its own group: the renderers that are still there
            os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait()
        shutil.rmtree(self._profile, ignore_errors=True)

    def open(
        self,
        page: str | Path,
        width: int = 1280,
        height: int = 800,
        dark: bool = False,
        touch: bool = False,
        scripts: bool = True,
    ) -> Tab:
        """A new tab that has loaded ``page``, a file or an address.

        Args:
            width, height: of the window, in CSS pixels.
            dark: the reader prefers dark pages.
            touch: a phone: no mouse, touch events, the viewport that the page asks for.
            scripts: JavaScript is on.
        """
        target = self.command("Target.createTarget", {"url": "about:blank", "newWindow": True})["targetId"]
        session = self.command("Target.attachToTarget", {"targetId": target, "flatten": True})["sessionId"]
        tab = self._tabs[session] = Tab(self, session, target)
        for domain in ("Page", "Runtime", "Network", "Log"):
            tab.command(f"{domain}.enable")
        tab.size(width, height, touch)
        tab.command("Emulation.setFocusEmulationEnabled", {"enabled": True})
        tab.command("Emulation.setScriptExecutionDisabled", {"value": not scripts})
        features = [{"name": "prefers-color-scheme", "value": "dark" if dark else "light"}]
        tab.command("Emulation.setEmulatedMedia", {"features": features})
        tab.go(page)
        return tab

    def command(self, method: str, values: Mapping[str, Any] | None = None, session: str = "") -> dict[str, Any]:
        """Send a command and wait for its answer.

        Raises:
            DevToolsError: it was refused, or there is no answer.
        """
        self._count += 1
        number = self._count
        message = {"id": number, "method": method, "params": dict(values or {})}
        rest = json.dumps({**message, "sessionId": session} if session else message).encode() + b"\0"
        while rest:
            rest = rest[os.write(self._to, rest) :]
        self.wait(lambda: number in self._answers, method)
        answer = self._answers.pop(number)
        if "error" in answer:
            raise DevToolsError(f"{method}: {answer['error'].get('message')}")
        return dict(answer["result"])

    def wait(self, condition: Callable[[], bool], name: str) -> None:
        """Read what the browser says, and tell the tabs, until ``condition`` holds."""
        end = time.monotonic() + TIMEOUT
        while not condition():
            if not select.select([self._from], [], [], max(0.0, end - time.monotonic()))[0]:
                raise DevToolsError(f"{name}: nothing in {TIMEOUT:g} s")
            chunk = os.read(self._from, 1 << 20)
            if not chunk:
                raise DevToolsError(f"{name}: the browser has ended")
            *whole, self._buffer = (self._buffer + chunk).split(b"\0")
            for message in map(json.loads, whole):
                if "id" in message:
                    self._answers[message["id"]] = message
                elif tab := self._tabs.get(message.get("sessionId", "")):
                    tab.notice(message["method"], message["params"])


def _pipe_above(lowest: int) -> tuple[int, int]:
    ends = os.pipe()
    above = [fcntl.fcntl(end, fcntl.F_DUPFD_CLOEXEC, lowest + 1) for end in ends]
    for end in ends:
        os.close(end)
    return above[0], above[1]
