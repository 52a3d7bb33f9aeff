from __future__ import annotations

import errno
import io
import os
import struct
import subprocess
import sys
import tracemalloc
import zlib
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image

from crosscap.errors import InputError
from crosscap.vision import images
from crosscap.vision.images import load_picture, open_picture, picture_size

GRADIENT = np.dstack(np.meshgrid(np.arange(0, 240, 3), np.arange(0, 240, 6), [7], indexing="xy")).astype(np.uint8)
"""[40, 80, 3], darkest top left."""


def saved(path: Path, image: Image.Image, **options: object) -> Path:
    image.save(path, **options)
    return path


def reason(path: Path) -> str:
    with pytest.raises(InputError) as error:
        open_picture(path)
    assert error.value.path == str(path)
    return error.value.found


def chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def png(width: int, height: int, rows: bytes = b"", bits: int = 8, color: int = 2, *chunks: bytes) -> bytes:
    """A PNG that claims to be of this size; ``rows`` are its bytes before compression."""
    header = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, bits, color, 0, 0, 0))
    data = chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + header + b"".join(chunks) + data


def test_an_rgb_picture_keeps_its_bytes(tmp_path: Path) -> None:
    for suffix in ("png", "bmp"):
        assert np.array_equal(load_picture(saved(tmp_path / f"a.{suffix}", Image.fromarray(GRADIENT))), GRADIENT)
    lossless = saved(tmp_path / "a.webp", Image.fromarray(GRADIENT), lossless=True)
    assert np.array_equal(load_picture(lossless), GRADIENT)


def test_gray_becomes_three_equal_channels(tmp_path: Path) -> None:
    picture = load_picture(saved(tmp_path / "a.png", Image.new("L", (5, 4), 7)))
    assert picture.shape == (4, 5, 3) and (picture == 7).all()
    picture = load_picture(saved(tmp_path / "b.png", Image.fromarray(np.eye(4, dtype=bool))))
    assert picture[..., 1].tolist() == (255 * np.eye(4, dtype=int)).tolist()


def test_sixteen_bits_are_scaled_to_eight(tmp_path: Path) -> None:
    pixels = np.array([[0, 32768, 65535]], dtype=np.uint16)
    picture = load_picture(saved(tmp_path / "a.png", Image.fromarray(pixels)))
    assert picture[0, :, 0].tolist() == [0, 127, 255]
    rows = b"\0" + struct.pack(">6H", 0, 32768, 65535, 65535, 0, 257)
    (tmp_path / "rgb.png").write_bytes(png(2, 1, rows, bits=16))
    assert load_picture(tmp_path / "rgb.png").tolist() == [[[0, 128, 255], [255, 0, 1]]]
    transparent = chunk(b"tRNS", struct.pack(">H", 300))
    (tmp_path / "hole.png").write_bytes(png(2, 1, b"\0" + struct.pack(">2H", 300, 301), 16, 0, transparent))
    assert load_picture(tmp_path / "hole.png")[0, :, 0].tolist() == [255, 1]


def test_palette_gets_its_colours(tmp_path: Path) -> None:
    image = Image.fromarray(np.array([[0, 1]], np.uint8), "P")
    image.putpalette([90, 0, 0, 10, 200, 30])
    assert load_picture(saved(tmp_path / "a.png", image)).tolist() == [[[90, 0, 0], [10, 200, 30]]]
    assert load_picture(saved(tmp_path / "b.png", image, transparency=0)).tolist() == [[[255] * 3, [10, 200, 30]]]
    half = load_picture(saved(tmp_path / "c.png", image, transparency=b"\xff\x80"))
    assert half[0, 0].tolist() == [90, 0, 0] and half[0, 1].tolist() == [132, 227, 142]


def test_cmyk_becomes_rgb_whether_stored_as_adobe_does_or_not(tmp_path: Path) -> None:
    adobe = saved(tmp_path / "a.jpg", Image.new("CMYK", (8, 8), (0, 255, 255, 0)))
    red, green, blue = load_picture(adobe)[4, 4].tolist()
    assert red > 200 and green < 60 and blue < 60
    data = adobe.read_bytes()
    start = data.index(b"\xff\xee")  # Adobe's marker, without which the values stand as they are
    (tmp_path / "b.jpg").write_bytes(data[:start] + data[start + 2 + int.from_bytes(data[start + 2 : start + 4]) :])
    assert load_picture(tmp_path / "b.jpg")[4, 4].tolist() == [0, 0, 0]  # 255, 0, 0, 255: black, and some cyan


def test_transparent_parts_become_white(tmp_path: Path) -> None:
    for mode, value in (("RGBA", (200, 0, 0, 0)), ("LA", (9, 0))):
        assert (load_picture(saved(tmp_path / "a.png", Image.new(mode, (2, 2), value))) == 255).all()


@pytest.mark.parametrize("suffix", ["gif", "webp", "png"])
def test_of_an_animation_the_first_picture_counts(tmp_path: Path, suffix: str) -> None:
    frames = [Image.new("RGB", (6, 4), color) for color in ("red", "blue", "lime")]
    lossless = {"lossless": True} if suffix == "webp" else {}
    path = saved(tmp_path / f"a.{suffix}", frames[0], save_all=True, append_images=frames[1:], **lossless)
    with Image.open(path) as image:
        assert image.n_frames == 3
    assert (load_picture(path) == (255, 0, 0)).all()


def test_of_a_multi_picture_file_the_first_counts(tmp_path: Path) -> None:
    images = [Image.new("RGB", (16, 8), color) for color in ("white", "black")]
    path = saved(tmp_path / "a.jpg", images[0], format="MPO", save_all=True, append_images=images[1:])
    assert (load_picture(path) == 255).all()


@pytest.mark.parametrize("suffix", ["jpg", "png", "webp"])
def test_every_exif_orientation_gives_the_same_upright_picture(tmp_path: Path, suffix: str) -> None:
    turns = (None, 0, 3, 1, 5, 2, 6, 4)  # Pillow's operation that stores an upright picture so
    for orientation, turn in enumerate(turns, 1):
        exif = Image.Exif()
        exif[0x0112] = orientation
        upright = Image.fromarray(GRADIENT)
        lies = upright if turn is None else upright.transpose(Image.Transpose(turn))
        path = saved(tmp_path / f"{orientation}.{suffix}", lies, exif=exif, quality=95)
        assert picture_size(path) == (80, 40)
        assert np.abs(load_picture(path).astype(int) - GRADIENT).max() < 40, orientation


def test_damaged_metadata_do_not_cost_a_picture(tmp_path: Path) -> None:
    for number, exif in enumerate((b"Exif\0\0", b"Exif\0\0II*\0\xff\xff\xff\xff", b"Exif\0\0" + os.urandom(40))):
        path = saved(tmp_path / f"{number}.jpg", Image.new("L", (16, 8)), exif=exif)
        assert load_picture(path).shape == (8, 16, 3) and picture_size(path) == (16, 8)
    exif = Image.Exif()
    exif[0x0112] = 77
    assert load_picture(saved(tmp_path / "77.jpg", Image.new("L", (16, 8)), exif=exif)).shape == (8, 16, 3)
    path = saved(tmp_path / "profile.png", Image.fromarray(GRADIENT), icc_profile=b"no profile")
    assert np.array_equal(load_picture(path), GRADIENT)


def test_a_progressive_jpeg_is_the_plain_one(tmp_path: Path) -> None:
    image = Image.fromarray(GRADIENT)
    plain, progressive = (saved(tmp_path / f"{flag}.jpg", image, progressive=flag) for flag in (False, True))
    assert plain.read_bytes() != progressive.read_bytes()
    assert np.array_equal(load_picture(plain), load_picture(progressive))


@pytest.mark.parametrize(
    ("content", "found"),
    [
        (b"", "an empty file"),
        (b"not a picture", "data that is no picture"),
        (b"\n <svg xmlns='http://www.w3.org/2000/svg'/>", "an SVG drawing"),
        (b"<!DOCTYPE html><title>404</title>", "a web page or XML"),
        (b"\0\0\0\x18ftypheic\0\0\0\0mif1heic", "a HEIC picture"),
        (b"\0\0\0\x1cftypavif\0\0\0\0avifmif1", "an AVIF picture"),
        (b"II*\0\x08\0\0\0", "a TIFF picture"),
        (b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n", "data that is no picture"),
        (b"version https://git-lfs.github.com/spec/v1\n", "a pointer to a file in Git LFS"),
    ],
)
def test_what_is_no_picture_is_named(tmp_path: Path, content: bytes, found: str) -> None:
    (tmp_path / "a.jpg").write_bytes(content)
    assert reason(tmp_path / "a.jpg") == found


def test_formats_that_pillow_reads_and_we_do_not_are_refused(tmp_path: Path) -> None:
    frames = [Image.new("RGB", (6, 4), color) for color in ("red", "blue")]
    tiff = saved(tmp_path / "a.tif", frames[0], save_all=True, append_images=frames[1:])
    assert reason(tiff) == "a TIFF picture"
    assert reason(saved(tmp_path / "a.ppm", frames[0])) == "data that is no picture"


@pytest.mark.parametrize("suffix", ["jpg", "png", "webp", "gif", "bmp"])
def test_a_truncated_picture_is_an_error(tmp_path: Path, suffix: str) -> None:
    noise = np.random.default_rng(0).integers(0, 255, (64, 64, 3), dtype=np.uint8)
    path = saved(tmp_path / f"a.{suffix}", Image.fromarray(noise))
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
    assert reason(path).startswith("a damaged picture (")


def test_what_is_no_file_is_named_and_never_waited_for(tmp_path: Path) -> None:
    (tmp_path / "folder.jpg").mkdir()
    os.mkfifo(tmp_path / "pipe.jpg")
    (tmp_path / "zero.jpg").symlink_to("/dev/zero")
    (tmp_path / "loop.jpg").symlink_to("loop.jpg")
    (tmp_path / "secret.jpg").symlink_to("/etc/passwd")
    for name, found in (
        ("folder.jpg", "a folder"),
        ("absent.jpg", "no such file"),
        ("pipe.jpg", "no regular file"),
        ("zero.jpg", "no regular file"),
        ("loop.jpg", "a file that cannot be read: Too many levels of symbolic links"),
        ("secret.jpg", "data that is no picture"),
        ("x" * 300, "a file that cannot be read: File name too long"),
    ):
        assert reason(tmp_path / name) == found
    with pytest.raises(InputError, match="null"):
        load_picture("a\0.jpg")


def test_a_link_to_a_picture_and_odd_names_are_read(tmp_path: Path) -> None:
    target = saved(tmp_path / "a.png", Image.fromarray(GRADIENT))
    for name in ("link.jpg", "two\nlines.jpg", os.fsdecode(b"\xff\xfe.jpg")):
        (tmp_path / name).symlink_to(target)
        assert np.array_equal(load_picture(tmp_path / name), GRADIENT)
    with pytest.raises(InputError) as error:
        load_picture(tmp_path / os.fsdecode(b"no\n\xff.jpg"))
    assert str(error.value).startswith(f"{tmp_path}/no\\n\\udcff.jpg: found no such file")


def test_a_file_that_may_not_be_read_is_named_and_a_machine_that_is_full_stops(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = saved(tmp_path / "a.png", Image.fromarray(GRADIENT))
    error = PermissionError(errno.EACCES, "Permission denied")

    def refuse(*_arguments: object, **_options: object) -> None:
        raise error

    monkeypatch.setattr(Image, "open", refuse)
    assert reason(path) == "a file that cannot be read: Permission denied"
    error = OSError(errno.EMFILE, "Too many open files")
    with pytest.raises(OSError, match="Too many open files"):
        load_picture(path)


def test_a_decompression_bomb_is_refused_by_its_header(tmp_path: Path) -> None:
    path = tmp_path / "bomb.png"
    for width, height, found in (
        (12_000, 11_000, "12000 x 11000 pixels"),
        (2**31 - 1, 2**31 - 1, "too many pixels"),
        (60_000, 60_000, "too many pixels"),
    ):
        path.write_bytes(png(width, height))
        assert reason(path) == found
        with pytest.raises(InputError, match=r"expected at most 128000000"):
            picture_size(path)
    path.write_bytes(png(0, 9))
    assert reason(path) == "a damaged PNG picture"
    path.write_bytes(png(9000, 9000, b"\0" * 1000))  # pixels that are not there
    assert reason(path).startswith("a damaged picture")


def test_a_large_webp_is_refused_sooner_since_its_decoder_holds_more(tmp_path: Path) -> None:
    stream = io.BytesIO()
    Image.new("RGB", (4, 4)).save(stream, "WEBP", lossless=True)
    frame = bytes(6) + b"\x03\0\0" * 2 + b"\x0a\0\0\0" + stream.getvalue()[12:]
    canvas = b"\x02\0\0\0" + (8000 - 1).to_bytes(3, "little") + (4008 - 1).to_bytes(3, "little")
    parts = ((b"VP8X", canvas), (b"ANIM", bytes(6)), (b"ANMF", frame))
    data = b"WEBP" + b"".join(kind + len(part).to_bytes(4, "little") + part for kind, part in parts)
    (tmp_path / "a.webp").write_bytes(b"RIFF" + len(data).to_bytes(4, "little") + data)
    assert reason(tmp_path / "a.webp") == "8000 x 4008 pixels"


def test_compressed_text_in_a_png_is_not_unpacked_without_end(tmp_path: Path) -> None:
    bomb = chunk(b"zTXt", b"a\0\0" + zlib.compress(bytes(30_000_000)))
    (tmp_path / "a.png").write_bytes(png(2, 1, bytes(7), 8, 2, bomb))
    tracemalloc.start()
    try:
        found = reason(tmp_path / "a.png")
        assert "too large" in found and tracemalloc.get_traced_memory()[1] < 10_000_000
    finally:
        tracemalloc.stop()


def test_a_jpeg_of_many_scans_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = saved(tmp_path / "a.jpg", Image.fromarray(GRADIENT), progressive=True)
    data = path.read_bytes()
    last = data.rindex(b"\xff\xda")
    path.write_bytes(data[:-2] + 2_000_000 * b"\xff\xda" + data[last:])
    assert reason(path) == f"{2_000_000 + data.count(bytes((255, 218))) + 1} scans in a JPEG"


def test_the_largest_files_are_not_even_opened(tmp_path: Path) -> None:
    path = tmp_path / "a.png"
    path.write_bytes(png(2, 1, bytes(7)))
    os.truncate(path, 1_000_000_001)
    assert reason(path) == "1000000001 bytes"


def test_the_smallest_picture_is_read_and_the_thinnest_is_refused(tmp_path: Path) -> None:
    assert load_picture(saved(tmp_path / "a.png", Image.new("RGB", (1, 1), "red"))).tolist() == [[[255, 0, 0]]]
    assert load_picture(saved(tmp_path / "b.png", Image.new("RGB", (3, 96)))).shape == (96, 3, 3)
    assert reason(saved(tmp_path / "c.png", Image.new("RGB", (1, 5000)))) == "1 x 5000 pixels"


@pytest.mark.parametrize("mode", ["RGB", "L", "CMYK", "P", "RGBA", "I;16"])
def test_a_large_picture_comes_reduced_and_its_boxes_in_its_own_pixels(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, mode: str
) -> None:
    square = Image.new("L", (403, 300), 255)
    square.paste(0, (101, 50, 201, 150))
    image = Image.fromarray(np.asarray(square).astype(np.uint16) * 257) if mode == "I;16" else square.convert(mode)
    exif = Image.Exif()
    exif[0x0112] = 6
    path = saved(tmp_path / ("a.jpg" if mode in ("RGB", "L", "CMYK") else "a.png"), image, exif=exif)
    whole = open_picture(path)
    assert whole.pixels.shape == (403, 300, 3) and (whole.width, whole.height) == (300, 403)
    monkeypatch.setattr(images, "FULL_PIXELS", 8_000)
    monkeypatch.setattr(images, "_STRIP_PIXELS", 9_000)
    small = open_picture(path)
    assert small.pixels.shape == (101, 75, 3) and (small.width, small.height) == (300, 403)
    rows, columns = np.nonzero(small.pixels[..., 0] < 128)
    box = np.array([[columns.min(), rows.min(), columns.max() + 1, rows.max() + 1]], np.float32)
    assert np.abs(small.to_original(box) - [[150, 101, 250, 201]]).max() <= 4
    assert np.allclose(small.to_pixels(small.to_original(box)), box)
    assert np.array_equal(whole.to_original(box), box)
    mean = whole.pixels.astype(float)[:, :, 0]
    assert np.abs(mean[3:].reshape(100, 4, 75, 4).mean((1, 3)) - small.pixels[1:, :, 0]).mean() < 2


MEASURED = """
import resource, sys
from crosscap.vision.images import open_picture
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
picture = open_picture(sys.argv[1])
grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
print(picture.width, picture.height, *picture.pixels.shape, grown // 1024)
"""


def test_a_jpeg_of_12000_x_9000_is_read_in_a_third_of_the_memory_of_its_pixels(tmp_path: Path) -> None:
    path = saved(tmp_path / "a.jpg", Image.new("L", (12_000, 9_000), 99))
    printed = subprocess.run(
        [sys.executable, "-c", MEASURED, path], capture_output=True, text=True, check=True, timeout=60
    ).stdout
    *sizes, megabytes = map(int, printed.split())
    assert sizes == [12_000, 9_000, 2250, 3000, 3]
    assert megabytes < 110  # measured 60 to 95; the pixels themselves take 324


def encoded(format: str) -> bytes:
    stream = io.BytesIO()
    Image.fromarray(GRADIENT).save(stream, format)
    return stream.getvalue()


@settings(max_examples=150, deadline=2000, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.sampled_from([encoded(format) for format in ("JPEG", "PNG", "GIF", "WEBP", "BMP")]),
    st.lists(st.tuples(st.floats(0, 0.999), st.binary(max_size=8), st.booleans()), max_size=6),
)
def test_mutated_pictures_are_read_or_are_input_errors(
    tmp_path: Path, data: bytes, changes: list[tuple[float, bytes, bool]]
) -> None:
    for place, piece, replaces in changes:
        start = int(place * len(data))
        data = data[:start] + piece + data[start + (len(piece) if replaces else 0) :]
    path = tmp_path / "a.jpg"
    path.write_bytes(data)
    try:
        picture = open_picture(path)
    except InputError:
        return
    assert picture.pixels.dtype == np.uint8 and picture.pixels.shape == (picture.height, picture.width, 3)


@settings(max_examples=60, deadline=2000, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.sampled_from([b"", b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n", b"GIF89a", b"RIFF", b"BM", b"<"]), st.binary())
def test_random_bytes_are_input_errors(tmp_path: Path, start: bytes, rest: bytes) -> None:
    path = tmp_path / "a.jpg"
    path.write_bytes(start + rest)
    reason(path)
