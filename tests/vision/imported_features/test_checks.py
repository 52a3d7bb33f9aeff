"""What is wrong costs its own record, is said with its reason, and never gets far."""

from __future__ import annotations

import io
import json
import tracemalloc
import zipfile
from pathlib import Path

import h5py
import numpy as np
import pytest

from crosscap.errors import InputError
from crosscap.vision.detectors.detection import Detections
from crosscap.vision.imported_features.class_names import read_names
from crosscap.vision.imported_features.importing import FeatureImport
from crosscap.vision.imported_features.pictures import WantedPicture
from crosscap.vision.imported_features.source import (
    FeatureFile,
    FeatureSource,
    check_unchanged,
    describe_file,
    read_source,
    write_source,
)
from tests.vision.imported_features import replicas as r

GOOD, *OTHERS = r.seen(3)
BAD = OTHERS[0]


def reason_in_table(folder: Path, row: list) -> str:
    """Why a row of `BAD` is left out; the good row before it is kept."""
    path = r.write_tsv(folder / "a.tsv", [r.butd_row(GOOD), row])
    found, whole = r.run("tsv", [path], r.wanted([GOOD, BAD]), max_missing=0.5)
    report = whole.report
    assert (report.read, report.kept, report.quarantined, report.unknown, report.missing) == (2, 1, 1, 0, 1)
    assert isinstance(found[GOOD.id], Detections)
    (note,) = report.first_quarantined
    assert note["place"] == "a.tsv, line 2" and report.reasons == {note["reason"].split(":")[0]: 1}
    return note["reason"]


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"boxes": "no=base64"}, "no base64: boxes"),
        ({"features": r.coded(BAD.features)[:-4]}, "another length: features has "),
        ({"features": ""}, "another length: features has 0 bytes, expected some for 3 boxes"),
        ({"boxes": r.coded(BAD.boxes[:2])}, "another length: boxes has 32 bytes, expected 48 for 3 boxes"),
        ({"num_boxes": 10**8}, "too many boxes: 100000000"),
        ({"num_boxes": 10**30}, "no whole number: num_boxes"),
        ({"num_boxes": -3}, "no whole number: num_boxes"),
        ({"num_boxes": 0}, "no boxes: num_boxes is 0"),
        ({"image_w": 640, "image_h": 480}, "another picture: of 640 x 480 pixels, ours has 64 x 48"),
        ({"features": r.coded(np.full((3, r.D), np.nan, "f4"))}, "no number: features holds NaN or infinity"),
        ({"boxes": r.coded(np.full((3, 4), np.inf, "f4"))}, "no number: boxes holds NaN or infinity"),
        ({"features": r.coded(np.ones((3, 2 * r.D), "f4"))}, "another width: 12 values, the first record has 6"),
        ({"boxes": r.coded(BAD.boxes[:, [2, 3, 0, 1]])}, "inside out"),
        ({"boxes": r.coded(BAD.boxes + np.float32(30))}, "outside: the box "),
        ({"boxes": r.coded(BAD.boxes / np.float32(64))}, "no pixels: all boxes lie between 0 and 1"),
    ],
)
def test_a_bad_row_is_left_out_with_its_reason(tmp_path, changes, reason):
    assert reason_in_table(tmp_path, r.butd_row(BAD, **changes)).startswith(reason)


def test_rows_that_name_no_picture_are_quarantined_too(tmp_path):
    rows = [r.butd_row(GOOD), ["391896", "64"], r.butd_row(BAD, image_id=""), [], r.butd_row(BAD)[:-1]]
    _, whole = r.run("tsv", [r.write_tsv(tmp_path / "a.tsv", rows)], r.wanted([GOOD]))
    assert (whole.report.read, whole.report.kept, whole.report.quarantined) == (5, 1, 4)
    assert whole.report.reasons == {"another number of columns": 3, "no id": 1}


def test_a_line_without_end_is_not_held_in_memory(tmp_path, monkeypatch):
    monkeypatch.setattr("crosscap.vision.imported_features.tsv.LONGEST", 1 << 21)
    good = "\t".join(map(str, r.butd_row(GOOD)))
    (tmp_path / "a.tsv").write_text(f"{good}\n1\t{'A' * (24 << 20)}\n")
    tracemalloc.start()
    _, whole = r.run("tsv", [tmp_path / "a.tsv"], r.wanted([GOOD]))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert whole.report.reasons == {"too long": 1} and peak < 16 << 20


def test_memory_does_not_grow_with_the_file(tmp_path):
    peaks = []
    for count in (80, 240):
        pictures = r.seen(count, boxes=20, size=256)
        path = r.write_tsv(tmp_path / f"{count}.tsv", [r.butd_row(picture) for picture in pictures])
        source = FeatureSource("tsv", (describe_file(str(path)),))
        whole = FeatureImport(source, r.wanted(pictures))
        tracemalloc.start()
        assert sum(len(found) for _, found in whole) == 20 * count
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
    assert path.stat().st_size > 5 << 20 and peaks[1] < peaks[0] + (1 << 20)


def test_an_id_with_a_path_in_it_is_a_name_and_no_path(tmp_path):
    rows = [r.butd_row(GOOD), r.butd_row(BAD, image_id="../../etc/passwd"), r.butd_row(BAD, image_id="/" * 300)]
    _, whole = r.run("tsv", [r.write_tsv(tmp_path / "a.tsv", rows)], r.wanted([GOOD]))
    assert whole.report.unknown == 2 and whole.report.first_unknown[0]["key"] == "../../etc/passwd"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a.tsv"]


def test_unknown_pictures_are_counted_and_ten_of_them_listed(tmp_path, caplog):
    caplog.set_level("INFO")
    rows = [r.butd_row(GOOD), *(r.butd_row(BAD, image_id=number) for number in range(12))]
    _, whole = r.run("tsv", [r.write_tsv(tmp_path / "a.tsv", rows)], r.wanted([GOOD]))
    report = whole.report
    assert (report.read, report.kept, report.quarantined, report.unknown) == (13, 1, 0, 12)
    assert [note["key"] for note in report.first_unknown] == [str(number) for number in range(10)]
    assert "'8', '9', …" in caplog.text


def test_the_second_record_of_a_picture_is_left_out(tmp_path):
    rows = [r.butd_row(GOOD), r.butd_row(GOOD, features=r.coded(GOOD.features + np.float32(1)))]
    found, whole = r.run("tsv", [r.write_tsv(tmp_path / "a.tsv", rows)], r.wanted([GOOD]))
    assert whole.report.reasons == {"stands twice": 1}
    assert np.array_equal(found[GOOD.id].features, GOOD.features)


def test_missing_pictures_have_their_reason_until_they_are_too_many(tmp_path):
    path = r.write_tsv(tmp_path / "a.tsv", [r.butd_row(GOOD)])
    pictures = r.wanted([GOOD, *OTHERS])
    found, whole = r.run("tsv", [path], pictures, max_missing=0.67)
    assert whole.report.missing == 2 and found[BAD.id] == "no features: no record is of this picture"
    with pytest.raises(
        InputError, match=r"no features of 2 of 3 pictures, first COCO_val2014_000000391896\.jpg: none of 1"
    ):
        r.run("tsv", [path], pictures, max_missing=0.66)


def test_two_pictures_of_one_name_are_refused(tmp_path):
    twins = [*r.wanted([GOOD]), *r.wanted([GOOD], "val")]
    with pytest.raises(InputError, match=r"a\.tsv, line 1: found the image '391895', which is test/.* and val/"):
        r.run("tsv", [r.write_tsv(tmp_path / "a.tsv", [r.butd_row(GOOD)])], twins)


def test_a_picture_that_nobody_has_seen_takes_its_size_from_the_file(tmp_path):
    unseen = [WantedPicture(GOOD.id, "test", "x.jpg", None)]
    path = r.write_tsv(tmp_path / "a.tsv", [r.butd_row(GOOD)])
    whole = FeatureImport(FeatureSource("tsv", (describe_file(str(path)),)), unseen)
    assert [(image["width"], image["height"]) for image, _ in whole] == [(r.WIDTH, r.HEIGHT)]
    path = r.write_m2(tmp_path / "a.h5", [GOOD])
    found, _ = r.run("h5", [path], unseen, max_missing=1.0)
    assert found[GOOD.id] == "no size: neither a picture nor the file tells width and height"


def test_boxes_a_little_outside_are_clipped(tmp_path):
    boxes = np.array([[-1.5, -2, 20, 20], [50, 40, 65.5, 50]], np.float32)
    r.write_npz(tmp_path / "npz", [GOOD], bbox=boxes)
    found, _ = r.run("npz", [tmp_path / "npz"], r.wanted([GOOD]))
    assert found[GOOD.id].boxes.tolist() == [[0, 0, 20, 20], [50, 40, 64, 48]]


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"x": np.array([{"a": 1}, None], dtype=object)}, "pickled objects: x"),
        ({"x": BAD.features.astype(np.longdouble)}, "another type: x is float128"),
        ({"x": BAD.features.astype(np.int32)}, "another type: x is int32, expected float16, float32 or float64"),
        ({"x": BAD.features.astype("c8")}, "another type: x is complex64"),
        ({"x": np.zeros((3, 2, 2), np.float32)}, "another shape: features of shape 3x2x2"),
        ({"x": np.full((3, r.D), 1e300)}, "no number: features"),
        ({"num_bbox": 36}, "another number of boxes: num_boxes says 36, features 3"),
        ({"bbox": BAD.boxes[:2]}, "another number of boxes: boxes says 2, features 3"),
        ({"bbox": BAD.boxes[:, :3]}, "another shape: boxes of 3 values, expected 4"),
        ({"bbox": np.float32(3)}, "another shape: boxes of shape "),
        ({"image_h": np.zeros(2, int)}, "no whole number: image_h"),
        ({"cls_prob": BAD.class_scores[:, :2]}, "another shape: classes of 3x2, expected 3x5"),
        ({"cls_prob": BAD.class_scores * 9}, "no probabilities: classes from "),
        ({"cls_prob": None, "objects_id": np.array([0, 5, 1]), "objects_conf": BAD.scores}, "no such name: row 5 of 5"),
        ({"cls_prob": None}, "no names: the file does not say the classes of its boxes"),
    ],
)
def test_a_bad_npz_file_is_left_out_with_its_reason(tmp_path, changes, reason):
    r.write_npz(tmp_path / "npz", [GOOD], cls_prob=GOOD.class_scores)
    r.write_npz(tmp_path / "npz", [BAD], **{"cls_prob": BAD.class_scores, **changes})
    if changes.get("cls_prob", 0) is None:
        del changes["cls_prob"]
        r.write_npz(tmp_path / "npz", [BAD], **changes)
    found, whole = r.run("npz", [tmp_path / "npz"], r.wanted([GOOD, BAD]), r.CLASSES, max_missing=0.5)
    assert isinstance(found[GOOD.id], Detections) and whole.report.quarantined == 1
    assert found[BAD.id].startswith(reason)


def npy(header: str, content: bytes = b"") -> bytes:
    """An array file that says what it likes."""
    return b"\x93NUMPY\x01\x00" + len(header).to_bytes(2, "little") + header.encode() + content


@pytest.mark.parametrize(
    ("member", "reason"),
    [
        (
            npy("{'descr': '<f4', 'fortran_order': False, 'shape': (1000000, 1000000)}"),
            "too large: x of shape 1000000x",
        ),
        (npy("{'descr': '<f4', 'fortran_order': False, 'shape': (9999, 2048)}", bytes(4096)), "damaged: x has not the"),
        (npy("{'descr': '<f4', 'fortran_order': False, 'shape': (1, 2)}", bytes(1 << 22)), "damaged: x has not the 8"),
        (npy("{'descr': '<f4', 'fortran_order': False, 'shape': (-1, 2)}"), "too large: x"),
        (npy("{'descr': '|O', 'fortran_order': False, 'shape': (1,)}", b"cos\nsystem\n"), "pickled objects: x"),
        (npy("(" * 5000), "damaged: x"),
        (b"\x93NUMPY\x02\x00\xff\xff\xff\xff", "another version: x"),
        (b"PK", "damaged: x"),
    ],
)
def test_an_array_is_judged_by_its_header(tmp_path, member, reason):
    with zipfile.ZipFile(tmp_path / f"{GOOD.id}.npz", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("x.npy", member)
    tracemalloc.start()
    found, _ = r.run("npz", [tmp_path], r.wanted([GOOD]), max_missing=1.0)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert found[GOOD.id].startswith(reason) and peak < 8 << 20


def test_archives_that_need_more_than_deflate_or_are_none_are_left_out(tmp_path):
    with zipfile.ZipFile(tmp_path / f"{GOOD.id}.npz", "w", zipfile.ZIP_LZMA) as archive:
        buffer = io.BytesIO()
        np.save(buffer, GOOD.features)
        archive.writestr("x.npy", buffer.getvalue())
    (tmp_path / f"{BAD.id}.npz").write_bytes(b"no archive")
    found, _ = r.run("npz", [tmp_path], r.wanted([GOOD, BAD]), max_missing=1.0)
    assert found[GOOD.id] == "another compression: x"
    assert found[BAD.id].startswith(f"damaged: {BAD.id}.npz (File is not a zip file")


def test_hdf5_that_points_out_of_its_file_is_not_followed(tmp_path):
    secret = r.write_m2(tmp_path / "secret.h5", [BAD])
    with h5py.File(tmp_path / "a.h5", "w") as file:
        file[f"{GOOD.id}_features"], file[f"{GOOD.id}_boxes"] = GOOD.features, GOOD.boxes
        name = f"{BAD.id}_features"
        file[name], file[f"{BAD.id}_boxes"] = h5py.ExternalLink(secret, name), BAD.boxes
        other = f"{OTHERS[1].id}"
        layout = h5py.VirtualLayout(BAD.features.shape, "f4")
        layout[:] = h5py.VirtualSource(str(secret), name, BAD.features.shape)
        file.create_virtual_dataset(f"{other}_features", layout)
        file[f"{other}_boxes"] = BAD.boxes
        file["7_features"] = np.zeros((2, 3), "S3")
        file["8"] = h5py.ExternalLink(secret, "/")
    pictures = [*r.wanted([GOOD, *OTHERS]), WantedPicture(7, "val", "7.jpg", (9, 9))]
    found, whole = r.run("h5", [tmp_path / "a.h5"], pictures, max_missing=1.0)
    assert isinstance(found[GOOD.id], Detections) and whole.report.read == 4
    assert found[BAD.id] == f"a link to elsewhere: {BAD.id}_features"
    assert found[OTHERS[1].id] == f"no array of this file: {other}_features"
    assert found[7].startswith("another type: 7_features is |S3")


def test_hdf5_of_a_huge_shape_is_not_read(tmp_path):
    with h5py.File(tmp_path / "a.h5", "w") as file:
        file.create_dataset(f"{GOOD.id}_features", (1 << 20, 1 << 20), "f4", chunks=(16, 16))
        file[f"{GOOD.id}_boxes"] = GOOD.boxes
        file.create_dataset(
            f"{BAD.id}_features", BAD.features.shape, "f4", chunks=(1 << 14, 1 << 13), maxshape=(None, None)
        )
        file[f"{BAD.id}_boxes"] = BAD.boxes
    found, _ = r.run("h5", [tmp_path / "a.h5"], r.wanted([GOOD, BAD]), max_missing=1.0)
    assert found[GOOD.id].startswith("too large: ") and found[BAD.id].startswith("too large: a piece of ")


def test_rows_of_a_flat_file_must_be_in_it(tmp_path):
    path, ids = r.write_adaptive(tmp_path / "a.h5", [GOOD, *OTHERS])
    pictures = r.wanted([GOOD, *OTHERS])
    ids.write_text(json.dumps({GOOD.id: 0, BAD.id: 3, OTHERS[1].id: True}))
    found, _ = r.run("flat_h5", (path, ids), pictures, max_missing=1.0)
    assert isinstance(found[GOOD.id], Detections) and found[BAD.id] == "no row: '3' of 3"
    assert found[OTHERS[1].id] == "no row: 'True' of 3"
    with h5py.File(path, "a") as file:
        file["pos_boxes"][0] = [5, 10**9]
    assert r.run("flat_h5", (path, ids), pictures, max_missing=1.0)[0][GOOD.id].startswith("no rows: 5 to 1000000000")


def test_names_are_the_first_synonyms_and_count_from_the_first_thing(tmp_path):
    path = tmp_path / "objects_vocab.txt"
    path.write_text("__background__\nYolk\ntennis racket,racket\n\n")
    assert read_names(path) == ("yolk", "tennis racket")
    path.write_text("yolk\n\ngoal\n")
    with pytest.raises(InputError, match="line 2: found an empty line"):
        read_names(path)
    path.write_text("\n")
    with pytest.raises(InputError, match="found no names"):
        read_names(path)


def test_a_description_is_read_as_it_was_written_and_notices_changed_files(tmp_path):
    table, folder = tmp_path / "a.tsv", r.write_npz(tmp_path / "npz", [GOOD])
    table.write_text("a")
    files = tuple(describe_file(str(path)) for path in (table, folder))
    source = FeatureSource("tsv", files, ("dog",), (), 0.5, {"val": [{"id": 7, "file_name": "7.jpg"}]})
    write_source(tmp_path / "source.json", source)
    assert read_source(tmp_path / "source.json") == source
    check_unchanged(source)
    r.write_npz(folder, [BAD])
    with pytest.raises(InputError, match="npz: found a file that has changed since it was collected"):
        check_unchanged(source)
    with pytest.raises(InputError, match="found no such file or folder, expected image features"):
        check_unchanged(FeatureSource("tsv", (FeatureFile(str(tmp_path / "none"), "", 1),)))
    (tmp_path / "source.json").write_text('{"files": 7}')
    with pytest.raises(InputError, match="found another description"):
        read_source(tmp_path / "source.json")
