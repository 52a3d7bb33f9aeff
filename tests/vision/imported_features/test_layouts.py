"""Each layout, as its authors write it, gives the same detections."""

from __future__ import annotations

import gzip
import json

import h5py
import numpy as np
import pytest

from crosscap.errors import InputError
from crosscap.vision.detectors.detection import Detections
from crosscap.vision.imported_features.importing import FeatureImport
from crosscap.vision.imported_features.source import FeatureFile, FeatureSource
from tests.vision.imported_features import replicas as r

PICTURES = r.seen()


def check(found: dict[int, Detections | str], labels: bool = False, attributes: str = "", exact: bool = True) -> None:
    assert list(found) == [picture.id for picture in PICTURES]
    for picture in PICTURES:
        some = found[picture.id]
        assert isinstance(some, Detections)
        assert np.array_equal(some.features, picture.features) and some.features.dtype == np.float32
        np.testing.assert_allclose(some.boxes, picture.boxes, rtol=0 if exact else 1e-6)
        if labels:
            assert np.array_equal(some.labels, picture.labels) and some.labels.dtype == np.int64
            assert np.array_equal(some.scores, picture.scores)
        else:
            assert (some.labels == -1).all() and (some.scores == 1).all() and some.labels.dtype == np.int64
        best = picture.attribute_scores * (picture.attribute_scores == picture.attribute_scores.max(1, keepdims=True))
        expected = {"": best[:, :0], "best": best, "all": picture.attribute_scores}[attributes]
        assert np.array_equal(some.attribute_scores, expected)


def test_the_tables_of_bottom_up_attention_are_read_line_by_line_plain_and_compressed(tmp_path):
    first = r.write_tsv(tmp_path / "a.tsv.0", [r.butd_row(picture) for picture in PICTURES[:3]])
    plain = r.write_tsv(tmp_path / "b", [r.butd_row(picture) for picture in PICTURES[3:]])
    second = tmp_path / "b.tsv.gz"
    second.write_bytes(gzip.compress(plain.read_bytes()))
    found, whole = r.run("tsv", [first, second], r.wanted(PICTURES))
    check(found)
    assert (whole.report.read, whole.report.kept, whole.feature_size) == (4, 4, r.D)


def test_lxmerts_tables_also_name_objects_and_their_best_attribute(tmp_path):
    path = r.write_tsv(tmp_path / "a.tsv", [r.lxmert_row(picture) for picture in PICTURES])
    check(r.run("tsv", [path], r.wanted(PICTURES), r.CLASSES, r.ATTRIBUTES)[0], labels=True, attributes="best")
    check(r.run("tsv", [path], r.wanted(PICTURES))[0])  # without lists of names the features alone


def test_a_first_line_of_names_says_what_the_columns_are(tmp_path):
    rows = [["boxes", "num_boxes", "image_id", "features"]]
    rows += [[r.coded(p.boxes), len(p.boxes), p.id, r.coded(p.features)] for p in PICTURES]
    found, whole = r.run("tsv", [r.write_tsv(tmp_path / "a.tsv", rows)], r.wanted(PICTURES))
    check(found)
    assert whole.report.read == 4


@pytest.mark.parametrize("precision", ["f2", "f8"])
def test_boxes_of_a_table_tell_their_precision(tmp_path, precision):
    rows = [r.butd_row(p, boxes=r.coded(p.boxes.astype(precision))) for p in PICTURES]
    found, _ = r.run("tsv", [r.write_tsv(tmp_path / "a.tsv", rows)], r.wanted(PICTURES))
    rounded = PICTURES[0].boxes.astype(precision).astype(np.float32)
    assert np.array_equal(found[PICTURES[0].id].boxes, rounded)


def test_npz_files_are_read_without_opening_the_pickled_dictionary(tmp_path):
    check(r.run("npz", [r.write_npz(tmp_path / "npz", PICTURES)], r.wanted(PICTURES))[0])


def test_npz_files_may_name_objects_in_plain_arrays(tmp_path):
    for picture in PICTURES:
        named = {"cls_prob": picture.class_scores, "attr_prob": picture.attribute_scores}
        r.write_npz(tmp_path / "all", [picture], **named)
        best = {"objects_id": picture.labels, "objects_conf": picture.scores}
        r.write_npz(tmp_path / "best", [picture], **best)
    pictures = r.wanted(PICTURES)
    check(r.run("npz", [tmp_path / "all"], pictures, r.CLASSES, r.ATTRIBUTES)[0], labels=True, attributes="all")
    check(r.run("npz", [tmp_path / "best"], pictures, r.CLASSES)[0], labels=True)


def test_npz_files_may_hold_a_box_a_column_in_any_memory_order(tmp_path):
    for picture in PICTURES:
        r.write_npz(tmp_path / "columns", [picture], x=picture.features.T)
        r.write_npz(tmp_path / "fortran", [picture], x=np.asfortranarray(picture.features))
    check(r.run("npz", [tmp_path / "columns"], r.wanted(PICTURES))[0])
    check(r.run("npz", [tmp_path / "fortran"], r.wanted(PICTURES))[0])


@pytest.mark.parametrize("precision", ["f2", "f8", ">f4"])
def test_any_precision_becomes_single(tmp_path, precision):
    for picture in PICTURES:
        r.write_npz(tmp_path / "npz", [picture], x=picture.features.astype(precision))
    found, _ = r.run("npz", [tmp_path / "npz"], r.wanted(PICTURES))
    expected = PICTURES[1].features.astype(precision).astype(np.float32)
    assert np.array_equal(found[PICTURES[1].id].features, expected)
    assert found[PICTURES[1].id].features.dtype == np.dtype("<f4")


def test_pairs_of_folders_of_features_and_boxes(tmp_path):
    paths = r.write_cocobu(tmp_path / "cocobu_att", tmp_path / "cocobu_box", PICTURES)
    check(r.run("npz_npy", paths, r.wanted(PICTURES))[0])
    (paths[1] / f"{PICTURES[0].id}.npy").unlink()
    found, _ = r.run("npz_npy", paths, r.wanted(PICTURES), max_missing=0.25)
    assert found[PICTURES[0].id] == "no boxes: there is no .npy file of them"


@pytest.mark.parametrize("background", [True, False])
def test_hdf5_with_three_arrays_a_picture(tmp_path, background):
    path = r.write_m2(tmp_path / "coco_detections.hdf5", PICTURES, background)
    check(r.run("h5", [path], r.wanted(PICTURES), r.CLASSES)[0], labels=True)
    check(r.run("h5", [path], r.wanted(PICTURES))[0])


def test_hdf5_with_a_group_a_picture(tmp_path):
    with h5py.File(tmp_path / "a.h5", "w") as file:
        for p in PICTURES:
            group = file.create_group(str(p.id))
            group["features"], group["boxes"], group["attr_prob"] = p.features, p.boxes, p.attribute_scores
    found, _ = r.run("h5", [tmp_path / "a.h5"], r.wanted(PICTURES), attributes=r.ATTRIBUTES)
    check(found, attributes="all")


def test_hdf5_with_all_pictures_in_one_array(tmp_path):
    pictures = r.wanted(PICTURES)
    check(r.run("flat_h5", r.write_adaptive(tmp_path / "adaptive.h5", PICTURES), pictures)[0])
    check(r.run("flat_h5", r.write_adaptive(tmp_path / "shares.h5", PICTURES, bb=False), pictures)[0], exact=False)
    check(r.run("flat_h5", r.write_fixed(tmp_path / "fixed.h5", PICTURES), pictures)[0])


def test_boxes_come_best_first_whatever_their_order_in_the_file(tmp_path):
    picture = PICTURES[2]
    turned = {"x": picture.features[::-1], "bbox": picture.boxes[::-1], "cls_prob": picture.class_scores[::-1]}
    r.write_npz(tmp_path / "npz", [picture], **turned)
    found, _ = r.run("npz", [tmp_path / "npz"], r.wanted([picture]), r.CLASSES)
    assert np.array_equal(found[picture.id].scores, picture.scores) and len(picture.boxes) > 2
    assert np.array_equal(found[picture.id].features, picture.features)


@pytest.mark.parametrize("name", ["{}", "{:012d}", "COCO_val2014_{:012d}", "COCO_val2014_{:012d}.jpg", "val/{}.png"])
def test_a_picture_is_known_by_its_id_and_by_its_name(tmp_path, name):
    rows = [r.butd_row(picture, image_id=name.format(picture.id)) for picture in PICTURES]
    check(r.run("tsv", [r.write_tsv(tmp_path / "a.tsv", rows)], r.wanted(PICTURES))[0])


def test_a_file_of_another_layout_is_said_at_once(tmp_path):
    flat, ids = r.write_adaptive(tmp_path / "flat.h5", PICTURES)
    (tmp_path / "text.h5").write_text("no HDF5")
    (tmp_path / "empty.tsv").write_text("")
    (tmp_path / "wrong.json").write_text("7")
    (tmp_path / "twice.json").write_text(json.dumps([1, 2, 1]))
    with h5py.File(tmp_path / "other.h5", "w") as file:
        file["weights"] = np.zeros(3)
    for layout, paths, message in (
        ("h5", [flat], "found one array of all pictures, .* Set `layout: flat_h5`"),
        ("h5", [tmp_path / "text.h5"], "expected an HDF5 file"),
        ("h5", [tmp_path / "other.h5"], "found no array ID_features"),
        ("h5", [tmp_path / "none.h5"], "no such file"),
        ("flat_h5", [tmp_path / "other.h5", ids], "found the arrays weights, expected image_features and image_bb"),
        ("flat_h5", [flat, tmp_path / "wrong.json"], r"found int, expected \{ID: row\}"),
        ("flat_h5", [flat, tmp_path / "twice.json"], "found the id '1' twice"),
        ("tsv", [tmp_path / "empty.tsv"], "found an empty file"),
        ("npz", [tmp_path], r"found no \.npz file"),
        ("npz", [flat], r"Not a directory, expected a folder of \.npz files"),
    ):
        files = tuple(FeatureFile(str(path), "", 1) for path in paths)
        with pytest.raises(InputError, match=message):
            FeatureImport(FeatureSource(layout, files), r.wanted(PICTURES))
