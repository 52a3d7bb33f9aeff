from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from crosscap.errors import InputError
from crosscap.vision import images
from crosscap.vision.images import load_picture


def saved(path: Path, image: Image.Image, **options: object) -> Path:
    image.save(path, **options)
    return path


def test_an_rgb_picture_keeps_its_bytes(tmp_path: Path) -> None:
    pixels = np.arange(60, dtype=np.uint8).reshape(4, 5, 3)
    assert np.array_equal(load_picture(saved(tmp_path / "a.png", Image.fromarray(pixels))), pixels)


def test_gray_becomes_three_equal_channels(tmp_path: Path) -> None:
    picture = load_picture(saved(tmp_path / "a.png", Image.new("L", (5, 4), 7)))
    assert picture.shape == (4, 5, 3) and (picture == 7).all()


def test_sixteen_bits_are_scaled_to_eight(tmp_path: Path) -> None:
    pixels = np.array([[0, 32768, 65535]], dtype=np.uint16)
    picture = load_picture(saved(tmp_path / "a.png", Image.fromarray(pixels)))
    assert picture[0, :, 0].tolist() == [0, 127, 255]


def test_palette_gets_its_colours(tmp_path: Path) -> None:
    image = Image.new("P", (2, 2), 1)
    image.putpalette([0, 0, 0, 10, 200, 30])
    assert (load_picture(saved(tmp_path / "a.png", image)) == (10, 200, 30)).all()


def test_cmyk_becomes_rgb(tmp_path: Path) -> None:
    picture = load_picture(saved(tmp_path / "a.jpg", Image.new("CMYK", (8, 8), (0, 255, 255, 0))))
    assert picture.shape == (8, 8, 3)
    assert picture[4, 4, 0] > 200 and picture[4, 4, 1] < 60 and picture[4, 4, 2] < 60


def test_transparent_parts_become_white(tmp_path: Path) -> None:
    picture = load_picture(saved(tmp_path / "a.png", Image.new("RGBA", (2, 2), (200, 0, 0, 0))))
    assert (picture == 255).all()


def test_exif_orientation_turns_the_picture(tmp_path: Path) -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    path = saved(tmp_path / "a.jpg", Image.new("RGB", (16, 8)), exif=exif)
    assert load_picture(path).shape == (16, 8, 3)


def test_a_text_file_is_named_as_no_picture(tmp_path: Path) -> None:
    path = tmp_path / "a.jpg"
    path.write_text("not a picture")
    with pytest.raises(InputError) as error:
        load_picture(path)
    assert str(error.value) == (
        f"{path}: found data that is no picture, expected a picture (JPEG, PNG, …). "
        "Remove the file or save it again as JPEG or PNG."
    )


@pytest.mark.parametrize("suffix", [".jpg", ".png"])
def test_a_truncated_picture_is_an_error(tmp_path: Path, suffix: str) -> None:
    noise = np.random.default_rng(0).integers(0, 255, (64, 64, 3), dtype=np.uint8)
    path = saved(tmp_path / f"a{suffix}", Image.fromarray(noise))
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
    with pytest.raises(InputError, match=f"a{suffix}: found a damaged picture"):
        load_picture(path)


def test_an_empty_file_a_folder_and_nothing_are_errors(tmp_path: Path) -> None:
    (tmp_path / "empty.jpg").touch()
    for name, found in (("empty.jpg", "no picture"), ("absent.jpg", "no such file"), ("", "a folder")):
        with pytest.raises(InputError, match=found):
            load_picture(tmp_path / name)


def test_a_decompression_bomb_is_refused_by_its_header(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = saved(tmp_path / "a.png", Image.new("1", (300, 200)))
    monkeypatch.setattr(images, "MAX_PIXELS", 50_000)
    with pytest.raises(InputError, match="300 x 200 pixels, expected at most 50000"):
        load_picture(path)
    monkeypatch.setattr(Image, "MAX_IMAGE_PIXELS", 10)
    with pytest.raises(InputError, match="too many pixels"):
        load_picture(path)
