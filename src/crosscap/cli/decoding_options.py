"""Options of ``crosscap caption`` that take the place of section ``generation`` of the parameters for one call."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from crosscap.config.generation import GenerationSettings
from crosscap.config.loader import validate_section


def add_decoding_arguments(parser: argparse.ArgumentParser) -> None:
    """Every option's ``dest`` is its key within the section."""
    group = parser.add_argument_group("decoding", "instead of what section generation of the parameters says")

    def option(name: str, key: str, **how: Any) -> None:
        group.add_argument(name, dest=f"generation.{key}", **how)

    option("--sample", "method", action="store_const", const="sample", help="draw captions instead of searching")
    option("--beam", "beam", type=int, metavar="K", help="hypotheses of beam search; 1: greedy")
    option("--max-words", "max_words", type=int, metavar="N", help="longest caption")
    option("--n-best", "n_best", type=int, metavar="N", help="captions of each picture, best first")
    option("--length-norm", "length_norm.kind", choices=("none", "mean", "wu"), help="what a score is divided by")
    option("--temperature", "sampling.temperature", type=float, metavar="T", help="of --sample")
    option("--top-k", "sampling.top_k", type=int, metavar="K", help="--sample from the K likeliest words; 0: all")
    option("--top-p", "sampling.top_p", type=float, metavar="P", help="--sample from the likeliest share P")
    option("--seed", "sampling.seed", type=int, metavar="N", help="of --sample")
    option("--min-words", "constraints.min_words", type=int, metavar="N", help="shortest caption")
    option("--no-repeat", "constraints.no_repeat", type=int, metavar="N", help="write no run of N words twice")
    option("--ban", "constraints.banned_words", nargs="+", metavar="WORD", help="words that are not written")
    option("--require", "constraints.required_words", nargs="+", metavar="WORD", help="words each caption must hold")


def with_options(settings: GenerationSettings, arguments: argparse.Namespace, params: Path) -> GenerationSettings:
    """``settings`` with the options that were given.

    Raises:
        InputError: a value is out of range, or contradicts another.
    """
    values = settings.model_dump()
    for name, value in vars(arguments).items():
        if name.startswith("generation.") and value is not None:
            *outer, key = name.removeprefix("generation.").split(".")
            within = values[outer[0]] if outer else values
            within[key] = tuple(value) if isinstance(value, list) else value
    return validate_section(GenerationSettings, "generation", values, params)
