"""``crosscap check``: every key of ``params.yaml`` is known and has a value of the right type, languages included."""

from __future__ import annotations

import argparse

from crosscap.config.languages import LanguageSettings
from crosscap.config.loader import read_yaml, validate_section
from crosscap.config.schema import load_parameters
from crosscap.text.tokenizers import check_language


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--params", default="params.yaml", metavar="FILE", help="the file to check")


def run(arguments: argparse.Namespace) -> int:
    # Before the other sections, which would say less of a language that nothing knows.
    if "languages" in (sections := read_yaml(arguments.params)):
        languages = validate_section(LanguageSettings, "languages", sections["languages"], arguments.params)
        for language in (languages.source, *languages.targets):
            check_language(language)
    load_parameters(arguments.params)
    return 0
