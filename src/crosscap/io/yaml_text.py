"""YAML as data alone: no tag constructs an object, and the parser in C is used where PyYAML has it."""

from __future__ import annotations

from typing import Any

import yaml

_Loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # both are safe; the C one is ten times faster


def parse_yaml(content: bytes | str) -> Any:
    """The value of one document.

    Raises:
        yaml.YAMLError: it is no YAML, or has a tag of another language's objects.
    """
    return yaml.load(content, Loader=_Loader)  # noqa: S506, it is safe
