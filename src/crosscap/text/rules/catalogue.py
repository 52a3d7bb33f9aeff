"""All rules by name. A new one is a function, its entry here, and its parameters in section ``filter``."""

from __future__ import annotations

from collections.abc import Callable

from crosscap.text.rules.aligned import alignment
from crosscap.text.rules.candidate import Rule, Setting
from crosscap.text.rules.duplicates import duplicates
from crosscap.text.rules.form import brackets, clean
from crosscap.text.rules.languages import language, script
from crosscap.text.rules.near_duplicates import near_duplicates
from crosscap.text.rules.numbers import numbers
from crosscap.text.rules.vocabulary import copies, coverage, length_ratio, words
from crosscap.text.survivors import Mask, Survivors

# Rules on a pair alone: any number of processes ask them at once.
LOCAL: dict[str, Callable[[Setting], Rule]] = {
    "clean": clean,
    "brackets": brackets,
    "copies": copies,
    "language": language,
    "script": script,
    "words": words,
    "length_ratio": length_ratio,
    "coverage": coverage,
    "numbers": numbers,
}
# Rules on all pairs that the rules before them let through: which of those that are alive are refused?
GLOBAL: dict[str, Callable[[Survivors, Mask, Setting], Mask]] = {
    "duplicates": duplicates,
    "near_duplicates": near_duplicates,
    "alignment": alignment,
}
