"""Relation models on disk: ``crosscap.json`` (names, architecture) and ``model.safetensors``, for every backend."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, fields
from pathlib import Path
from typing import Any

from safetensors import SafetensorError
from safetensors.torch import load_file, save_file

from crosscap.errors import InputError
from crosscap.io.artifacts import read_json
from crosscap.training.device import best_device
from crosscap.vision.relations.backends import BACKENDS, build
from crosscap.vision.relations.model import Architecture, RelationModel, RelationNames

_CARD = "crosscap.json"
_WEIGHTS = "model.safetensors"


def save_relations(folder: Path, model: RelationModel | None, scores: Mapping[str, Any] | None = None) -> None:
    """Write the model into the existing ``folder``; None writes the declared files with nothing in them."""
    state = {} if model is None else {name: value.cpu().contiguous() for name, value in model.state_dict().items()}
    save_file(state, folder / _WEIGHTS)
    card = {"backend": "none"} if model is None else {**asdict(model.names), **asdict(model.architecture)}
    text = json.dumps({**card, "scores": dict(scores or {})}, ensure_ascii=False, indent=1, sort_keys=True)
    (folder / _CARD).write_text(text + "\n", encoding="utf-8")


def load_relations(folder: str | Path) -> RelationModel | None:
    """Load what `save_relations` wrote, onto the best device; None for a workflow without detector.

    Raises:
        InputError: a file is missing, or the weights do not fit the description.
    """
    folder = Path(folder)
    card = read_json(folder / _CARD)
    try:
        if card["backend"] == "none":
            return None
        if card["backend"] not in BACKENDS:
            raise InputError(folder / _CARD, f"backend {card['backend']!r}", f"one of {', '.join(BACKENDS)}")
        names = RelationNames(*(tuple(card[key]) for key in ("classes", "attributes", "predicates")))
        model = build(names, Architecture(**{field.name: card[field.name] for field in fields(Architecture)}))
        model.load_state_dict(load_file(folder / _WEIGHTS))
    except (KeyError, TypeError, ValueError) as error:
        raise InputError(folder / _CARD, f"a bad description ({error})", "what train_relations writes") from None
    except FileNotFoundError:
        raise InputError(folder / _WEIGHTS, "no such file", "the weights of a relation model") from None
    except (RuntimeError, SafetensorError) as error:
        reason = str(error).splitlines()[0]
        raise InputError(folder / _WEIGHTS, reason, "weights that fit crosscap.json") from None
    return model.to(best_device()).eval()


def check_classes(
    relations: RelationModel, classes: tuple[str, ...], path: str | Path, feature_size: int | None = None
) -> None:
    """Raise `InputError` unless the relation model was trained on a detector of these classes and features."""
    if relations.names.classes != classes:
        found = f"{len(relations.names.classes)} other classes"
        raise InputError(path, found, f"the detector's {len(classes)}", "Train the relations on this detector.")
    own = relations.architecture.feature_size
    if feature_size is not None and own != feature_size:
        found = f"a model of features of {own} numbers"
        raise InputError(path, found, f"the detector's {feature_size}", "Train the relations on this detector.")
