from __future__ import annotations

import csv
import json
import runpy
import sys
from pathlib import Path

import pyarrow as pa
import pytest
import yaml

from crosscap.config.phase2 import check_runs
from crosscap.errors import InputError
from crosscap.graph.scene_graph import SceneGraph
from crosscap.graph.tables import write_graphs
from crosscap.io.tables import write_table
from crosscap.systems.unison.model import Unison
from crosscap.systems.unison.node_translation import NodeTranslations
from crosscap.systems.unison.phase2 import weights_digest
from crosscap.text.vocabulary import write_vocabularies
from tests.systems.unison.conftest import ADJECTIVES, NOUNS, ROOT, section

STAGES = ("train_phase1", "train_phase2", "generate_captions")
SCHEMA = pa.schema([
    ("id", pa.string()), ("source_tokens", pa.list_(pa.string())), ("target_tokens", pa.list_(pa.string())),
    ("split", pa.string()),
])  # fmt: skip


@pytest.fixture
def project(world, phase1_settings, phase2_settings, tmp_path, monkeypatch) -> Path:
    """Inputs of the three stages in the contract's places, and the repository's own dvc.yaml."""
    monkeypatch.chdir(tmp_path)
    sections = {
        "phase1": phase1_settings.model_copy(update={"xe_epochs": 1}).model_dump(mode="json"),
        "phase2": phase2_settings.model_copy(update={"steps": 6}).model_dump(mode="json"),
        "generation": section("generation", beam=3, max_words=8, batch_size=16),
    }
    Path("params.yaml").write_text(yaml.safe_dump(sections))
    Path("dvc.yaml").write_text((ROOT / "dvc.yaml").read_text())
    write_table("data/filtered/zh.parquet", world.rows, SCHEMA)
    write_graphs("data/sentence_graphs/zh.parquet", world.graphs)
    # Without the paraphrases there is less to see.
    write_graphs("data/sentence_graphs/zh_raw.parquet", [SceneGraph(g.id, g.objects) for g in world.graphs])
    write_vocabularies("data/vocabulary/zh.json", world.source, world.target)
    for split, numbers in (("train", range(30)), ("val", range(30, 34)), ("test", range(34, 40))):
        graphs = [
            SceneGraph(str(n), g.objects, g.attributes, g.relations)
            for n, g in zip(numbers, world.graphs, strict=False)
        ]
        write_graphs(f"data/image_graphs/{split}.parquet", [*graphs, SceneGraph("99")] if split == "test" else graphs)
    write_graphs("data/gold_image_graphs/test.parquet", graphs)
    folder = tmp_path / "models/aligned_vectors/zh"
    folder.mkdir(parents=True)
    world.vectors.save(folder)
    return tmp_path


def run_stage(name: str, variant: str = "hgm") -> None:
    arguments = sys.argv
    sys.argv = [name, "--target", "zh", "--variant", variant]
    try:
        runpy.run_path(str(ROOT / "stages" / f"{name}.py"))["main"]()
    finally:
        sys.argv = arguments


def test_the_three_stages_turn_graphs_and_text_into_captions(project) -> None:
    for name in STAGES:
        run_stage(name)
    for part, more in (("phase1", []), ("phase2", ["frozen.json"])):
        found = sorted(path.name for path in Path("models", part, "zh/hgm").iterdir())
        assert found == ["config.json", *more, "history.csv", "model.safetensors"]
    captions = {path.name: json.loads(path.read_text()) for path in Path("data/captions/zh/hgm").iterdir()}
    assert sorted(captions) == [
        "gold_graphs.json", "text_test.json", "val_with_phase2.json", "val_without_phase2.json", "with_phase2.json",
        "without_phase2.json",
    ]  # fmt: skip
    for name in ("with_phase2.json", "without_phase2.json"):
        assert [row["image_id"] for row in captions[name]] == [*range(34, 40), 99]
    # The gold graphs are those of the first six, and it is the mapped features that are decoded.
    assert captions["gold_graphs.json"] == captions["with_phase2.json"][:6]
    assert [row["image_id"] for row in captions["val_with_phase2.json"]] == list(range(30, 34))
    assert captions["text_test.json"][0]["image_id"] == "pair-0009"
    assert len(captions["text_test.json"]) == 20
    assert all(set(row) == {"image_id", "caption", "score"} for rows in captions.values() for row in rows)
    assert not list(Path("work").rglob("*.pt"))


def test_generating_twice_writes_the_same_bytes(project) -> None:
    for name in STAGES:
        run_stage(name)
    before = {path.name: path.read_bytes() for path in Path("data/captions/zh/hgm").iterdir()}
    run_stage("generate_captions")
    assert before == {path.name: path.read_bytes() for path in Path("data/captions/zh/hgm").iterdir()}


def test_missing_graphs_stop_phase_one_before_anything_is_written(project, world) -> None:
    write_graphs("data/sentence_graphs/zh.parquet", world.graphs[:5])
    with pytest.raises(InputError, match=r"sentence_graphs/zh\.parquet, pair pair-0005: found no graph"):
        run_stage("train_phase1")
    assert not Path("models/phase1").exists()


def test_no_image_graph_stops_phase_two(project) -> None:
    run_stage("train_phase1")
    write_graphs("data/image_graphs/train.parquet", [])
    with pytest.raises(InputError, match=r"image_graphs/train\.parquet: found no graph"):
        run_stage("train_phase2")
    assert not Path("models/phase2").exists()


def phase2_rows(**changes: object) -> list[dict[str, str]]:
    """The history of a phase 2 with other parameters."""
    params = yaml.safe_load(Path("params.yaml").read_text())
    params["phase2"] |= {"steps": 12, "checkpoint_every": 2, **changes}
    Path("params.yaml").write_text(yaml.safe_dump(params))
    run_stage("train_phase2")
    with open("models/phase2/zh/hgm/history.csv", encoding="utf-8") as stream:
        return list(csv.DictReader(stream))


def test_validation_images_choose_among_weights_and_train_none(project, world) -> None:
    """By every score the same training runs; what is kept is the best by that score."""
    run_stage("train_phase1")
    images = [{"id": n, "file_name": f"{n}.png"} for n in range(30, 34)]
    said = ["".join(row["target_tokens"]) for row in world.rows[:4]]
    captions = [{"id": n, "image_id": n, "caption": caption} for n, caption in enumerate(said, 30)]
    Path("data/raw/captions").mkdir(parents=True)
    validation = [Path("data/image_graphs/val.parquet"), Path("data/raw/captions/captions_val_zh.json")]
    validation[1].write_text(json.dumps({"images": images, "annotations": captions}))
    hidden = [path.rename(path.with_suffix(".hidden")) for path in validation]
    last = phase2_rows(selection="last")
    kept = {"last": Path("models/phase2/zh/hgm/model.safetensors").read_bytes()}
    with pytest.raises(InputError, match=r"image_graphs/val\.parquet"):
        phase2_rows(selection="val_cycle")
    hidden[0].rename(validation[0])
    for by in ("val_cycle", "val_identity", "val_cider"):
        if by == "val_cider":  # the captions are read for it alone
            hidden[1].rename(validation[1])
        rows = phase2_rows(selection=by)
        trained = [{name: value for name, value in row.items() if not name.startswith("val_")} for row in rows]
        assert trained == last
        scores = [float(row[by]) for row in rows]
        assert by == "val_cider" or len(set(scores)) > 1  # such bad captions may all score 0: the first is kept then
        kept[by] = Path("models/phase2/zh/hgm/model.safetensors").read_bytes()
        best = max(scores) if by == "val_cider" else min(scores)
        assert (kept[by] == kept["last"]) == (scores.index(best) == len(scores) - 1)
    validation[1].write_text(json.dumps({"images": [], "annotations": []}))
    with pytest.raises(InputError, match="no validation image with a caption"):
        phase2_rows(selection="val_cider")


def test_phase_two_says_which_frozen_weights_it_stands_on(project) -> None:
    for name in ("train_phase1", "train_phase2"):
        run_stage(name)
    frozen = json.loads(Path("models/phase2/zh/hgm/frozen.json").read_text())
    assert frozen == {"phase1_weights": weights_digest(Unison.load("models/phase1/zh/hgm"))}


def test_what_a_runs_name_says_wins_over_the_parameters(project) -> None:
    run_stage("train_phase1")
    for name in ("hgm-raw", "hgm-no_kl", "hgm-seed2"):
        run_stage("train_phase1", name)
    weights = {path.parent.name: path.read_bytes() for path in Path("models/phase1/zh").glob("*/model.safetensors")}
    assert len(set(weights.values())) == 4
    assert "kl" in Path("models/phase1/zh/hgm/history.csv").read_text()
    assert "kl" not in Path("models/phase1/zh/hgm-no_kl/history.csv").read_text()
    for name in ("train_phase2", "generate_captions"):
        run_stage(name, "hgm-raw")
    Path("data/sentence_graphs/zh.parquet").unlink()  # and the model named raw never needed it
    for name in STAGES:
        run_stage(name, "hgm-raw")


def test_a_seed_in_a_runs_name_is_that_of_the_parameters(project) -> None:
    run_stage("train_phase1", "hgm-seed2")
    params = yaml.safe_load(Path("params.yaml").read_text())
    params["phase1"]["seed"] = 2
    Path("params.yaml").write_text(yaml.safe_dump(params))
    run_stage("train_phase1")
    models = Path("models/phase1/zh")
    assert (models / "hgm/model.safetensors").read_bytes() == (models / "hgm-seed2/model.safetensors").read_bytes()


def test_a_run_that_no_stage_makes_is_refused(project) -> None:
    with pytest.raises(InputError, match=r"key phase2\.variants: found 'gen'.*expected one of hgm, hgm-seed2"):
        check_runs(["hgm", "gen"], ["hgm", "hgm-seed2"], [], "params.yaml")
    with pytest.raises(InputError, match=r"key phase1\.variants.*-captions"):
        check_runs(["hgm"], ["hgm-captions"], [], "params.yaml")
    with pytest.raises(InputError, match=r"key caption_corpus\.variants: found 'gen'"):
        check_runs(["hgm"], ["hgm"], ["gen"], "params.yaml")
    check_runs(["hgm-captions"], ["hgm"], ["hgm"], "params.yaml")


def test_a_model_of_translated_nodes_needs_their_translations_once(project) -> None:
    with pytest.raises(InputError, match=r"node_translations/zh/translations\.json"):
        run_stage("train_phase1", "gm_base")
    folder = Path("models/node_translations/zh")
    folder.mkdir(parents=True)
    words = {**NOUNS, **ADJECTIVES}  # no predicate: these have the embedding of the unknown
    NodeTranslations({name: (word,) for name, word in words.items()}).write(folder)
    run_stage("train_phase1", "gm_base")
    config = json.loads(Path("models/phase1/zh/gm_base/config.json").read_text())
    assert config["node_tokens"] == sorted(words.values())
    (folder / "translations.json").unlink()
    for name in STAGES[1:]:
        run_stage(name, "gm_base")
    assert len(json.loads(Path("data/captions/zh/gm_base/text_test.json").read_text())) == 20
