"""One page in headless Chromium: what a reader does to it and what it then says."""

from __future__ import annotations

import base64
import json
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Protocol

# Keys that are no character: name → Windows virtual key code, which is what the browser's own behaviour looks at.
KEYS = {
    "Backspace": 8,
    "Tab": 9,
    "Enter": 13,
    "Escape": 27,
    " ": 32,
    "PageUp": 33,
    "PageDown": 34,
    "End": 35,
    "Home": 36,
    "ArrowLeft": 37,
    "ArrowUp": 38,
    "ArrowRight": 39,
    "ArrowDown": 40,
}
TEXTS = {"Enter": "\r", " ": " "}
SHIFT = 8
PATIENCE = 60.0  # seconds in which something must become true, on a busy machine


class DevToolsError(RuntimeError):
    """The browser refused a command, a script in the page failed, or something did not come in time."""


class Browser(Protocol):
    """What a tab needs of its browser: `tests.report.chromium.Chromium`."""

    def command(self, method: str, values: Mapping[str, Any] | None = None, session: str = "") -> dict[str, Any]:
        """Send a command and wait for its answer."""

    def wait(self, condition: Callable[[], bool], name: str) -> None:
        """Read what the browser says until ``condition`` holds."""


class Tab:
    """One page.

    Attributes:
        requests: addresses of everything that it asked for, itself included.
        problems: exceptions, errors written to the console, and what the browser itself complained of.
    """

    def __init__(self, browser: Browser, session: str, target: str) -> None:
        self._browser, self._session, self._target = browser, session, target
        self._loaded = False
        self.requests: list[str] = []
        self.problems: list[str] = []

    def notice(self, method: str, values: Mapping[str, Any]) -> None:
        """Take note of an event."""
        if method == "Page.loadEventFired":
            self._loaded = True
        elif method == "Network.requestWillBeSent":
            self.requests.append(values["request"]["url"])
        elif method == "Runtime.exceptionThrown":
            self.problems.append(_message(values["exceptionDetails"]))
        elif method == "Log.entryAdded" and values["entry"]["level"] == "error":
            self.problems.append(values["entry"]["text"])
        elif method == "Runtime.consoleAPICalled" and values["type"] in ("error", "assert"):
            self.problems.append(" ".join(str(value.get("value", value)) for value in values["args"]))

    def command(self, method: str, values: Mapping[str, Any] | None = None) -> dict[str, Any]:
        """A command to this page; errors as `Chromium.command`."""
        return self._browser.command(method, values, self._session)

    def go(self, page: str | Path) -> None:
        """Load ``page`` and wait for its load event; a change of the fragment alone loads nothing."""
        address = page.resolve().as_uri() if isinstance(page, Path) else page
        self._loaded = False
        answer = self.command("Page.navigate", {"url": address})
        if "errorText" in answer:
            raise DevToolsError(f"{address}: {answer['errorText']}")

        if "loaderId" in answer:
            self._browser.wait(lambda: self._loaded, address)

    def size(self, width: int, height: int, touch: bool = False) -> None:
        """Resize the window."""
        values = {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": touch}
        self.command("Emulation.setDeviceMetricsOverride", values)
        self.command("Emulation.setTouchEmulationEnabled", {"enabled": touch})

    def evaluate(self, expression: str) -> Any:
        """The value of a JavaScript expression, as JSON gives it; a promise is awaited.

        Raises:
            DevToolsError: it threw.
        """
        values = {"expression": expression, "returnByValue": True, "awaitPromise": True, "userGesture": True}
        answer = self.command("Runtime.evaluate", values)
        if "exceptionDetails" in answer:
            raise DevToolsError(_message(answer["exceptionDetails"]))
        return answer["result"].get("value")

    def wait_for(self, expression: str, seconds: float = PATIENCE) -> Any:
        """Evaluate until the value is true, and return it."""
        end = time.monotonic() + seconds
        while not (value := self.evaluate(expression)):
            if time.monotonic() > end:
                raise DevToolsError(f"never true in {seconds:g} s: {expression}")
            time.sleep(0.02)
        return value

    def press(self, key: str, shift: bool = False) -> None:
        """Press a key of the keyboard: one of `KEYS` or a character."""
        text = TEXTS.get(key, key if len(key) == 1 else "")
        letter = ord(key.upper()) if len(key) == 1 and key.isalnum() and key.isascii() else 0
        code = KEYS.get(key, letter)
        values = {"key": key, "windowsVirtualKeyCode": code, "modifiers": SHIFT if shift else 0}
        self.command("Input.dispatchKeyEvent", {**values, "type": "keyDown" if text else "rawKeyDown", "text": text})
        self.command("Input.dispatchKeyEvent", {**values, "type": "keyUp"})

    def write(self, text: str) -> None:
        """Insert ``text`` where the cursor is, as an input method does."""
        self.command("Input.insertText", {"text": text})

    def click(self, selector: str) -> None:
        """Click the middle of the first element that matches, where a person would see it."""
        x, y = self._middle(selector)
        for kind in ("mousePressed", "mouseReleased"):
            values = {"type": kind, "x": x, "y": y, "button": "left", "clickCount": 1}
            self.command("Input.dispatchMouseEvent", values)

    def tap(self, selector: str) -> None:
        """Touch it, as on a phone."""
        x, y = self._middle(selector)
        self.command("Input.dispatchTouchEvent", {"type": "touchStart", "touchPoints": [{"x": x, "y": y}]})
        self.command("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})

    def screenshot(self, path: Path, whole: bool = False) -> None:
        """Write what is seen as PNG; ``whole``: the page from top to bottom."""
        data = self.command("Page.captureScreenshot", {"format": "png", "captureBeyondViewport": whole})["data"]
        path.write_bytes(base64.b64decode(data))

    def close(self) -> None:
        """Close the tab."""
        self._browser.command("Target.closeTarget", {"targetId": self._target})

    def _middle(self, selector: str) -> tuple[float, float]:
        box = self.evaluate(
            f"(e => {{ if (!e) return null; e.scrollIntoView({{block: 'center', behavior: 'instant'}});"
            " const b = e.getBoundingClientRect();"
            " return b.width && b.height ? [b.x + b.width / 2, b.y + b.height / 2] : null; })"
            f"(document.querySelector({json.dumps(selector)}))"
        )
        if box is None:
            raise DevToolsError(f"nothing to be seen matches {selector}")
        return box[0], box[1]


def _message(details: Mapping[str, Any]) -> str:
    return str(details.get("exception", {}).get("description") or details.get("text"))
