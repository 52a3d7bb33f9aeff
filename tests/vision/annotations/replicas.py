"""The same small world in the form of every layout: two pictures that are there, and one that is not."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import h5py
import numpy as np

from crosscap.text.source_file import Quarantined
from crosscap.vision.annotations.annotated_images import AnnotatedImage, Annotations
from crosscap.vision.annotations.layouts import read_layout
from crosscap.vision.annotations.pictures import KnownPictures, PictureFile
from crosscap.vision.annotations.reading import Choice, Reading
from crosscap.vision.annotations.vocabulary import Vocabulary

SIZES = {7: (64, 48), 8: (48, 64), 9: (64, 64)}
PICTURES = KnownPictures({str(id): PictureFile(f"{id}.jpg", *SIZES[id]) for id in (7, 8)})
CLASSES, PREDICATES, ATTRIBUTES = ("man", "horse", "dog", "ball"), ("on", "next to", "chase"), ("red", "tall")


@dataclass(frozen=True)
class Thing:
    id: int
    name: str
    box: tuple[int, int, int, int]
    attributes: tuple[str, ...] = ()


WORLD: dict[int, tuple[list[Thing], list[tuple[int, str, int]]]] = {
    7: (
        [Thing(70, "man", (5, 10, 25, 30), ("red", "tall")), Thing(71, "horse", (2, 20, 40, 48))],
        [(70, "on", 71), (71, "next to", 70)],
    ),
    8: (
        [Thing(80, "dog", (0, 1, 30, 33), ("tall",)), Thing(81, "ball", (31, 40, 48, 64), ("red",))],
        [(80, "chase", 81)],
    ),
    9: ([Thing(90, "man", (0, 0, 9, 9), ("tall",)), Thing(91, "man", (9, 9, 20, 20))], [(90, "on", 91)]),
}


def write(folder: Path, **values: Any) -> list[Path]:
    paths = []
    for name, value in values.items():
        paths.append(folder / f"{name}.json")
        paths[-1].write_text(json.dumps(value), encoding="utf-8")
    return paths


def xywh(thing: Thing) -> list[int]:
    x0, y0, x1, y1 = thing.box
    return [x0, y0, x1 - x0, y1 - y0]


def coco_value() -> dict[str, Any]:
    things = [(id, thing) for id, (things, _) in WORLD.items() for thing in things]
    return {
        "info": {"year": 2017},
        "annotations": [
            {
                "id": thing.id,
                "image_id": id,
                "category_id": 10 + CLASSES.index(thing.name),
                "bbox": xywh(thing),
                "attributes": list(thing.attributes),
                "segmentation": [[1.5] * 8],
            }
            for id, thing in things
        ],
        "images": [
            {"id": id, "file_name": f"train/{id}.jpg", "width": width, "height": height}
            for id, (width, height) in SIZES.items()
        ],
        "categories": [{"id": 10 + row, "name": name} for row, name in enumerate(CLASSES)],
        "relations": [
            {"image_id": id, "subject_id": subject, "object_id": other, "predicate": predicate}
            for id, (_, links) in WORLD.items()
            for subject, predicate, other in links
        ],
        "attributes": list(ATTRIBUTES),
        "predicates": list(PREDICATES),
    }


def coco(folder: Path) -> list[Path]:
    return write(folder, instances=coco_value())


def vrd_value() -> dict[str, Any]:
    def end(thing: Thing) -> dict[str, Any]:
        x0, y0, x1, y1 = thing.box
        return {"category": CLASSES.index(thing.name), "bbox": [y0, y1, x0, x1]}

    found = {}
    for id, (things, links) in WORLD.items():
        ends = {thing.id: end(thing) for thing in things}
        found[f"{id}.jpg"] = [
            {"subject": ends[subject], "predicate": PREDICATES.index(predicate), "object": ends[other]}
            for subject, predicate, other in links
        ]
    return found


def vrd(folder: Path) -> list[Path]:
    return write(folder, annotations_train=vrd_value(), objects=list(CLASSES), predicates=list(PREDICATES))


def gqa_value() -> dict[str, Any]:
    return {
        str(id): {
            "width": SIZES[id][0],
            "height": SIZES[id][1],
            "objects": {
                str(thing.id): {
                    **dict(zip("xywh", xywh(thing), strict=True)),
                    "name": thing.name,
                    "attributes": list(thing.attributes),
                    "relations": [{"name": p, "object": str(other)} for s, p, other in links if s == thing.id],
                }
                for thing in things
            },
        }
        for id, (things, links) in WORLD.items()
    }


def gqa(folder: Path) -> list[Path]:
    return write(folder, train_sceneGraphs=gqa_value())


def vg_images() -> list[dict[str, Any]]:
    return [{"image_id": id, "width": w, "height": h, "url": "", "coco_id": None} for id, (w, h) in SIZES.items()]


def vg_object(thing: Thing, **more: Any) -> dict[str, Any]:
    synset = [f"{thing.name}.n.01"]
    box = dict(zip("xywh", xywh(thing), strict=True))
    return {"object_id": thing.id, "names": [thing.name.title()], "synsets": synset, **box, **more}


def vg_graphs() -> list[dict[str, Any]]:
    return [
        {
            "image_id": id,
            "objects": [vg_object(thing, attributes=list(thing.attributes)) for thing in things],
            "relationships": [
                {"relationship_id": n, "subject_id": s, "predicate": p.upper(), "object_id": o, "synsets": []}
                for n, (s, p, o) in enumerate(links)
            ],
        }
        for id, (things, links) in WORLD.items()
    ]


def vg_whole(folder: Path) -> list[Path]:
    return write(folder, image_data=vg_images(), scene_graphs=vg_graphs())


def vg_parts(folder: Path) -> list[Path]:
    ends = {thing.id: vg_object(thing) for things, _ in WORLD.values() for thing in things}
    return write(
        folder,
        relationships=[
            {
                "image_id": id,
                "relationships": [{"subject": ends[s], "predicate": p, "object": ends[o]} for s, p, o in links],
            }
            for id, (_, links) in WORLD.items()
        ],
        attributes=[
            {
                "image_id": id,
                "attributes": [
                    vg_object(thing, **({"attributes": list(thing.attributes)} if thing.attributes else {}))
                    for thing in things
                ],
            }
            for id, (things, _) in WORLD.items()
        ],
        objects=[{"image_id": id, "objects": [vg_object(t) for t in things]} for id, (things, _) in WORLD.items()],
        image_data=vg_images(),
    )


def vg150_arrays(splits: Sequence[int] = (0, 0, 0), side: int = 1024) -> dict[str, Any]:
    """As the benchmark writes them; rows of objects and relations count through all pictures."""
    rows: dict[str, list[Any]] = {
        name: [] for name in (f"boxes_{side}", "labels", "attributes", "relationships", "predicates")
    }
    ranges: dict[str, list[int]] = {f"img_to_{end}_{of}": [] for of in ("box", "rel") for end in ("first", "last")}
    for id, (things, links) in WORLD.items():
        first, scale = len(rows["labels"]), side / max(SIZES[id])
        for thing in things:
            x0, y0, x1, y1 = (value * scale for value in thing.box)
            rows[f"boxes_{side}"].append([(x0 + x1) / 2, (y0 + y1) / 2, x1 - x0, y1 - y0])
            rows["labels"].append([1 + CLASSES.index(thing.name)])
            numbers = [1 + ATTRIBUTES.index(name) for name in thing.attributes]
            rows["attributes"].append(numbers + [0] * (10 - len(numbers)))
        ranges["img_to_first_box"].append(first)
        ranges["img_to_last_box"].append(len(rows["labels"]) - 1)
        ranges["img_to_first_rel"].append(len(rows["predicates"]) if links else -1)
        row = {thing.id: first + number for number, thing in enumerate(things)}
        for subject, predicate, other in links:
            rows["relationships"].append([row[subject], row[other]])
            rows["predicates"].append([1 + PREDICATES.index(predicate)])
        ranges["img_to_last_rel"].append(len(rows["predicates"]) - 1 if links else -1)
    return {**rows, **ranges, "split": list(splits)}


def vg150(folder: Path, images: Sequence[int] = (7, 1592, 8, 1722, 9, 4616, 4617), **arrays: Any) -> list[Path]:
    """``images`` of image_data.json: the corrupt ones have no row in the arrays."""
    values = {**vg150_arrays(), "active_object_mask": [[True]] * 6, **arrays}
    path = folder / "VG-SGG-with-attri.h5"
    with h5py.File(path, "w") as file:
        for name, value in values.items():
            if value is not None:
                wide = name in ("labels", "predicates", "attributes")
                kind = "?" if name == "active_object_mask" else "i8" if wide else "i4"
                file.create_dataset(name, data=np.asarray(value).astype(kind))
    dicts = {
        f"idx_to_{key}": {str(number): name for number, name in enumerate(names, 1)}
        for key, names in (("label", CLASSES), ("predicate", PREDICATES), ("attribute", ATTRIBUTES))
    }
    data = [{"image_id": id, "width": SIZES.get(id, (5, 5))[0], "height": SIZES.get(id, (5, 5))[1]} for id in images]
    return [path, *write(folder, **{"VG-SGG-dicts-with-attri": dicts}, image_data=data)]


REPLICAS: dict[str, Callable[[Path], list[Path]]] = {
    "coco": coco,
    "vrd": vrd,
    "gqa": gqa,
    "visual_genome": vg_whole,
    "visual_genome parts": vg_parts,
    "vg150": vg150,
}


def read(
    paths: Sequence[Path],
    format: str | None = None,
    names: Vocabulary | None = None,
    split: str = "train",
    **choice: Any,
) -> tuple[Annotations, list[Quarantined], Reading]:
    records: list[Quarantined] = []
    choice = {"validation": 0, **choice}
    reading = Reading(paths, PICTURES, split, Choice(**choice), names, records.append)
    return read_layout(reading, format), records, reading


def told(annotations: Annotations, image: AnnotatedImage) -> tuple[Any, Any, Any]:
    """Classes with boxes, attributes, and relations of a picture, by names."""
    names = [annotations.classes[label] for label in image.labels]
    return list(zip(names, image.boxes.tolist(), strict=True)), image.attributes, image.relations


def counts(reading: Reading) -> dict[str, tuple[int, int, int, int]]:
    """``(read, kept, quarantined, unselected)`` by kind, over all files."""
    found: dict[str, tuple[int, int, int, int]] = {}
    for file in reading.files:
        for kind, count in file.counts.items():
            assert count.read == count.kept + count.quarantined + count.unselected
            assert sum(count.reasons.values()) == count.quarantined
            before = found.get(kind, (0, 0, 0, 0))
            own = (count.read, count.kept, count.quarantined, count.unselected)
            found[kind] = tuple(a + b for a, b in zip(before, own, strict=True))  # type: ignore[assignment]
    return found
