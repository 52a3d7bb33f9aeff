"""Pictures: the same pixels twice, and every thing where its box says."""

from __future__ import annotations

import time
from collections import defaultdict
from dataclasses import replace

import numpy as np
import pytest
from PIL import ImageStat

from crosscap.storybook.affordances import PEOPLE
from crosscap.storybook.anatomy import POSES
from crosscap.storybook.drawing.picture import SPRITES, draw_scene, sprite
from crosscap.storybook.inventory import BY_SENSE, PLACE_NAMES
from crosscap.storybook.scene import Scene, SceneObject
from crosscap.storybook.world import HEIGHT, WIDTH, sample_scene

SCENES = [sample_scene(f"train-{number}", 3) for number in range(60)]


def empty(scene: Scene) -> Scene:
    return replace(scene, objects=scene.objects[-1:], relations=())


def test_a_scene_is_drawn_with_the_same_bytes_twice() -> None:
    for scene in SCENES[:8]:
        assert draw_scene(scene).tobytes() == draw_scene(scene).tobytes()


def test_another_seed_changes_the_light_but_not_the_layout() -> None:
    scene = SCENES[0]
    assert draw_scene(scene).tobytes() != draw_scene(replace(scene, seed=scene.seed + 1)).tobytes()


def test_a_picture_has_the_world_s_size_and_no_transparency() -> None:
    picture = draw_scene(SCENES[0])
    assert (picture.size, picture.mode) == ((WIDTH, HEIGHT), "RGB")


def test_more_than_fifteen_pictures_are_drawn_a_second() -> None:
    begun = time.process_time()
    for scene in SCENES[:20]:
        draw_scene(scene)
    assert time.process_time() - begun < 20 / 15


def test_every_kind_has_a_sprite() -> None:
    clothing = {sense for sense, kind in BY_SENSE.items() if kind.group == "clothing"}
    assert set(SPRITES) | set(PEOPLE) | clothing == set(BY_SENSE)


@pytest.mark.parametrize("place", PLACE_NAMES)
def test_every_place_can_be_drawn_empty(place: str) -> None:
    ground = SceneObject(place, (), (0.0, 110.0, 256.0, 192.0))
    assert draw_scene(Scene("s", place, (ground,), (), 5)).getcolors(1 << 16) is not None


def test_what_is_drawn_reaches_to_within_a_sixth_of_every_side_of_its_box() -> None:
    for scene in SCENES:
        for thing in scene.objects[:-1]:
            if BY_SENSE[thing.sense].group == "clothing" or thing.pose in ("swim", "aboard", "graze"):
                continue
            layer = sprite(thing, 1, [])
            left, top, right, bottom = layer.getchannel("A").getbbox() or (0, 0, 0, 0)
            slack_x, slack_y = max(8, 0.17 * layer.width), max(8, 0.17 * layer.height)
            assert left <= slack_x and layer.width - right <= slack_x, (thing, left, right, layer.size)
            assert top <= slack_y and layer.height - bottom <= slack_y, (thing, top, bottom, layer.size)


def test_pixels_inside_a_box_differ_from_the_empty_place_and_others_do_not() -> None:
    for scene in SCENES[:20]:
        full, bare = (np.asarray(draw_scene(s), dtype=int) for s in (scene, empty(scene)))
        changed = np.abs(full - bare).sum(axis=2) > 24
        covered = np.zeros_like(changed)
        for thing in scene.objects[:-1]:
            x0, y0, x1, y1 = (int(value) for value in thing.box)
            covered[max(0, y0 - 6) : y1 + 6, max(0, x0 - 6) : x1 + 6] = True
            # A wheel, a leg or a string fills little of its box: a sixth is enough to be seen.
            assert changed[y0:y1, x0:x1].mean() > 0.16, (scene.id, thing)
        # Outside of all boxes only the soft edge of a shadow and the string of a kite.
        assert (changed & ~covered).mean() < 0.02, scene.id


def test_a_red_thing_is_redder_than_a_blue_one() -> None:
    means: dict[str, list[float]] = defaultdict(list)
    for color in ("red", "blue"):
        layer = sprite(SceneObject("car", (color,), (0.0, 0.0, 120.0, 60.0)), 7, [])
        means[color] = ImageStat.Stat(layer.convert("RGB"), layer.getchannel("A")).mean
    assert means["red"][0] > means["blue"][0] + 40
    assert means["blue"][2] > means["red"][2] + 40


def test_the_two_senses_of_bat_and_of_glasses_look_different() -> None:
    for first, second in (("bat.animal", "bat.club"), ("cup", "glasses.cups")):
        a, b = (sprite(SceneObject(sense, ("black",), (0.0, 0.0, 40.0, 40.0)), 1, []) for sense in (first, second))
        assert np.abs(np.asarray(a, dtype=int) - np.asarray(b, dtype=int)).mean() > 10


def test_who_is_who_can_be_seen() -> None:
    drawn = [np.asarray(sprite(SceneObject(who, (), (0, 0, 46, 100), "stand"), 1, []), dtype=int) for who in PEOPLE]
    for first in range(4):
        for second in range(first):
            assert np.abs(drawn[first] - drawn[second]).mean() > 1.5


def test_every_pose_of_a_person_can_be_drawn_on_both_sides() -> None:
    for pose in POSES:
        right, left = (
            sprite(SceneObject("girl", (), (0.0, 0.0, 60.0, 80.0), pose, facing), 2, []) for facing in (1, -1)
        )
        assert right.getbbox() and left.getbbox()
        assert right.tobytes() != left.tobytes()
