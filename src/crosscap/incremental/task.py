"""One part of a job that several processes or nodes share."""

from __future__ import annotations

import argparse
import re
from dataclasses import dataclass


@dataclass(frozen=True)
class Task:
    """One of ``count`` equal parts of a job: it has the shards whose index leaves ``number`` when divided by it."""

    number: int
    count: int

    @classmethod
    def parse(cls, text: str) -> Task:
        """``3/8`` as a command line gives it; numbers start at 0.

        Raises:
            argparse.ArgumentTypeError: no two numbers, or a number that is not below the count.
        """
        match = re.fullmatch(r"(\d{1,9})/(\d{1,9})", text, re.ASCII)
        if match is None or int(match[1]) >= int(match[2]):
            raise argparse.ArgumentTypeError(f"found {text!r}, expected NUMBER/COUNT with 0 <= NUMBER < COUNT")
        return cls(int(match[1]), int(match[2]))

    def __str__(self) -> str:
        return f"{self.number}/{self.count}"

    def has(self, index: int) -> bool:
        """Whether the shard of this index is its own."""
        return index % self.count == self.number
