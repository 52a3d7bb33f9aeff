"""The pages that people read, and what stands in them: links, headings, blocks of code, names in backticks."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

REPOSITORY = Path(__file__).parents[2]

FENCE = re.compile(r"^ *```.*?\n(.*?)^ *```", re.MULTILINE | re.DOTALL)
INDENTED = re.compile(r"(?:^|\n\n)((?:    .*\n|\n)+)")
LINK = re.compile(r"\]\(([^)\s]+)\)")
HEADING = re.compile(r"^#+ (.*)$", re.MULTILINE)
NAME = re.compile(r"`([^`\n]+)`")


@dataclass(frozen=True)
class Page:
    path: Path

    @property
    def text(self) -> str:
        return self.path.read_text(encoding="utf-8")

    @property
    def prose(self) -> str:
        """The page without fenced blocks."""
        return FENCE.sub("", self.text)

    @property
    def blocks(self) -> list[str]:
        """Blocks of code, fenced or indented."""
        return [*FENCE.findall(self.text), *INDENTED.findall(self.prose)]

    @property
    def names(self) -> list[str]:
        """What stands in backticks."""
        return NAME.findall(self.prose)

    @property
    def links(self) -> list[str]:
        return LINK.findall(self.prose)

    @property
    def anchors(self) -> set[str]:
        """Of headings, as GitHub makes them: lowercase, without punctuation, spaces as hyphens."""
        titles = [heading.replace("`", "") for heading in HEADING.findall(self.prose)]
        return {re.sub(r"[^\w -]", "", title.lower()).replace(" ", "-") for title in titles}

    def commands(self, program: str) -> Iterator[list[str]]:
        """Words behind ``program`` wherever it is called, in blocks and in backticks; continued lines are joined."""
        for code in [*self.blocks, *self.names]:
            for line in code.replace("\\\n", " ").splitlines():
                for call in re.findall(rf"(?:^|[;&|$] ?)\s*{program} ([^#;&|]*)", line):
                    yield call.split()


PAGES = [Page(path) for path in (REPOSITORY / "README.md", REPOSITORY / "CONTRIBUTING.md")]
PAGES += [Page(path) for path in sorted((REPOSITORY / "docs").glob("*.md"))]
