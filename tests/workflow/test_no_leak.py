"""No caption of an evaluated picture, and no scene drawn for evaluation, reaches a training stage."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from crosscap.io.artifacts import read_json
from crosscap.io.tables import read_table
from tests.workflow.conftest import REPOSITORY
from workflow.dag import load_stages

EVALUATED = ("val", "test")
READERS_OF_CAPTIONS = {"evaluate", "evaluate_content", "evaluate_trees", "write_report"}
# Those that read what these make, and train nothing.
READERS_OF_SCORES = {"compare_runs", "write_model_cards"}


def read_to_select(stage: str) -> set[str]:
    """What a training may look at to choose among weights that it trained without: phase 2's validation images.

    Their captions are read for `phase2.selection: val_cider` alone; nothing of either is read for the default, `last`
    (tests/systems/unison/test_unison_stages.py).
    """
    name, _, target = stage.partition("@")
    if name != "train_phase2":
        return set()
    language = target.split("-")[0]
    return {"data/image_graphs/val.parquet", f"data/raw/captions/captions_val_{language}.json"}


def leaked_scenes(manifest: dict[str, Any]) -> set[str]:
    """Scenes of evaluated pictures that anything else was made of as well."""
    scenes = manifest["scenes"]
    evaluated = {scene for split in EVALUATED for scene in scenes[split]}
    others = {scene for split, ids in scenes.items() if split not in EVALUATED for scene in ids}
    both = evaluated & others
    return both | (set(scenes["val"]) & set(scenes["test"]))


@pytest.fixture(scope="module")
def raw(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """``data/raw`` of a tiny storybook, made by the stage itself."""
    folder = tmp_path_factory.mktemp("storybook")
    shutil.copy(REPOSITORY / "dvc.yaml", folder)
    params = yaml.safe_load((REPOSITORY / "params.yaml").read_text(encoding="utf-8"))
    params["storybook"] |= {"pairs": 200, "dictionary_captions": 100, "caption_corpus": 100}
    params["storybook"]["images"] |= {"train": 8, "val": 6, "test": 6}
    params["storybook"]["treebanks"] |= {"train": 40, "dev": 10}
    (folder / "params.yaml").write_text(yaml.safe_dump(params), encoding="utf-8")
    command = [sys.executable, str(REPOSITORY / "stages/collect.py")]
    environment = {**os.environ, "PYTHONPATH": str(REPOSITORY / "src")}
    result = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)
    assert result.returncode == 0, result.stderr
    return folder / "data/raw"


def test_evaluated_pictures_share_no_scene_with_any_text(raw: Path) -> None:
    manifest = read_json(raw / "manifest.json")
    assert len(manifest["scenes"]["text"]) > 50 and len(manifest["scenes"]["test"]) == 6
    assert leaked_scenes(manifest) == set()


def test_the_manifest_names_the_scene_of_every_pair_and_picture(raw: Path) -> None:
    manifest = read_json(raw / "manifest.json")
    pairs = [row["origin"] for path in (raw / "parallel").iterdir() for row in read_table(path, ["origin"])]
    told = {origin.removeprefix("scene:") for origin in pairs if origin.startswith("scene:")}
    assert told and told <= set(manifest["scenes"]["text"])
    for split in ("train", *EVALUATED):
        drawn = {image["scene"] for image in read_json(raw / f"annotations/instances_{split}.json")["images"]}
        assert drawn == set(manifest["scenes"][split])


def test_no_evaluation_caption_stands_in_the_training_text(raw: Path) -> None:
    for path in (raw / "parallel").iterdir():
        text = {row["target"] for row in read_table(path, ["target"])}
        unpaired = (raw / f"caption_corpus/{path.stem}.txt").read_text(encoding="utf-8").splitlines()
        assert len(unpaired) == 100
        text.update(unpaired)
        for split in EVALUATED:
            captions = read_json(raw / f"captions/captions_{split}_{path.stem}.json")["annotations"]
            assert {caption["caption"] for caption in captions} & text == set()


def test_only_evaluation_the_report_and_the_choice_of_weights_read_captions() -> None:
    captions = Path("data/raw/captions")
    for name, stage in load_stages(REPOSITORY).items():
        reads = any(Path(path) == captions or Path(path) in captions.parents or captions in Path(path).parents
                    for path in set(stage.inputs) - read_to_select(name))  # fmt: skip
        assert not reads or name.split("@")[0] in READERS_OF_CAPTIONS, f"{name} reads {captions}"


def test_nothing_that_evaluation_makes_reaches_a_training_stage() -> None:
    stages = load_stages(REPOSITORY)
    made = {
        path for name, stage in stages.items() if name.split("@")[0] in READERS_OF_CAPTIONS for path in stage.outputs
    }
    for name, stage in stages.items():
        if name.split("@")[0] not in READERS_OF_CAPTIONS | READERS_OF_SCORES:
            assert not made & set(stage.inputs), name


def test_a_shared_scene_would_be_found() -> None:
    scenes = {"train": ["a"], "val": ["b"], "test": ["c"], "text": ["d", "c"]}
    assert leaked_scenes({"scenes": scenes}) == {"c"}


def test_training_stages_read_no_evaluated_picture_annotation_or_graph() -> None:
    forbidden = [f"data/raw/{kind}" for kind in ("captions", "image_graphs", "gold")] + ["data/gold_image_graphs"]
    for split in EVALUATED:
        forbidden += [f"data/raw/images/{split}", f"data/raw/annotations/instances_{split}.json"]
        forbidden += [f"data/image_graphs/{split}.parquet"]
    training = {name: stage for name, stage in load_stages(REPOSITORY).items() if name.startswith("train_")}
    assert len(training) >= 8
    for name, stage in training.items():
        assert read_to_select(name) <= set(stage.inputs), name
        for path in map(Path, set(stage.inputs) - read_to_select(name)):
            for other in map(Path, forbidden):
                assert path != other and path not in other.parents and other not in path.parents, f"{name}: {path}"
