"""Reads image features that others computed into ``data/detections``, once and with checks."""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass, field
from itertools import chain
from pathlib import Path
from typing import Any

from crosscap.errors import InputError
from crosscap.training.progress import progress
from crosscap.vision.detectors.detection import Detections
from crosscap.vision.imported_features.checks import FeatureChecks
from crosscap.vision.imported_features.hdf5_files import read_flat_h5_files, read_h5_files
from crosscap.vision.imported_features.numpy_folders import read_npz_folders, read_paired_folders
from crosscap.vision.imported_features.pictures import PictureNames, WantedPicture
from crosscap.vision.imported_features.record import Entry, Flaw
from crosscap.vision.imported_features.source import FeatureSource
from crosscap.vision.imported_features.tsv import read_tables

LAYOUTS: dict[str, Callable[[Sequence[Path]], Iterator[Entry]]] = {
    "tsv": read_tables,
    "npz": read_npz_folders,
    "npz_npy": read_paired_folders,
    "h5": read_h5_files,
    "flat_h5": read_flat_h5_files,
}
_SHOWN = 10

Outcome = tuple[dict[str, Any], Detections | str]


@dataclass
class ImportReport:
    """What became of the records: ``read`` = ``kept`` + ``quarantined`` + ``unknown`` (of no picture of ours).

    Attributes:
        reasons: quarantined records by sort of reason.
        first_quarantined, first_unknown: the first ten, ``{"place", "key", "reason"}`` and ``{"place", "key"}``.
        pictures, missing: pictures that features were looked for, and those that have none now.
    """

    pictures: int
    read: int = 0
    kept: int = 0
    quarantined: int = 0
    unknown: int = 0
    missing: int = 0
    reasons: Counter[str] = field(default_factory=Counter)
    first_quarantined: list[dict[str, str]] = field(default_factory=list)
    first_unknown: list[dict[str, str]] = field(default_factory=list)


def first_width(source: FeatureSource) -> int:
    """D of the first record that can be read.

    Raises:
        InputError: none can, or a file is not of the layout.
    """
    for entry in _entries(source):
        with suppress(Flaw):
            features = entry.load().features
            if features.ndim == 2:
                return features.shape[1]
    raise InputError(source.files[0].path, "no record that can be read", f"features in the layout {source.layout!r}")


def _entries(source: FeatureSource) -> Iterator[Entry]:
    assert source.layout is not None
    return LAYOUTS[source.layout]([Path(file.path) for file in source.files])


class FeatureImport:
    """One pass over the files of ``source``. Iterating gives what `write_detections` takes.

    Attributes:
        report: whole when the iteration has ended.
    """

    def __init__(self, source: FeatureSource, pictures: Sequence[WantedPicture]) -> None:
        """Reads up to the first good record.

        Raises:
            InputError: no pictures, or a file that is not of the layout.
        """
        if source.layout is None:
            remedy = "Give collect.files.image_features, or choose another detector.backend."
            raise InputError("data/raw/image_features.json", "no image features", "some to import", remedy)
        if not pictures:
            remedy = "Give collect.files.images, or collect.files.image_features.images."
            raise InputError("data/raw/annotations", "no pictures", "pictures to find the features of", remedy)
        self.source, self.report = source, ImportReport(len(pictures))
        self._pictures = pictures
        self._checks = FeatureChecks(len(source.classes), len(source.attributes))
        outcomes = self._outcomes()
        self._first = next(outcomes)
        self._rest = outcomes

    @property
    def feature_size(self) -> int:
        """D; 0 where not one record could be kept."""
        return self._checks.width or 0

    def __iter__(self) -> Iterator[Outcome]:
        return progress(chain([self._first], self._rest), "import features", len(self._pictures))

    def as_json(self) -> dict[str, Any]:
        """The report and where it all comes from."""
        report = {**vars(self.report), "reasons": dict(self.report.reasons)}
        return {**report, "layout": self.source.layout, "files": [asdict(file) for file in self.source.files]}

    def _outcomes(self) -> Iterator[Outcome]:
        report, names = self.report, PictureNames(self._pictures)
        kept: set[int] = set()
        reasons: dict[int, str] = {}
        for entry in _entries(self.source):
            report.read += 1
            picture = names.find(entry.key, entry.place)
            if picture is None and entry.key:
                report.unknown += 1
                _note(report.first_unknown, entry)
                continue
            try:
                if picture is None:
                    entry.load()
                    raise Flaw("no id: the record names no picture")
                if id(picture) in kept:
                    raise Flaw("stands twice: an earlier record has this picture's features")
                found, width, height = self._checks.detections(entry.load(), picture.size)
            except Flaw as flaw:
                report.quarantined += 1
                report.reasons[str(flaw).split(":")[0]] += 1
                _note(report.first_quarantined, entry, reason=str(flaw))
                if picture is not None:
                    reasons.setdefault(id(picture), str(flaw))
            else:
                kept.add(id(picture))
                report.kept += 1
                yield picture.entry(width, height), found
        yield from self._missing([picture for picture in self._pictures if id(picture) not in kept], reasons)

    def _missing(self, pictures: Sequence[WantedPicture], reasons: dict[int, str]) -> Iterator[Outcome]:
        """The pictures without features, each with its reason.

        Raises:
            InputError: they are more than may be missing.
        """
        report = self.report
        report.missing = len(pictures)
        self._log(pictures, reasons)
        if report.missing > self.source.max_missing * report.pictures:
            first = pictures[0]
            reason = reasons.get(id(first)) or f"none of {report.read} records is of it"
            found = f"no features of {report.missing} of {report.pictures} pictures, first {first.file_name}: {reason}"
            expected = f"at most a share of {self.source.max_missing:g} without"
            remedy = "Mend the files, or raise collect.files.image_features.max_missing."
            raise InputError(self.source.files[0].path, found, expected, remedy)
        for picture in pictures:
            reason = reasons.get(id(picture)) or "no features: no record is of this picture"
            yield picture.entry(*(picture.size or (0, 0))), reason

    def _log(self, missing: Sequence[WantedPicture], reasons: dict[int, str]) -> None:
        report = self.report
        counts = report.read, report.kept, report.quarantined, report.unknown
        logging.info("%d records read, %d kept, %d quarantined, %d of other pictures", *counts)
        for note in report.first_quarantined:
            logging.warning("quarantined: %s: %s", note["place"], note["reason"])
        if report.first_unknown:
            shown = ", ".join(repr(note["key"]) for note in report.first_unknown)
            logging.info("of no picture here: %s%s", shown, ", …" if report.unknown > _SHOWN else "")
        for picture in missing[:_SHOWN]:
            reason = reasons.get(id(picture)) or "no record"
            logging.warning("no features of %s/%s: %s", picture.split, picture.file_name, reason)


def _note(notes: list[dict[str, str]], entry: Entry, **more: str) -> None:
    if len(notes) < _SHOWN:
        # Keys may hold half characters of a damaged file, which no JSON can.
        values = {"place": entry.place, "key": entry.key[:100], **more}
        notes.append({name: value.encode("utf-8", "replace").decode() for name, value in values.items()})
