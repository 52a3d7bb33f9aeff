"""The dependency relations of Universal Dependencies v2, which all that reads a tree goes by."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from crosscap.errors import InputError

_NAMES = """
    acl advcl advmod amod appos aux case cc ccomp clf compound conj cop csubj dep det discourse dislocated expl fixed
    flat goeswith iobj list mark nmod nsubj nummod obj obl orphan parataxis punct reparandum root vocative xcomp
"""
UD_RELATIONS = frozenset(_NAMES.split())


def require_universal(model: str | Path, labels: Iterable[str]) -> None:
    """Accept the labels of a parser when they are UD's; subtypes such as ``acl:relcl`` are free.

    Raises:
        InputError: some are not; it shows the first eight.
    """
    if unknown := sorted(label for label in labels if label.partition(":")[0].lower() not in UD_RELATIONS):
        raise InputError(
            model,
            f"the dependency labels {unknown[:8]}",
            "Universal Dependencies, or the ClearNLP labels of spaCy's English models",
            "Give a model trained on a UD treebank.",
        )
