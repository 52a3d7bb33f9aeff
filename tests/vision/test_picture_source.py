from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from crosscap.errors import InputError
from crosscap.vision.annotations.annotated_images import AnnotatedImage, Annotations, read_annotations
from crosscap.vision.images import load_picture
from crosscap.vision.picture_source import PictureSource, readable_pictures


def annotated(folder: Path, shapes: Path) -> Annotations:
    shutil.copytree(shapes / "images/train", folder, dirs_exist_ok=True)
    return read_annotations(shapes / "annotations/instances_train.json")


def test_unreadable_pictures_are_left_out_with_a_warning_and_the_others_keep_their_order(
    shapes: Path, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    annotations = annotated(tmp_path, shapes)
    (tmp_path / "train-4.png").write_bytes(b"<html>")
    kept, source = readable_pictures(tmp_path, annotations)
    assert [image.id for image in kept.images] == [1, 2, 3, *range(5, 13)]
    assert kept.images[3] is annotations.images[4]
    for row, image in enumerate(kept.images):
        assert np.array_equal(source[row], load_picture(tmp_path / image.file_name))
    assert [record.getMessage().split(",")[0] for record in caplog.records] == [
        f"left out: {tmp_path}/train-4.png: found a web page or XML",
        "1 of 12 pictures left out",
    ]


def test_a_folder_of_which_more_than_a_tenth_is_unreadable_is_an_error(shapes: Path, tmp_path: Path) -> None:
    annotations = annotated(tmp_path, shapes)
    (tmp_path / "train-4.png").unlink()
    (tmp_path / "train-9.png").write_bytes(b"")
    with pytest.raises(InputError) as error:
        readable_pictures(tmp_path, annotations)
    assert error.value.path == str(tmp_path)
    assert "found 2 of 12 pictures that cannot be used, the first: " in str(error.value)
    assert "train-4.png: found no such file" in str(error.value) and "at most 10%" in str(error.value)


def test_a_picture_that_lies_unlike_its_annotations_is_left_out_and_says_so(
    shapes: Path, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    annotations = annotated(tmp_path, shapes)
    exif = Image.Exif()
    exif[0x0112] = 6
    with Image.open(tmp_path / "train-1.png") as image:
        image.save(tmp_path / "train-1.png", exif=exif)
    kept, _ = readable_pictures(tmp_path, annotations)
    assert len(kept.images) == 11
    assert "found 48 x 64 pixels, expected 64 x 48 as annotated. The annotations are of the picture as it lies" in (
        caplog.text
    )


def test_annotations_of_a_picture_that_comes_reduced_are_reduced_with_it(
    shapes: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("crosscap.vision.images.FULL_PIXELS", 32 * 24)
    annotations = annotated(tmp_path, shapes)
    kept, source = readable_pictures(tmp_path, annotations)
    assert source[2].shape == (24, 32, 3) and (kept.images[2].width, kept.images[2].height) == (32, 24)
    assert np.array_equal(kept.images[2].boxes * 2, annotations.images[2].boxes)


def test_pictures_beyond_the_memory_are_decoded_again(shapes: Path) -> None:
    annotations = read_annotations(shapes / "annotations/instances_train.json")
    source = PictureSource(shapes / "images/train", annotations.images, memory=2 * 64 * 48 * 3)
    assert [source[row] is source[row] for row in range(4)] == [True, True, False, False]
    assert np.array_equal(source[3], source[3])


def test_no_pictures_are_no_error(tmp_path: Path) -> None:
    annotations = Annotations((), (), (), ())
    assert readable_pictures(tmp_path, annotations)[0] == annotations


def test_a_size_that_is_not_the_annotated_one_is_an_error(shapes: Path) -> None:
    images: list[AnnotatedImage] = list(read_annotations(shapes / "annotations/instances_train.json").images)
    source = PictureSource(shapes / "images/train", [replace(images[0], width=65)])
    with pytest.raises(InputError, match=r"found 64 x 48 pixels, expected 65 x 48 as annotated\. Mend the annotations"):
        source[0]
