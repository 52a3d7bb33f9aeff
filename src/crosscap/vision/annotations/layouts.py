"""The layouts of annotations that are read. A new one is a module with a reader and an entry of `LAYOUTS`."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from crosscap.errors import InputError
from crosscap.vision.annotations import coco, gqa, vg150, visual_genome, vrd
from crosscap.vision.annotations.annotated_images import Annotations
from crosscap.vision.annotations.reading import Reading
from crosscap.vision.annotations.sample import Sample, first_entry


@dataclass(frozen=True)
class Layout:
    """A form of annotations.

    Attributes:
        read: its reader.
        files: what the paths are, in this order.
        counts: how many there may be.
        fits: whether the first file may be of this layout, by its beginning.
    """

    read: Callable[[Reading], Annotations]
    files: str
    counts: Sequence[int]
    fits: Callable[[Sample], bool]


def _is_coco(sample: Sample) -> bool:
    return sample.kind == "object" and sample.key in (*coco.KEYS, "info", "licenses", "license", "type")


def _is_vrd(sample: Sample) -> bool:
    triples = sample.value if isinstance(sample.value, list) else [None]
    named = all(isinstance(triple, dict) and "predicate" in triple for triple in triples)
    return sample.kind == "object" and not _is_coco(sample) and named


def _is_gqa(sample: Sample) -> bool:
    return sample.kind == "object" and isinstance(sample.value, dict) and "objects" in sample.value


def _is_visual_genome(sample: Sample) -> bool:
    return sample.kind == "array" and isinstance(sample.value, dict) and "image_id" in sample.value


LAYOUTS = {
    "coco": Layout(coco.read, coco.FILES, (1,), _is_coco),
    "vrd": Layout(vrd.read, vrd.FILES, (3,), _is_vrd),
    "vg150": Layout(vg150.read, vg150.FILES, (3,), lambda sample: sample.kind == "hdf5"),
    "visual_genome": Layout(visual_genome.read, visual_genome.FILES, (2, 3, 4), _is_visual_genome),
    "gqa": Layout(gqa.read, gqa.FILES, (1,), _is_gqa),
}


def annotation_format(paths: Sequence[str | Path]) -> str:
    """The layout of ``paths``, by the beginning of the first.

    Raises:
        InputError: the file is missing or broken, or no layout fits.
    """
    sample = first_entry(paths[0])
    name = next((name for name, layout in LAYOUTS.items() if layout.fits(sample)), None)
    if name is None:
        begins = {"object": f"a JSON object with {sample.key!r}", "array": "a JSON array", "other": "no JSON, no HDF5"}
        expected = f"annotations of a known layout: {', '.join(LAYOUTS)}"
        raise InputError(paths[0], begins[sample.kind], expected, "Give the files in the order of docs/own-data.md.")
    return name


def read_layout(reading: Reading, format: str | None = None) -> Annotations:
    """Annotations of any layout, by ``format`` or recognised; what was read stands in ``reading.files``.

    Raises:
        InputError: an unknown layout, another number of files than it has, or a file that is not what it should be.
    """
    name = format or annotation_format(reading.paths)
    if name not in LAYOUTS:
        raise InputError("params.yaml", f"format {name!r}", f"one of {', '.join(LAYOUTS)}", record=_KEY)
    layout = LAYOUTS[name]
    if len(reading.paths) not in layout.counts:
        raise InputError("params.yaml", f"{len(reading.paths)} files for {name}", layout.files, record=_KEY)
    return layout.read(reading)


_KEY = "key collect.files.images"
