"""Names of an outside detector's labels, from the user's text file or from what is known anyway."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from crosscap.errors import InputError


def label_names(
    weights: Path, kind: str, count: int, known: Sequence[tuple[str, ...]], file: str | Path | None
) -> tuple[str, ...]:
    """Names for the ``count`` outputs of a head: those of ``file``, else the first list of ``known`` that fits.

    Args:
        weights: the outputs' origin, for messages.
        kind: ``classes`` or ``attributes``: the key of section ``detector`` that names a file.
        known: the annotations' names first.
        file: UTF-8 text with one name a line in the order of the outputs.

    Raises:
        InputError: the file is missing, no text or of another length; without a file: no list fits.
    """
    if file is None:
        for names in known:
            if len(names) == count:
                return names
        expected = f"{len(known[0])} as annotated"
        raise InputError(weights, f"{count} {kind}", expected, f"Name them in detector.{kind}.")
    try:
        lines = Path(file).read_text(encoding="utf-8").splitlines()
    except FileNotFoundError:
        raise InputError(file, "no such file", f"names of {kind}, one a line") from None
    except UnicodeDecodeError as error:
        raise InputError(file, f"byte {error.object[error.start]:#04x}", "UTF-8 text") from None
    names = tuple(line.strip().lower() for line in lines if line.strip())
    if len(names) != count:
        raise InputError(file, f"{len(names)} names", f"{count}, as many as {weights} has {kind}")
    return names
