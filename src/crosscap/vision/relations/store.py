"""Relation models on disk: ``crosscap.json`` (names, sizes) and ``model.safetensors``."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

from safetensors import SafetensorError
from safetensors.torch import load_file, save_file

from crosscap.errors import InputError
from crosscap.io.artifacts import read_json
from crosscap.vision.relations.model import RelationModel, RelationNames, RelationSizes

_CARD = "crosscap.json"
_WEIGHTS = "model.safetensors"


def save_relations(folder: Path, model: RelationModel | None, scores: Mapping[str, Any] | None = None) -> None:
    """Write the model into the existing ``folder``; None writes the declared files with nothing in them."""
    state = {} if model is None else {name: value.contiguous() for name, value in model.state_dict().items()}
    save_file(state, folder / _WEIGHTS)
    names = RelationNames((), (), ()) if model is None else model.names
    sizes = RelationSizes(0, 0, 0, 0.0) if model is None else model.sizes
    backend = "none" if model is None else "motifs_prior"
    card = {"backend": backend, **asdict(names), "sizes": asdict(sizes), "scores": dict(scores or {})}
    (folder / _CARD).write_text(json.dumps(card, ensure_ascii=False, indent=1, sort_keys=True) + "\n", "utf-8")


def load_relations(folder: str | Path) -> RelationModel | None:
    """Load what `save_relations` wrote; None for a workflow without detector.

    Raises:
        InputError: a file is missing, or the weights do not fit the description.
    """
    folder = Path(folder)
    card = read_json(folder / _CARD)
    if card.get("backend") == "none":
        return None
    try:
        names = RelationNames(*(tuple(card[key]) for key in ("classes", "attributes", "predicates")))
        model = RelationModel(names, RelationSizes(**card["sizes"]))
        model.load_state_dict(load_file(folder / _WEIGHTS))
    except (KeyError, TypeError) as error:
        raise InputError(folder / _CARD, f"a bad description ({error})", "what train_relations writes") from None
    except FileNotFoundError:
        raise InputError(folder / _WEIGHTS, "no such file", "the weights of a relation model") from None
    except (RuntimeError, SafetensorError) as error:
        reason = str(error).splitlines()[0]
        raise InputError(folder / _WEIGHTS, reason, "weights that fit crosscap.json") from None
    return model.eval()


def check_classes(relations: RelationModel, classes: tuple[str, ...], path: str | Path) -> None:
    """Raise `InputError` unless the relation model was trained on a detector of these classes."""
    if relations.names.classes != classes:
        found = f"{len(relations.names.classes)} other classes"
        raise InputError(path, found, f"the detector's {len(classes)}", "Train the relations on this detector.")
