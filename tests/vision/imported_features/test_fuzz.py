"""Files that nobody would think of: no error but the user's, and no record is lost."""

from __future__ import annotations

import io
import tempfile
from collections.abc import Sequence
from pathlib import Path

import h5py
import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from crosscap.errors import InputError
from crosscap.vision.detectors.detection import Detections
from tests.vision.imported_features import replicas as r

PICTURES = r.seen(3)
FEW = settings(max_examples=25, deadline=None)

changes = st.lists(
    st.tuples(st.floats(0, 1, exclude_max=True), st.integers(0, 40), st.binary(max_size=12)), min_size=1, max_size=4
)
keys = st.one_of(st.sampled_from([str(p.id) for p in PICTURES] + ["", "../x", "\ud800"]), st.text(max_size=5))

cells = st.one_of(
    keys.map(lambda key: key.encode("utf-8", "replace")),
    st.integers(-5, 60).map(lambda number: str(number).encode()),
    st.binary().map(r.base64.b64encode),
)


def changed(content: bytes, edits: Sequence[tuple[float, int, bytes]]) -> bytes:
    """Each edit replaces bytes, at a share of the whole, by others."""
    for share, length, other in edits:
        start = int(share * len(content))
        content = content[:start] + other + content[start + length :]
    return content


def survives(layout: str, paths: Sequence[Path]) -> int:
    """How many records were kept; 0 where the whole file was refused."""
    try:
        found, whole = r.run(layout, paths, r.wanted(PICTURES), r.CLASSES[:2], r.ATTRIBUTES[:1], max_missing=1.0)
    except InputError:
        return 0
    report = whole.report
    assert report.read == report.kept + report.quarantined + report.unknown
    assert report.pictures == len(found) == report.kept + report.missing
    assert report.quarantined == sum(report.reasons.values())
    for some in found.values():
        if isinstance(some, Detections):
            count = len(some)
            assert some.features.shape == (count, whole.feature_size) and count > 0
            assert some.attribute_scores.shape == (count, 1) and some.boxes.shape == (count, 4)
            for array in vars(some).values():
                assert np.isfinite(array).all()
            assert ((some.labels >= 0) & (some.labels < 2)).all()
            assert (some.boxes >= 0).all() and (some.boxes <= [r.WIDTH, r.HEIGHT] * 2).all()
            assert (np.diff(some.scores) <= 0).all() and (some.scores <= 1).all()
        else:
            assert some
    return report.kept


def named(picture: r.Seen) -> dict:
    return {"cls_prob": picture.class_scores[:, :2], "attr_prob": picture.attribute_scores[:, :1]}


def table() -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        rows = [r.lxmert_row(p) for p in PICTURES]
        for row, picture in zip(rows, PICTURES, strict=True):
            row[3], row[5] = r.coded(picture.labels % 2), r.coded(picture.labels * 0)
        return r.write_tsv(Path(folder) / "a", rows).read_bytes()


TABLE = table()


def test_the_unchanged_table_is_kept(tmp_path):
    (tmp_path / "a.tsv").write_bytes(TABLE)
    assert survives("tsv", [tmp_path / "a.tsv"]) == len(PICTURES)


@FEW
@given(changes)
def test_any_table(edits):
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "a.tsv"
        path.write_bytes(changed(TABLE, edits))
        survives("tsv", [path])


@FEW
@given(st.lists(st.lists(cells, max_size=10)))
def test_any_rows(rows):
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "a.tsv"
        path.write_bytes(b"\n".join(b"\t".join(row) for row in rows))
        survives("tsv", [path])


@FEW
@given(changes, st.sampled_from([np.savez, np.savez_compressed]))
def test_any_npz(edits, save):
    picture, stream = PICTURES[0], io.BytesIO()
    save(stream, x=picture.features, bbox=picture.boxes, num_bbox=len(picture.boxes), **named(picture))
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / f"{picture.id}.npz").write_bytes(changed(stream.getvalue(), edits))
        survives("npz", [Path(folder)])


@FEW
@given(changes)
def test_any_npy(edits):
    with tempfile.TemporaryDirectory() as folder:
        paths = r.write_cocobu(Path(folder) / "att", Path(folder) / "box", PICTURES)
        path = paths[1] / f"{PICTURES[1].id}.npy"
        path.write_bytes(changed(path.read_bytes(), edits))
        survives("npz_npy", paths)


shapes = st.lists(st.integers(0, 4), max_size=4).map(tuple)
arrays = st.tuples(shapes, st.sampled_from(["f2", "f4", "f8", "i8", "u1", "S2", "c8", "?"]), st.integers(0, 255)).map(
    lambda given: np.frombuffer(
        bytes([given[2]]) * int(np.prod(given[0], dtype=int)) * np.dtype(given[1]).itemsize, given[1]
    ).reshape(given[0])
)


@FEW
@given(
    st.dictionaries(
        st.tuples(keys, st.sampled_from(["_features", "_boxes", "_cls_prob", "/features", "/boxes"])), arrays
    )
)
def test_any_hdf5(content):
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "a.h5"
        with h5py.File(path, "w") as file:
            for (key, part), array in content.items():
                name = key.replace("\0", "").encode("utf-8", "replace").decode() + part
                if name.strip("/.") and name not in file:
                    try:
                        file[name] = array
                    except (ValueError, OSError, KeyError):
                        continue  # a name below an array, or one that HDF5 does not take
        survives("h5", [path])


@FEW
@given(
    st.dictionaries(
        st.sampled_from(["image_features", "image_bb", "spatial_features", "pos_boxes", "num_boxes"]), arrays
    ),
    st.one_of(st.lists(keys), st.dictionaries(keys, st.one_of(st.integers(), st.none(), st.floats(), st.text()))),
)
def test_any_flat_hdf5(content, ids):
    with tempfile.TemporaryDirectory() as folder:
        path, listed = Path(folder) / "a.h5", Path(folder) / "ids.json"
        listed.write_text(r.json.dumps(ids))
        with h5py.File(path, "w") as file:
            for name, array in content.items():
                file[name] = array
        survives("flat_h5", [path, listed])


def test_any_bytes_of_hdf5(tmp_path):
    """From a fixed seed: what the HDF5 library makes of damaged bytes is not ours to mend."""
    random = np.random.default_rng(3)
    path, (flat, ids) = r.write_m2(tmp_path / "a.h5", PICTURES), r.write_adaptive(tmp_path / "flat.h5", PICTURES)
    with h5py.File(path, "a") as file, h5py.File(flat, "a") as other:
        for p in PICTURES:
            del file[f"{p.id}_cls_prob"]
            for name, value in named(p).items():
                file[f"{p.id}_{name}"] = value
        del other["spatial_features"]
    kept = []
    for whole, layout, paths in ((path.read_bytes(), "h5", [path]), (flat.read_bytes(), "flat_h5", [flat, ids])):
        for _ in range(30):
            content = bytearray(whole)
            for place in random.integers(0, len(whole), random.integers(1, 6)):
                content[place] = random.integers(0, 256)
            paths[0].write_bytes(content[: random.integers(1, len(whole))] if random.random() < 0.1 else content)
            kept.append(survives(layout, paths))
    assert {0, len(PICTURES)} < set(kept)
