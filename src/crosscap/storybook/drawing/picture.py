"""From a scene to its picture: place, shadows, then everything from the far end to the near one.

>>> draw_scene(sample_scene("train-7", seed=1)).size  # doctest: +SKIP
(256, 192)
"""

from __future__ import annotations

import random
from collections.abc import Callable

from PIL import Image, ImageChops, ImageDraw, ImageEnhance, ImageFilter

from crosscap.storybook.affordances import PEOPLE
from crosscap.storybook.anatomy import POSES, spot
from crosscap.storybook.drawing import animals, furniture, things, vehicles
from crosscap.storybook.drawing.palette import Look, Rgb, look_of
from crosscap.storybook.drawing.pen import OVERSAMPLING, Pen
from crosscap.storybook.drawing.people import Worn, draw_person
from crosscap.storybook.drawing.places import draw_place
from crosscap.storybook.inventory import BY_SENSE
from crosscap.storybook.scene import Scene, SceneObject

SPRITES: dict[str, Callable[[Pen], None]] = {
    "dog": animals.draw_dog, "cat": animals.draw_cat, "horse": animals.draw_horse, "cow": animals.draw_cow,
    "sheep": animals.draw_sheep, "elephant": animals.draw_elephant, "bird": animals.draw_bird,
    "duck": animals.draw_duck, "bat.animal": animals.draw_bat,
    "bicycle": vehicles.draw_bicycle, "motorcycle": vehicles.draw_motorcycle, "car": vehicles.draw_car,
    "bus": vehicles.draw_bus, "boat": vehicles.draw_boat, "skateboard": vehicles.draw_skateboard,
    "surfboard": vehicles.draw_surfboard,
    "football": things.draw_football, "basketball": things.draw_basketball, "guitar": things.draw_guitar,
    "piano": things.draw_piano, "kite": things.draw_kite, "bat.club": things.draw_club, "book": things.draw_book,
    "umbrella": things.draw_umbrella, "cup": things.draw_cup, "glasses.cups": things.draw_tumblers,
    "cake": things.draw_cake, "apple": things.draw_apple,
    "lamp": furniture.draw_lamp, "table": furniture.draw_table, "chair": furniture.draw_chair,
    "bench": furniture.draw_bench, "bed": furniture.draw_bed, "sofa": furniture.draw_sofa,
    "tree": furniture.draw_tree, "flower": furniture.draw_flower, "house": furniture.draw_house,
    "fence": furniture.draw_fence,
}  # fmt: skip
PLAIN: Rgb = (150, 130, 110)
SHADE: Rgb = (26, 22, 54)
STRING: Rgb = (90, 84, 92)
SHADOWLESS = ("boat", "surfboard")


def draw_scene(scene: Scene) -> Image.Image:
    """The scene's picture, RGB, as large as its ground reaches to the right and down: the same pixels every time."""
    ground = scene.objects[-1].box
    size = round(ground[2]), round(ground[3])
    canvas = draw_place(scene.place, size, ground[1], random.Random(f"place {scene.seed}"))
    wardrobe = _wardrobe(scene)
    order = sorted(
        (index for index, thing in enumerate(scene.objects[:-1]) if BY_SENSE[thing.sense].group != "clothing"),
        key=lambda index: (scene.objects[index].depth, index),
    )
    _shadows(canvas, [scene.objects[index] for index in order], scene.place)
    for index in order:
        thing = scene.objects[index]
        layer = sprite(thing, scene.seed + index, wardrobe.get(index, []))
        x, y = round(thing.box[0] * OVERSAMPLING), round(thing.box[1] * OVERSAMPLING)
        canvas.paste(layer, (x, y), layer)
    _strings(canvas, scene)
    picture = canvas.resize(size, Image.Resampling.BOX, reducing_gap=None)
    rng = random.Random(f"light {scene.seed}")
    return ImageEnhance.Brightness(picture).enhance(rng.uniform(0.92, 1.05))


def _wardrobe(scene: Scene) -> dict[int, list[Worn]]:
    """What each person wears, by the person's index."""
    worn: dict[int, list[Worn]] = {}
    for subject, predicate, other in scene.relations:
        if predicate == "wear":
            garment = scene.objects[other]
            look = look_of(garment.attributes, garment.pose, PLAIN, random.Random(f"cloth {scene.seed + other}"))
            worn.setdefault(subject, []).append(Worn(garment.sense, look))
    return worn


def sprite(thing: SceneObject, seed: int, worn: list[Worn]) -> Image.Image:
    """The thing on a transparent layer of its box's size, shaded from above."""
    look: Look = look_of(thing.attributes, thing.pose, PLAIN, random.Random(f"look {seed}"))
    width, height = thing.box[2] - thing.box[0], thing.box[3] - thing.box[1]
    pen = Pen(width, height, look)
    if thing.sense in PEOPLE:
        draw_person(pen, thing.sense, worn, (width, height))
    else:
        SPRITES[thing.sense](pen)
    layer = pen.layer.transpose(Image.Transpose.FLIP_LEFT_RIGHT) if thing.facing < 0 else pen.layer
    return _shaded(layer)


def _shaded(layer: Image.Image) -> Image.Image:
    """Darker towards the foot."""
    ramp = (
        Image.linear_gradient("L").resize((1, layer.height)).resize(layer.size).point(lambda value: value * 52 // 255)
    )
    shade = Image.new("RGBA", layer.size, (*SHADE, 0))
    shade.putalpha(ImageChops.multiply(ramp, layer.getchannel("A")))
    return Image.alpha_composite(layer, shade)


def _shadows(canvas: Image.Image, standing: list[SceneObject], place: str) -> None:
    """Soft shadows on the ground, under what touches it."""
    small = canvas.width // 8, canvas.height // 8
    mask = Image.new("L", small)
    pen = ImageDraw.Draw(mask)
    scale = OVERSAMPLING / 8
    for thing in standing:
        x0, _y0, x1, y1 = (value * scale for value in thing.box)
        if thing.pose in ("fly", "swim", "jump") or (place == "lake" and thing.sense in SHADOWLESS):
            continue
        if abs(thing.box[3] - round(thing.depth * 1.0)) > 3:
            continue
        deep = max(1.0, 0.06 * (x1 - x0))
        pen.ellipse((x0 + 0.06 * (x1 - x0), y1 - deep, x1 - 0.02 * (x1 - x0), y1 + deep), fill=96)
    soft = mask.filter(ImageFilter.GaussianBlur(0.8)).resize(canvas.size, Image.Resampling.BILINEAR)
    canvas.paste(Image.new("RGB", canvas.size, SHADE), mask=soft)


def _strings(canvas: Image.Image, scene: Scene) -> None:
    """The string of a kite and the lead of a dog, from the hand."""
    pen = ImageDraw.Draw(canvas)
    for subject, predicate, other in scene.relations:
        who, what = scene.objects[subject], scene.objects[other]
        if who.sense not in PEOPLE or (predicate, what.sense) not in STRUNG:
            continue
        pose = POSES[who.pose]
        start = spot(pose, who.box, who.facing, pose.front)
        fx, fy = STRUNG[predicate, what.sense]
        across = fx if what.facing > 0 else 1 - fx
        x0, y0, x1, y1 = what.box
        end = (x0 + across * (x1 - x0), y0 + fy * (y1 - y0))
        middle = ((start[0] + end[0]) / 2, (start[1] + end[1]) / 2 + 5)
        points = [(x * OVERSAMPLING, y * OVERSAMPLING) for x, y in (start, middle, end)]
        pen.line(points, fill=STRING if what.sense == "kite" else (178, 60, 50), width=2, joint="curve")


# Where the string is tied, as fractions of the thing's box, looking to the right.
STRUNG = {
    ("fly", "kite"): (0.5, 0.45),
    ("play with", "kite"): (0.5, 0.45),
    ("hold", "kite"): (0.5, 0.45),
    ("walk", "dog"): (0.60, 0.50),
}
