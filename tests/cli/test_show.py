from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from crosscap.cli import show
from crosscap.cli.main import main
from crosscap.graph.scene_graph import SceneGraph
from crosscap.graph.tables import write_graphs
from crosscap.vision.images import Picture

GRAPH = SceneGraph(
    "7", ("dog", "park"), ((0, "brown"),), ((0, "in", 1),), ((1.0, 2.0, 9.0, 8.0), (0.0, 0.0, 30.0, 20.0))
)


@pytest.fixture(autouse=True)
def pictures(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    Image.fromarray(np.full((20, 30, 3), 90, np.uint8)).save(tmp_path / "dog.png")
    write_graphs(tmp_path / "graphs.parquet", [GRAPH, SceneGraph("8", ("cat",), (), (), ((0.0, 0.0, 90.0, 5.0),))])
    monkeypatch.chdir(tmp_path)
    return tmp_path


def crosscap(*words: str) -> int:
    with pytest.raises(SystemExit) as stop:
        main(["show", *words])
    return int(stop.value.code or 0)


class Eyes:
    """Sees the dog of `GRAPH`, as far as pictures are not reduced."""

    def graphs(self, pictures: Sequence[Picture], ids: Sequence[str]) -> list[SceneGraph]:
        height, width = pictures[0].shape[:2]
        return [SceneGraph(ids[0], ("dog",), (), (), ((0.0, 0.0, width / 2, height / 2),), (0.5,))]


def test_a_given_graph_is_drawn_beside_its_picture(capsys: pytest.CaptureFixture[str]) -> None:
    assert crosscap("dog.png", "--graph", "graphs.parquet", "--id", "7") == 0
    assert capsys.readouterr().out == "dog.svg\n"
    drawing = Path("dog.svg").read_text()
    assert drawing.startswith("<svg") and "1 dog" in drawing and "brown" in drawing
    assert sorted(path.name for path in Path().iterdir()) == ["dog.png", "dog.svg", "graphs.parquet"]


def test_a_png_is_written_where_its_name_says_so() -> None:
    assert crosscap("dog.png", "--graph", "graphs.parquet", "--id", "7", "--output", "out.PNG") == 0
    with Image.open("out.PNG") as drawing:
        assert drawing.format == "PNG" and drawing.width > 1440


def test_what_is_seen_can_be_printed_and_given_again(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(show, "_predictor", lambda *_: Eyes())
    assert crosscap("dog.png", "--json") == 0
    printed = capsys.readouterr().out
    assert json.loads(printed)["boxes"] == [[0.0, 0.0, 15.0, 10.0]] and not Path("dog.svg").exists()
    Path("graph.jsonl").write_text(printed)
    assert crosscap("dog.png", "--graph", "graph.jsonl", "--output", "given.svg") == 0
    assert crosscap("dog.png", "--output", "seen.svg") == 0
    assert Path("given.svg").read_bytes() == Path("seen.svg").read_bytes()


def test_boxes_of_a_reduced_picture_are_given_in_the_whole_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(show, "_predictor", lambda *_: Eyes())
    Image.new("RGB", (6000, 4000)).save("large.jpg")
    picture = show.open_picture("large.jpg")
    assert picture.pixels.shape[1] < 6000
    assert show.seen_graph(picture, "large", Path(), Path()).boxes == ((0.0, 0.0, 3000.0, 2000.0),)


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("dog.png", "--id", "7"), "crosscap show: found --id without --graph"),
        (("dog.png", "--graph", "graphs.parquet"), "found 2 graphs, expected one of the ids 7, 8"),
        (("dog.png", "--graph", "graphs.parquet", "--id", "9"), "found no graph of id '9'"),
        (("dog.png", "--graph", "graphs.parquet", "--id", "8"), "found the box 0, 0, 90, 5 of object 1 (cat)"),
        (("dog.png", "--graph", "none.jsonl"), "none.jsonl: found no such file"),
        (("none.png", "--graph", "graphs.parquet", "--id", "7"), "none.png: found no such file"),
        (("dog.png", "--output", "dog.pdf"), "found the suffix '.pdf', expected .svg or .png"),
        (("dog.png", "--output", "dog.png"), "dog.png: found the picture itself"),
        (("dog.png", "--output", "no/dog.svg"), "no: found no such folder"),
        (("dog.png",), "params.yaml: found no such file"),
    ],
)
def test_mistakes_are_named_and_nothing_is_drawn(
    words: Sequence[str], message: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert crosscap(*words) == 1
    captured = capsys.readouterr()
    assert captured.err.startswith("error: ") and message in captured.err and not captured.out
    assert sorted(path.name for path in Path().iterdir()) == ["dog.png", "graphs.parquet"]
