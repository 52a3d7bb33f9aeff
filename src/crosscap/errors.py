"""Errors that a user can mend: they name the file, the record, what was found and what to do."""

from __future__ import annotations

from os import PathLike


class InputError(Exception):
    """Something that came from outside is not what it must be.

    The message always has the same order, so that a reader finds the place first:
    ``FILE, RECORD: found FOUND, expected EXPECTED. REMEDY``.
    """

    def __init__(
        self,
        path: str | PathLike[str],
        found: str,
        expected: str,
        remedy: str = "",
        record: str | int | None = None,
    ) -> None:
        self.path, self.record = str(path), record
        self.found, self.expected, self.remedy = found, expected, remedy
        place = printable(self.path if record is None else f"{self.path}, {_name(record)}")
        message = f"{place}: found {found}, expected {expected}."
        super().__init__(f"{message} {remedy}".rstrip())

    def __reduce__(self) -> tuple[type[InputError], tuple[str, str, str, str, str | int | None]]:
        """Pickled by its parts: workers send their errors to the process that started them."""
        return type(self), (self.path, self.found, self.expected, self.remedy, self.record)


def printable(name: str) -> str:
    """A file's name on one line: line ends, terminal codes and bytes that are no UTF-8 as escapes."""
    return "".join(
        mark if mark.isprintable() else mark.encode("unicode_escape", "surrogatepass").decode() for mark in name
    )


def _name(record: str | int) -> str:
    return f"line {record}" if isinstance(record, int) else record
