"""A tiny world of coloured shapes, in the declared form of data/raw."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageDraw

CLASSES = ("ball", "box", "ground")
COLORS = {"red": (220, 40, 40), "blue": (40, 60, 220)}
PREDICATES = ("next to", "on")


def write_shapes(root: Path, counts: dict[str, int], seed: int = 0) -> Path:
    """Pictures of 64 x 48 pixels with a ball and a box on the ground, below ``root``/data/raw."""
    random = np.random.default_rng(seed)
    raw = root / "data" / "raw"
    for split, count in counts.items():
        folder = raw / "images" / split
        folder.mkdir(parents=True)
        data: dict[str, list] = {
            "images": [],
            "annotations": [],
            "relations": [],
            "categories": [{"id": number, "name": name} for number, name in enumerate(CLASSES, 1)],
            "attributes": list(COLORS),
            "predicates": list(PREDICATES),
        }
        for number in range(1, count + 1):
            id, first = number, 3 * number
            image = Image.new("RGB", (64, 48), (235, 235, 245))
            draw = ImageDraw.Draw(image)
            draw.rectangle((0, 30, 63, 47), fill=(90, 160, 90))
            boxes = []
            for x in (int(random.integers(2, 12)), int(random.integers(34, 44))):
                size = int(random.integers(14, 19))
                boxes.append((x, 38 - size, size, size))
            colors = [str(random.choice(list(COLORS))) for _ in boxes]
            for (x, y, width, height), color, kind in zip(boxes, colors, ("ellipse", "rectangle"), strict=True):
                getattr(draw, kind)((x, y, x + width - 1, y + height - 1), fill=COLORS[color])
            name = f"{split}-{number}.png"
            image.save(folder / name)
            data["images"].append(
                {"id": id, "file_name": name, "width": 64, "height": 48, "scene": f"{split}-{number}"}
            )
            for row, box in enumerate([*boxes, (0, 30, 64, 18)]):
                data["annotations"].append(
                    {
                        "id": first + row,
                        "image_id": id,
                        "category_id": row + 1,
                        "bbox": list(box),
                        "attributes": [colors[row]] if row < 2 else [],
                    }
                )
            for subject, predicate, other in ((0, "next to", 1), (0, "on", 2), (1, "on", 2)):
                data["relations"].append(
                    {
                        "image_id": id,
                        "subject_id": first + subject,
                        "object_id": first + other,
                        "predicate": predicate,
                    }
                )
        path = raw / "annotations" / f"instances_{split}.json"
        path.parent.mkdir(exist_ok=True)
        path.write_text(json.dumps(data))
        for name in ("graphs", "sentences"):
            path = raw / "image_graphs" / f"{name}_{split}.jsonl"
            path.parent.mkdir(exist_ok=True)
            path.write_text("")
    return raw


@pytest.fixture(scope="session")
def shapes(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """data/raw of 12 training, 2 validation and 3 test pictures."""
    return write_shapes(tmp_path_factory.mktemp("shapes"), {"train": 12, "val": 2, "test": 3})
