"""Loads benepar's models: single files, and the folders or archives that its authors released in 2021.

A released model is a folder with the pretrained encoder's ``config.json``, whose entry ``benepar`` holds the parser's
labels and sizes, its tokenizer's files and ``benepar_model.bin``, the weights of encoder and parser; or a zip archive
of one such folder. Encoders are T5 (benepar_en3_large is), BERT and ELECTRA (benepar_zh2).

benepar's own loader asks for exactly the weights that today's transformers would save. Since 4.31 position numbers are
no weights any more, so BERT's and ELECTRA's of 2021 are refused; here such left-overs are dropped, and nothing else.
"""

from __future__ import annotations

import re
import stat
import warnings
import zipfile
from collections.abc import Callable, Mapping
from pathlib import Path, PurePosixPath
from typing import Any

import torch

from crosscap.errors import InputError
from crosscap.io.artifacts import read_json

WEIGHTS = "benepar_model.bin"
EXPECTED = "a benepar model that loads with weights only"
ENCODERS = ("t5", "bert", "electra")
LAYOUT = f"a released folder (config.json, tokenizer, {WEIGHTS}), its zip archive, or a file {{'config', 'state_dict'}}"
# Saved in 2021, computed today: position numbers 0, 1, …; and a table of T5's cross-attention that was never read.
OBSOLETE = re.compile(
    r"pretrained_model\.(embeddings\.(position_ids|token_type_ids)"
    r"|decoder\.block\.0\.layer\.1\.EncDecAttention\.relative_attention_bias\.weight)"
)
PARTS = ("tag_vocab", "label_vocab", "char_vocab", "hparams")


def load_benepar(path: Path) -> Any:
    """The parser of a file or a released folder, a `benepar.parse_chart.ChartParser`, on the GPU if there is one.

    Nothing is downloaded and no code of the model's runs.

    Raises:
        InputError: no such path, no benepar model, an encoder that is not known, or weights that do not fit.
    """
    if not path.exists():
        raise InputError(path, "no such file or folder", "a benepar model", f"Give {LAYOUT}.")
    config, state = _released(path) if path.is_dir() else _single(path)
    if not isinstance(config, Mapping) or not all(name in config for name in PARTS):
        raise InputError(path, "a config without " + ", ".join(PARTS), EXPECTED, f"Give {LAYOUT}.")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from benepar.nkutil import HParams
        from benepar.parse_chart import ChartParser
    # Models from before benepar 0.2 lack the entry; all of theirs had a phrase over the whole sentence.
    hyperparameters = HParams(**{"force_root_constituent": True, **config["hparams"]})
    encoder = str(path) if path.is_dir() else None
    parts = {name: config[name] for name in PARTS if name != "hparams"}
    parser: Any = _or_refused(
        path, lambda: ChartParser(**parts, hparams=hyperparameters, pretrained_model_path=encoder)
    )
    _load_weights(path, parser, state)
    return parser.cuda() if torch.cuda.is_available() else parser


def unpack(archive: Path, folder: Path) -> None:
    """Write the one folder with a ``config.json`` of a zip archive to ``folder``, which does not exist yet.

    Raises:
        InputError: no zip archive, a damaged one, no such folder or several in it, or names that lead out of it.
    """
    try:
        with zipfile.ZipFile(archive) as content:
            names = [PurePosixPath(entry.filename) for entry in content.infolist() if not entry.is_dir()]
            for name, entry in zip(names, (e for e in content.infolist() if not e.is_dir()), strict=True):
                if name.is_absolute() or ".." in name.parts or stat.S_ISLNK(entry.external_attr >> 16):
                    raise InputError(archive, f"entry {entry.filename!r}", "files of one folder")
            tops = [name.parent for name in names if name.name == "config.json"]
            if len(tops) != 1:
                raise InputError(archive, f"{len(tops)} files config.json", "a released model's folder", LAYOUT)
            folder.mkdir()
            for name in names:
                if name.parent == tops[0]:
                    (folder / name.name).write_bytes(content.read(str(name)))
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError) as error:
        raise InputError(archive, str(error), "a whole zip archive") from None


def _released(folder: Path) -> tuple[Any, Any]:
    for name in ("config.json", WEIGHTS):
        if not (folder / name).is_file():
            raise InputError(folder, f"no {name}", EXPECTED, f"Give {LAYOUT}.")
    config = read_json(folder / "config.json")
    kind = config.get("model_type") if isinstance(config, dict) else None
    if kind not in ENCODERS or "benepar" not in config:
        found = f"model_type {kind!r}" if kind not in ENCODERS else "no entry 'benepar'"
        raise InputError(folder / "config.json", found, f"one of {', '.join(ENCODERS)} with the parser's 'benepar'")
    for name in ("config.json", "tokenizer_config.json"):
        # transformers would ask on the terminal whether to run the code that such an entry names.
        if (folder / name).is_file() and "auto_map" in read_json(folder / name):
            raise InputError(folder / name, "auto_map, a model with code of its own", "a model of transformers' own")
    return config["benepar"], _weights(folder / WEIGHTS)


def _single(path: Path) -> tuple[Any, Any]:
    data = _weights(path)
    if not isinstance(data, dict) or not {"config", "state_dict"} <= data.keys():
        raise InputError(path, "other content", EXPECTED, f"Give {LAYOUT}.")
    hyperparameters = data["config"].get("hparams", {}) if isinstance(data["config"], dict) else {}
    if hyperparameters.get("use_pretrained"):
        name = hyperparameters.get("pretrained_model")
        raise InputError(
            path, f"a checkpoint over {name!r} without its tokenizer", EXPECTED, "Give the released folder."
        )
    return data["config"], data["state_dict"]


def _weights(path: Path) -> Any:
    return _or_refused(path, lambda: torch.load(path, map_location="cpu", weights_only=True))


def _load_weights(path: Path, parser: Any, state: Any) -> None:
    if not isinstance(state, Mapping):
        raise InputError(path, f"weights as {type(state).__name__}", EXPECTED)
    wanted = parser.state_dict().keys()
    kept = {name: value for name, value in state.items() if name in wanted or not OBSOLETE.fullmatch(str(name))}
    for kind, names in (("too many", kept.keys() - wanted), ("missing", wanted - kept.keys())):
        if names:
            shown = ", ".join(sorted(map(str, names))[:3])
            raise InputError(path, f"{len(names)} weights {kind}: {shown}", f"{EXPECTED} (transformers 4)")
    _or_refused(path, lambda: parser.load_state_dict(kept))


def _or_refused(path: Path, load: Callable[[], Any]) -> Any:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return load()
    except Exception as error:  # whatever a foreign file makes of torch, transformers or benepar
        reason = f"{type(error).__name__}: {' '.join(str(error).split())[:200]}"
        raise InputError(path, reason, EXPECTED) from error
