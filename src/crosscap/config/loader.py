"""Reads sections of ``params.yaml`` for a stage, and only what the stage declares in ``dvc.yaml``."""

from __future__ import annotations

import difflib
import json
import re
from collections.abc import Iterable
from pathlib import Path
from typing import Any, TypeVar, cast

import yaml
from pydantic import ValidationError

from crosscap.config.section import Section
from crosscap.errors import InputError
from crosscap.io.yaml_text import parse_yaml

AnySection = TypeVar("AnySection", bound=Section)


class UndeclaredParameter(Exception):
    """A stage read a parameter that it does not list under ``params`` in ``dvc.yaml``."""


def read_yaml(path: str | Path) -> dict[str, Any]:
    """Read a YAML mapping.

    Raises:
        InputError: missing, not UTF-8, not YAML, or no mapping.
    """
    path = Path(path)
    try:
        value = parse_yaml(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise InputError(path, "no such file", "a YAML mapping", "Run from the project's root.") from None
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise InputError(path, str(error), "valid YAML in UTF-8") from None
    if not isinstance(value, dict):
        raise InputError(path, type(value).__name__, "a mapping of sections")
    return value


def validate_section(model: type[AnySection], name: str, values: object, path: str | Path) -> AnySection:
    """Build ``model`` from the mapping ``values`` of section ``name``.

    Raises:
        InputError: an unknown key (the nearest known one is named), a missing key or a value of another type.
    """
    try:
        # Strict JSON mode: a list becomes a tuple, but "3" does not become 3.
        return model.model_validate_json(json.dumps(values))
    except ValidationError as error:
        raise _first_problem(error, model, name, path) from None


def load_section(
    stage: str,
    name: str,
    model: type[AnySection],
    params: str | Path = "params.yaml",
    dag: str | Path = "dvc.yaml",
) -> AnySection:
    """Section ``name`` as ``stage`` may see it.

    Reading a leaf that ``stage`` does not declare in ``dvc.yaml`` raises `UndeclaredParameter`: both engines would
    miss its changes.

    Raises:
        InputError: the section is missing or does not validate.
    """
    sections = read_yaml(params)
    if name not in sections:
        raise InputError(params, f"no section {name!r}", f"section {name!r}", nearest(name, sections))
    section = validate_section(model, name, sections[name], params)
    declared = declared_parameters(stage, dag)
    if name in declared:
        return section
    return cast(AnySection, _DeclaredView(section, name, declared, stage))


def declared_parameters(stage: str, dag: str | Path = "dvc.yaml") -> frozenset[str]:
    """The parameter keys that ``dvc.yaml`` lists for ``stage``, such as ``filter.min_words`` or a whole ``filter``."""
    stages = read_yaml(dag).get("stages", {})
    if stage not in stages:
        raise InputError(dag, f"no stage {stage!r}", f"one of {sorted(stages)}", nearest(stage, stages))
    return frozenset(key for key in stages[stage].get("params", ()) if isinstance(key, str))


class _DeclaredView:
    """A section whose undeclared leaves cannot be read."""

    def __init__(self, section: Section, prefix: str, declared: frozenset[str], stage: str) -> None:
        self._section, self._prefix, self._declared, self._stage = section, prefix, declared, stage

    def __getattr__(self, key: str) -> Any:
        path = f"{self._prefix}.{key}"
        value = getattr(self._section, key)
        if key not in type(self._section).model_fields or path in self._declared:
            return value
        if isinstance(value, Section):
            return _DeclaredView(value, path, self._declared, self._stage)
        raise UndeclaredParameter(
            f"stage {self._stage!r} reads the parameter {path!r} without declaring it: add it to "
            f"stages.{self._stage}.params in dvc.yaml"
        )


def _first_problem(error: ValidationError, model: type[Section], name: str, path: str | Path) -> InputError:
    problem = error.errors()[0]
    keys = [str(part) for part in problem["loc"]]
    record = "key " + ".".join((name, *keys))
    if problem["type"] == "extra_forbidden":
        owner: Any = model
        for key in keys[:-1]:
            if key in owner.model_fields:  # else the key of a mapping or the number of a list's element
                owner = _section_type(owner.model_fields[key].annotation)
        known = list(owner.model_fields)
        return InputError(path, "an unknown key", f"one of {', '.join(known)}", nearest(keys[-1], known), record)
    if problem["type"] == "missing":
        present = problem["input"] if isinstance(problem["input"], dict) else {}
        return InputError(path, "nothing", "a value", nearest(keys[-1], present), record)
    remedy = ""
    if problem["type"] == "literal_error":
        remedy = nearest(str(problem["input"]), re.findall(r"'([^']+)'", problem["ctx"]["expected"]))
    return InputError(path, repr(problem["input"]), problem["msg"][0].lower() + problem["msg"][1:], remedy, record)


def _section_type(annotation: Any) -> type[Section]:
    candidates = [annotation, *getattr(annotation, "__args__", ())]
    return next(c for c in candidates if isinstance(c, type) and issubclass(c, Section))


def nearest(word: str, known: Iterable[object]) -> str:
    """A question that names the known word most like ``word``, empty when none is."""
    close = difflib.get_close_matches(word, [str(k) for k in known], n=1, cutoff=0.4)
    return f"Did you mean {close[0]!r}?" if close else ""
