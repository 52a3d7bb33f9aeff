"""Replicas of benepar's models of 2021: the released folders' files and names, tiny encoders with random weights."""

from __future__ import annotations

import json
import os
import pickle
import warnings
import zipfile
from pathlib import Path

import pytest
import torch
from tokenizers import Tokenizer, decoders, models, normalizers, pre_tokenizers, processors
from transformers import (
    AutoModel,
    BertConfig,
    BertTokenizerFast,
    ElectraConfig,
    ElectraTokenizerFast,
    PretrainedConfig,
    PreTrainedTokenizerFast,
    T5Config,
    T5TokenizerFast,
)

from crosscap.errors import InputError
from crosscap.syntax.constituency.benepar_model import load_benepar, unpack
from crosscap.syntax.constituency.model_folder import make_parser
from crosscap.syntax.constituency.parser import ConstituencyParser, load_constituency_parser
from tests.syntax.constituency.test_parser import SETTINGS

ENCODERS = ("t5", "bert", "electra")
SENTENCES = [["a", "dog", "runs", "."], ["a", "(", "dog", ")", "runs", "in", "a", "dog"], ["dog"]]
PIECES = ["a", "dog", "runs", "in", "(", ")", ".", "d", "##og", "o", "g"]


def tokenizer(kind: str) -> PreTrainedTokenizerFast:
    if kind == "t5":
        pieces = [("<pad>", 0.0), ("</s>", 0.0), ("<unk>", 0.0), ("▁", -2.0)]
        pieces += [(mark + piece, -1.0) for piece in PIECES if "#" not in piece for mark in ("▁", "")]
        unigram = Tokenizer(models.Unigram(pieces, unk_id=2))
        unigram.pre_tokenizer = pre_tokenizers.Metaspace()
        unigram.decoder = decoders.Metaspace()
        unigram.post_processor = processors.TemplateProcessing("$A </s>", special_tokens=[("</s>", 1)])
        return T5TokenizerFast(tokenizer_object=unigram, extra_ids=0, model_max_length=64)
    pieces = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", *PIECES]
    words = Tokenizer(models.WordPiece({piece: n for n, piece in enumerate(pieces)}, unk_token="[UNK]"))
    words.normalizer = normalizers.BertNormalizer(lowercase=True)
    words.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    marks = [("[CLS]", 2), ("[SEP]", 3)]
    words.post_processor = processors.TemplateProcessing("[CLS] $A [SEP]", special_tokens=marks)
    make = BertTokenizerFast if kind == "bert" else ElectraTokenizerFast
    return make(tokenizer_object=words, model_max_length=64)


def encoder_config(kind: str) -> PretrainedConfig:
    if kind == "t5":
        return T5Config(vocab_size=64, d_model=16, d_kv=8, d_ff=32, num_layers=1, num_decoder_layers=1, num_heads=2)
    sizes = {"vocab_size": 32, "hidden_size": 16, "num_hidden_layers": 1, "num_attention_heads": 2}
    sizes |= {"intermediate_size": 32, "max_position_embeddings": 64}
    return BertConfig(**sizes) if kind == "bert" else ElectraConfig(embedding_size=16, **sizes)


def release(folder: Path, kind: str) -> dict[str, torch.Tensor]:
    """Write what benepar's export of 2021 wrote, and return the weights that a loader must end with."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from benepar.nkutil import HParams
        from benepar.parse_chart import ChartParser
    torch.manual_seed(ENCODERS.index(kind))
    folder.mkdir(parents=True)
    tokenizer(kind).save_pretrained(folder)
    config = encoder_config(kind)
    config.save_pretrained(folder)
    sizes = {"use_chars_lstm": False, "use_pretrained": True, "pretrained_model": f"some-{kind}", "use_encoder": True}
    sizes |= {"d_model": 32, "num_layers": 1, "num_heads": 2, "d_kv": 8, "d_ff": 32, "encoder_max_len": 64}
    sizes |= dict.fromkeys(("morpho_emb_dropout", "attention_dropout", "relu_dropout", "residual_dropout"), 0.1)
    sizes |= {"d_label_hidden": 16, "d_tag_hidden": 16, "predict_tags": True, "tag_loss_scale": 5.0}
    parts = {
        "tag_vocab": {"DT": 0, "NN": 1, "VBZ": 2, ".": 3},
        "label_vocab": {"": 0, "S": 1, "NP": 2, "VP": 3, "S::VP": 4},
        "char_vocab": None,
    }
    hyperparameters = HParams(**sizes, force_root_constituent=True)
    model = ChartParser(**parts, hparams=hyperparameters, pretrained_model_path=str(folder))
    state = dict(model.state_dict())
    # Files of 2021 have these besides; the parser's sizes are older than the entry on the root.
    extra = {"pretrained_model.embeddings.position_ids": torch.arange(64)[None]}
    if kind == "t5":
        extra = {
            "pretrained_model.decoder.block.0.layer.1.EncDecAttention.relative_attention_bias.weight": torch.ones(32, 2)
        }
    torch.save({**state, **extra}, folder / "benepar_model.bin", _use_new_zipfile_serialization=False)
    written = json.loads((folder / "config.json").read_text())
    written["benepar"] = {**parts, "hparams": sizes}
    (folder / "config.json").write_text(json.dumps(written))
    assert isinstance(AutoModel.from_config(config), type(model.pretrained_model))
    return state


@pytest.mark.parametrize("kind", ENCODERS)
def test_a_released_folder_and_its_archive_load_with_every_weight_and_parse(tmp_path: Path, kind: str) -> None:
    state = release(tmp_path / "benepar_xx", kind)
    archive = tmp_path / "benepar_xx.zip"
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as content:
        for file in sorted((tmp_path / "benepar_xx").iterdir()):
            content.write(file, f"benepar_xx/{file.name}")
    loaded = load_benepar(tmp_path / "benepar_xx").state_dict()
    assert loaded.keys() == state.keys()
    assert all(torch.equal(loaded[name], value) for name, value in state.items())
    trees = []
    for given in ("benepar_xx", "benepar_xx.zip"):
        model = tmp_path / "models" / given
        make_parser(tmp_path, "en", str(tmp_path / given), SETTINGS, model, tmp_path / "work")
        trees.append(list(load_constituency_parser(model).parse(SENTENCES)))
    assert trees[0] == trees[1]
    expected = [["a", "dog", "runs", "."], ["a", "-LRB-", "dog", "-RRB-", "runs", "in", "a", "dog"], ["dog"]]
    assert [tree.leaves() for tree in trees[0] if tree] == expected
    alone = [next(iter(load_constituency_parser(model).parse([sentence]))) for sentence in SENTENCES]
    assert alone == trees[0]


def test_benepars_own_loader_still_refuses_what_the_shim_loads(tmp_path: Path) -> None:
    """When this fails the shim may go."""
    from benepar.parse_chart import ChartParser

    release(tmp_path / "model", "bert")
    with pytest.raises(RuntimeError, match="position_ids"):
        ChartParser.from_trained(str(tmp_path / "model"))


@pytest.mark.parametrize("kind", ENCODERS)
def test_words_of_which_a_tokenizer_leaves_nothing_cost_one_sentence(tmp_path: Path, kind: str) -> None:
    release(tmp_path / "model", kind)
    parser = ConstituencyParser(tmp_path / "model", "en")
    odd = [["a", "\x00", "dog"], ["\u200b\u200d"], ["a", "", "dog"], ["a", "b c"], ["dog"] * 200, ["\ud800"], []]
    trees = list(parser.parse([*(sentence for bad in odd for sentence in (SENTENCES[0], bad)), SENTENCES[1]]))
    assert trees[0] is not None and all(tree == trees[0] for tree in trees[:-1:2])
    assert trees[-1] is not None
    for bad, tree in zip(odd, trees[1::2], strict=True):
        assert tree is None or len(tree.leaves()) == len(bad)
    assert trees[5] is trees[7] is trees[9] is trees[13] is None


def damage(folder: Path, how: str) -> None:
    config = json.loads((folder / "config.json").read_text())
    state = torch.load(folder / "benepar_model.bin", weights_only=True)
    if how == "type":
        config["model_type"] = "xlnet"
    elif how == "code":
        config["auto_map"] = {"AutoConfig": "evil.Config"}
    elif how == "plain":
        del config["benepar"]
    elif how == "labels":
        del config["benepar"]["label_vocab"]
    elif how == "more":
        state["pretrained_model.surprise"] = torch.ones(1)
    elif how == "fewer":
        del state["f_label.0.weight"]
    elif how == "shape":
        state["f_label.0.weight"] = torch.ones(3, 3)
    (folder / "config.json").write_text(json.dumps(config))
    torch.save(state, folder / "benepar_model.bin")
    if how == "no weights":
        (folder / "benepar_model.bin").unlink()


@pytest.mark.parametrize(
    ("how", "found"),
    [
        ("type", "model_type 'xlnet'"),
        ("code", "auto_map"),
        ("plain", "no entry 'benepar'"),
        ("labels", "a config without"),
        ("more", r"1 weights too many: pretrained_model\.surprise"),
        ("fewer", r"1 weights missing: f_label\.0\.weight"),
        ("shape", "size mismatch"),
        ("no weights", r"no benepar_model\.bin"),
    ],
)
def test_another_folder_is_refused_and_says_why(tmp_path: Path, how: str, found: str) -> None:
    release(tmp_path / "model", "bert")
    damage(tmp_path / "model", how)
    with pytest.raises(InputError, match=found):
        load_benepar(tmp_path / "model")


class Attack:
    def __init__(self, path: Path) -> None:
        self.path = path

    def __reduce__(self) -> tuple[object, tuple[str]]:
        return os.mkdir, (str(self.path),)


def test_weights_that_would_run_code_do_not(tmp_path: Path) -> None:
    release(tmp_path / "model", "electra")
    (tmp_path / "model" / "benepar_model.bin").write_bytes(pickle.dumps({"x": Attack(tmp_path / "owned")}))
    with pytest.raises(InputError, match="weights only"):
        load_benepar(tmp_path / "model")
    assert not (tmp_path / "owned").exists()


def test_a_checkpoint_over_an_encoder_downloads_nothing(tmp_path: Path) -> None:
    parts = {"tag_vocab": {}, "label_vocab": {"": 0}, "char_vocab": None}
    config = {**parts, "hparams": {"use_pretrained": True, "pretrained_model": "bert-base-uncased"}}
    torch.save({"config": config, "state_dict": {}}, tmp_path / "en.pt")
    with pytest.raises(InputError, match="without its tokenizer"):
        load_benepar(tmp_path / "en.pt")


@pytest.mark.parametrize(
    ("names", "found"),
    [
        (["m/config.json", "../evil"], "entry '../evil'"),
        (["m/config.json", "/evil"], "entry '/evil'"),
        (["m/config.json", "n/config.json"], "2 files config.json"),
        (["m/other"], "0 files config.json"),
    ],
)
def test_archives_of_another_kind_are_refused(tmp_path: Path, names: list[str], found: str) -> None:
    with zipfile.ZipFile(tmp_path / "model.zip", "w") as content:
        for name in names:
            content.writestr(name, "{}")
    with pytest.raises(InputError, match=found):
        unpack(tmp_path / "model.zip", tmp_path / "model")
    assert not (tmp_path / "model").exists()


def test_an_archive_that_was_cut_off_is_refused(tmp_path: Path) -> None:
    (tmp_path / "model.zip").write_bytes(b"PK\x03\x04 and no more")
    with pytest.raises(InputError, match="expected a whole zip archive"):
        unpack(tmp_path / "model.zip", tmp_path / "model")
