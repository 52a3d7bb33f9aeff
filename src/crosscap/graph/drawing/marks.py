"""How the objects of one drawing are told apart: by number, and by a colour and line that box and node share."""

from __future__ import annotations

from typing import NamedTuple

# Six of Okabe and Ito's colours for all kinds of colour vision (jfly.uni-koeln.de/color): without yellow and black,
# which vanish on bright and on dark pictures. Each with the ink that is read best upon it.
COLOURS = (
    ("#0072b2", "#ffffff"),
    ("#e69f00", "#000000"),
    ("#009e73", "#000000"),
    ("#cc79a7", "#000000"),
    ("#56b4e9", "#000000"),
    ("#d55e00", "#000000"),
)
DASHES = ("", "7 3", "2 2.5", "10 3 2 3")  # where the colours begin again, the line is another one


class Mark(NamedTuple):
    """``colour`` of lines and tags, ``ink`` of text upon it, ``dash``: an SVG dash array or ""."""

    colour: str
    ink: str
    dash: str

    @property
    def stroke(self) -> str:
        """As an attribute of an SVG element."""
        dash = f";stroke-dasharray:{self.dash}" if self.dash else ""
        return f'style="stroke:{self.colour}{dash}"'


def mark(row: int) -> Mark:
    """The mark of the object in ``row``, whose number is ``row + 1``; 24 differ."""
    return Mark(*COLOURS[row % len(COLOURS)], DASHES[row // len(COLOURS) % len(DASHES)])
