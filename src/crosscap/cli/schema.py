"""``crosscap schema``: the JSON schema of ``params.yaml``, for editors."""

from __future__ import annotations

import argparse

from crosscap.config.schema import json_schema


def add_arguments(parser: argparse.ArgumentParser) -> None:
    del parser  # no options


def run(arguments: argparse.Namespace) -> int:
    del arguments
    print(json_schema(), end="")
    return 0
