"""Names of UNISON's trained models: a variant, then what differs from the parameters: ``hgm``, ``gm_word-no_kl-seed2``.

A name is an entry of ``phase1.variants`` and a folder below ``models/phase1/T``. What a name says wins over
``params.yaml``, so that one DAG holds the models of a whole ablation.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

VARIANTS = ("gen", "gm_base", "gm_word", "gm_word_sub", "hgm_base", "hgm")
"""The rows of the paper's table 3, weakest first."""

_SEED = re.compile(r"seed([1-9][0-9]{0,5})")


@dataclass(frozen=True)
class RunName:
    """What the name of a model says.

    Attributes:
        variant: one of `VARIANTS`.
        raw: ``raw``, graphs of the sentences alone, without their paraphrases (the paper's tables 1 and 7).
        no_kl: ``no_kl``, L_KL is left out (table 4).
        pooled: ``pooled``, one gate a graph after the encoder (released code) instead of one a node.
        seed: ``seedN``, in the place of the seeds of phase 1 and phase 2; ``None``: those of the parameters.
        captions: ``captions``, fine-tuned on unpaired captions in the target language (table 2).
    """

    variant: str
    raw: bool = False
    no_kl: bool = False
    pooled: bool = False
    seed: int | None = None
    captions: bool = False

    @classmethod
    def parse(cls, name: str) -> RunName:
        """Read a name.

        Raises:
            ValueError: no such variant or modifier, modifiers in another order than the one of `str`, or ``pooled``
                of another variant than hgm.
        """
        variant, *modifiers = name.split("-")
        seeds = [int(found[1]) for word in modifiers if (found := _SEED.fullmatch(word))]
        flags = {word: word in modifiers for word in ("raw", "no_kl", "pooled", "captions")}
        run = cls(variant, seed=seeds[0] if seeds else None, **flags)
        if variant not in VARIANTS or str(run) != name:
            raise ValueError(
                f"{name!r}: a model's name is one of {', '.join(VARIANTS)}, then any of "
                "-raw, -no_kl, -pooled, -seedN, -captions, in this order"
            )
        if run.pooled and variant != "hgm":
            raise ValueError(f"{name!r}: -pooled says where hgm has its gate, {variant} has none")
        return run

    def __str__(self) -> str:
        flags = [word for word in ("raw", "no_kl", "pooled") if getattr(self, word)]
        seed = [] if self.seed is None else [f"seed{self.seed}"]
        return "-".join([self.variant, *flags, *seed, *(["captions"] if self.captions else [])])

    def seed_or(self, seed: int) -> int:
        """The seed of this run, ``seed`` where its name has none."""
        return seed if self.seed is None else self.seed

    @property
    def graph_suffix(self) -> str:
        """What stands after the target's name in ``data/sentence_graphs/``."""
        return "_raw" if self.raw else ""

    @property
    def without_captions(self) -> RunName:
        """The model that this one was fine-tuned from."""
        return replace(self, captions=False)
