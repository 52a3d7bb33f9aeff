from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest
import torch

from crosscap.errors import InputError
from crosscap.translation.model_folder import check_direction, check_pivot, direction, find_folder
from crosscap.translation.translator import Translator


def change(path: Path, **values: Any) -> None:
    path.write_text(json.dumps({**json.loads(path.read_text()), **values}))


def test_a_name_is_a_folder_or_a_model_in_the_local_cache(released_fsmt: Path, tmp_path: Path, monkeypatch) -> None:
    assert find_folder(released_fsmt) == released_fsmt
    # As huggingface_hub lays its cache out.
    stored = tmp_path / "hub/models--facebook--wmt19-en-de"
    shutil.copytree(released_fsmt, stored / "snapshots/abc123")
    (stored / "refs").mkdir()
    (stored / "refs/main").write_text("abc123")
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_CACHE", str(tmp_path / "hub"))
    monkeypatch.setattr("huggingface_hub._snapshot_download.constants.HF_HUB_CACHE", str(tmp_path / "hub"))
    assert find_folder("facebook/wmt19-en-de") == stored / "snapshots/abc123"
    assert len(Translator.load("facebook/wmt19-en-de").translate(["a dog ."])) == 1
    with pytest.raises(InputError, match="facebook/wmt19-de-en: found no such folder, and no model of this name"):
        find_folder("facebook/wmt19-de-en")


@pytest.mark.parametrize("name", ["no-such", "/no/such/folder", "a:b"])
def test_a_missing_folder_is_named_and_nothing_is_downloaded(name: str) -> None:
    with pytest.raises(InputError, match=rf"{name}: found no such folder, .* expected a folder of a Marian or FSMT"):
        find_folder(name)


def test_a_file_is_no_folder(tmp_path: Path) -> None:
    (tmp_path / "model.bin").write_bytes(b"")
    with pytest.raises(InputError, match=r"model\.bin: found a file, expected a folder"):
        find_folder(tmp_path / "model.bin")


def test_a_folder_without_a_model_is_named(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"found no config\.json, expected a folder of a Marian or FSMT model"):
        Translator.load(tmp_path)


def test_another_kind_of_model_is_refused(tmp_path: Path) -> None:
    (tmp_path / "config.json").write_text(json.dumps({"model_type": "bert"}))
    with pytest.raises(InputError, match=r"config\.json: found a model of type 'bert', expected one of marian, fsmt"):
        Translator.load(tmp_path)


@pytest.mark.parametrize(
    ("released", "file"),
    [("released_marian", name) for name in ("source.spm", "target.spm", "vocab.json")]
    + [("released_fsmt", name) for name in ("vocab-src.json", "vocab-tgt.json", "merges.txt", "tokenizer_config.json")],
)
def test_a_missing_file_of_the_tokenizer_is_named(released: str, file: str, request: pytest.FixtureRequest) -> None:
    folder = request.getfixturevalue(released)
    (folder / file).unlink()
    with pytest.raises(InputError, match=rf"{file}: found no such file, expected the tokenizer's files: .*{file}"):
        Translator.load(folder)


def test_missing_weights_are_named(released_marian: Path) -> None:
    (released_marian / "pytorch_model.bin").unlink()
    with pytest.raises(InputError, match=r"found no weights, expected one of model\.safetensors, .*pytorch_model\.bin"):
        Translator.load(released_marian)


@pytest.mark.parametrize(
    ("released", "file", "key"),
    [("released_marian", "vocab.json", "vocab_size"), ("released_fsmt", "vocab-tgt.json", "tgt_vocab_size")],
)
def test_a_vocabulary_of_another_size_is_refused(released: str, file: str, key: str, request) -> None:
    folder = request.getfixturevalue(released)
    size = len(json.loads((folder / file).read_text()))
    change(folder / file, another=size)
    with pytest.raises(InputError, match=rf"{file}: found {size + 1} pieces, expected {size}, the {key} of config"):
        Translator.load(folder)


def test_broken_json_is_named_with_its_line(released_marian: Path) -> None:
    (released_marian / "vocab.json").write_text("{\n")
    with pytest.raises(InputError, match=r"vocab\.json, line 2: found .* expected valid JSON"):
        Translator.load(released_marian)
    (released_marian / "vocab.json").write_text("[]")
    with pytest.raises(InputError, match=r"vocab\.json: found a list, expected a JSON object"):
        Translator.load(released_marian)


def test_a_broken_piece_model_is_refused(released_marian: Path) -> None:
    (released_marian / "source.spm").write_bytes(b"no pieces")
    with pytest.raises(InputError, match=r"opus-mt-en-zh: found .* expected files that transformers can load"):
        Translator.load(released_marian)


def test_weights_that_do_not_fill_the_model_are_refused(released_marian: Path) -> None:
    state = torch.load(released_marian / "pytorch_model.bin", weights_only=True)
    lost = {key: value for key, value in state.items() if "decoder.layers.0.fc1" not in key}
    torch.save(lost, released_marian / "pytorch_model.bin")
    with pytest.raises(InputError, match=r"found no weights for model\.decoder\.layers\.0\.fc1"):
        Translator.load(released_marian)


def test_weights_of_another_size_are_refused(released_marian: Path) -> None:
    change(released_marian / "config.json", d_model=32)
    with pytest.raises(InputError, match=r"opus-mt-en-zh: found .*size.* expected files that transformers can load"):
        Translator.load(released_marian)


@pytest.mark.parametrize("content", [b"no weights", b""])
def test_a_broken_weight_file_is_named(released_marian: Path, content: bytes) -> None:
    (released_marian / "pytorch_model.bin").write_bytes(content)
    with pytest.raises(InputError, match="opus-mt-en-zh: found "):
        Translator.load(released_marian)


def test_weights_that_would_run_code_are_refused(released_marian: Path) -> None:
    class Hostile:
        def __reduce__(self) -> tuple[Any, tuple[str]]:
            return Path.touch, (released_marian / "ran",)  # type: ignore[return-value]

    torch.save({"weight": Hostile()}, released_marian / "pytorch_model.bin")
    with pytest.raises(InputError, match="opus-mt-en-zh: found "):
        Translator.load(released_marian)
    assert not (released_marian / "ran").exists()


def test_the_direction_is_checked_where_the_files_tell_it(released_fsmt: Path, released_marian: Path) -> None:
    assert direction(released_fsmt) == ("en", "de")
    assert direction(released_marian) == ("en", "zh")
    check_direction(released_fsmt, "en", "de")
    check_direction(released_fsmt, None, None)
    with pytest.raises(InputError, match=r"wmt19-en-de: found a translator from 'en', expected one from 'de'\. Are"):
        check_direction(released_fsmt, "de", "en")
    change(released_marian / "tokenizer_config.json", target_lang="zho")
    assert direction(released_marian) == ("en", None)
    check_direction(released_marian, "en", "de")


def test_a_pivot_goes_there_and_back(released_fsmt: Path, released_marian: Path, tmp_path: Path) -> None:
    back = shutil.copytree(released_fsmt, tmp_path / "wmt19-de-en")
    for file in ("config.json", "tokenizer_config.json"):
        change(back / file, langs=["de", "en"])
    check_pivot(released_fsmt, back, "en")
    check_pivot(released_fsmt, back, "en", "de")
    with pytest.raises(InputError, match="wmt19-de-en: found a translator from 'de', expected one from 'en'"):
        check_pivot(back, released_fsmt, "en")
    with pytest.raises(InputError, match="wmt19-de-en: found a translator from 'de', expected one from 'zh'"):
        check_pivot(released_marian, back, "en")
    with pytest.raises(InputError, match="wmt19-en-de: found a translator into 'de', expected one into 'zh'"):
        check_pivot(released_fsmt, back, "en", "zh")
