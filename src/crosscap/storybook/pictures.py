"""The storybook's pictures with their annotations, and the captions that evaluate what is said about them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import Any

from crosscap.storybook.drawing.picture import draw_scene
from crosscap.storybook.inventory import ATTRIBUTES, DETECTOR_CLASSES, PREDICATES
from crosscap.storybook.scene import Scene
from crosscap.storybook.telling import tellings
from crosscap.storybook.world import sample_scene
from crosscap.training.progress import progress

# Splits never share an image id.
FIRST_ID = {"train": 1, "val": 1_000_001, "test": 2_000_001}
# Captions of pictures vary more in length than those of the corpus.
LENGTHS = range(6, 19)


@dataclass(frozen=True)
class Picture:
    """``id`` and ``file_name`` as COCO has them."""

    id: int
    file_name: str
    scene: Scene


def sample_pictures(split: str, count: int, seed: int) -> list[Picture]:
    return [
        Picture(
            FIRST_ID[split] + number,
            f"storybook_{split}_{number + 1:06d}.jpg",
            sample_scene(f"image-{split}-{number + 1:06d}", seed),
        )
        for number in range(count)
    ]


def draw(pictures: Sequence[Picture], folder: Path, quality: int) -> dict[int, tuple[int, int]]:
    """Draw every picture as JPEG of ``quality`` into ``folder``; return width and height in pixels by id."""
    folder.mkdir(parents=True, exist_ok=True)
    sizes = {}
    for picture in progress(pictures, f"drawing {folder.name}"):
        image = draw_scene(picture.scene).convert("RGB")
        image.save(folder / picture.file_name, format="JPEG", quality=quality, subsampling=0)
        sizes[picture.id] = image.size
    return sizes


def instances(pictures: Sequence[Picture], sizes: dict[int, tuple[int, int]]) -> dict[str, Any]:
    """COCO instances with attributes and relations."""
    category = {name: number for number, name in enumerate(DETECTOR_CLASSES, start=1)}
    images: list[dict[str, Any]] = []
    annotations: list[dict[str, Any]] = []
    relations: list[dict[str, Any]] = []
    for picture in pictures:
        width, height = sizes[picture.id]
        images.append({"id": picture.id, "file_name": picture.file_name, "width": width, "height": height,
                       "scene": picture.scene.id})  # fmt: skip
        first = len(annotations) + 1
        for thing in picture.scene.objects:
            x0, y0, x1, y1 = (round(float(value), 2) for value in thing.box)
            size = [round(x1 - x0, 2), round(y1 - y0, 2)]
            annotations.append({
                "id": len(annotations) + 1, "image_id": picture.id, "category_id": category[thing.name],
                "bbox": [x0, y0, *size], "area": round(size[0] * size[1], 2), "iscrowd": 0,
                "attributes": list(thing.attributes),
            })  # fmt: skip
        relations.extend(
            {"image_id": picture.id, "subject_id": first + subject, "object_id": first + other, "predicate": predicate}
            for subject, predicate, other in picture.scene.relations
        )
    return {
        "images": images,
        "categories": [{"id": number, "name": name} for name, number in category.items()],
        "annotations": annotations,
        "relations": relations,
        "attributes": list(ATTRIBUTES),
        "predicates": list(PREDICATES),
    }


def captions(pictures: Sequence[Picture], target: str, count: int, seed: int) -> dict[str, Any]:
    """COCO captions in ``target``: ``count`` different ones a picture, fewer where the scene has not as many."""
    annotations: list[dict[str, Any]] = []
    for picture in pictures:
        random = Random(f"{seed}/{picture.scene.id}/captions/{target}")
        texts: dict[str, None] = {}
        for telling in tellings(picture.scene, random, (target,), LENGTHS, attempts=40 * count):
            texts[telling.texts[target]] = None
            if len(texts) == count:
                break
        first = len(annotations) + 1
        annotations += [
            {"id": number, "image_id": picture.id, "caption": text} for number, text in enumerate(texts, start=first)
        ]
    images = [{"id": picture.id, "file_name": picture.file_name} for picture in pictures]
    return {"images": images, "annotations": annotations}
