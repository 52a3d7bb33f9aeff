"""``crosscap check``: every key of ``params.yaml`` is known and has a value of the right type."""

from __future__ import annotations

import argparse

from crosscap.config.schema import load_parameters


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--params", default="params.yaml", metavar="FILE", help="the file to check")


def run(arguments: argparse.Namespace) -> int:
    load_parameters(arguments.params)
    return 0
