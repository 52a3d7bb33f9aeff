"""What the results of a stage depend on besides the record: parameters, models, code and libraries."""

from __future__ import annotations

import ast
import hashlib
import json
from collections.abc import Collection, Iterable, Mapping
from dataclasses import asdict, dataclass, field
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

import crosscap
from crosscap.config.loader import declared_parameters, read_yaml
from crosscap.errors import InputError
from crosscap.io.artifacts import read_json, sha256_of

# Libraries whose package has another name than their module; the rest have the same.
PACKAGES = {"PIL": "pillow", "yaml": "pyyaml"}
COMPARED = ("parameters", "models", "code", "libraries")
CODE = Path(crosscap.__file__).parents[2]  # the project whose code runs


@dataclass(frozen=True)
class Identity:
    """Results with one identity are interchangeable.

    Attributes:
        parameters: key and value.
        models: file and SHA-256 of its bytes.
        code: file and SHA-256 of its syntax tree, without comments and docstrings.
        libraries: package and version.
        model_paths: the models as they were given: files and folders.
        ignoring: declared parameters that were left out.
    """

    parameters: Mapping[str, Any] = field(default_factory=dict)
    models: Mapping[str, str] = field(default_factory=dict)
    code: Mapping[str, str] = field(default_factory=dict)
    libraries: Mapping[str, str] = field(default_factory=dict)
    model_paths: tuple[str, ...] = ()
    ignoring: tuple[str, ...] = ()

    @property
    def digest(self) -> str:
        """64 hexadecimal digits."""
        whole = {name: getattr(self, name) for name in COMPARED}
        return hashlib.sha256(json.dumps(whole, sort_keys=True).encode()).hexdigest()

    def differences(self, other: Identity) -> list[str]:
        """What differs in ``other``, a line each, such as ``parameters detection.max_objects: 30, now 20``."""
        lines = []
        for kind in COMPARED:
            mine, theirs = getattr(self, kind), getattr(other, kind)
            for name in sorted({*mine, *theirs}):
                before, now = mine.get(name, "nothing"), theirs.get(name, "nothing")
                if before != now:
                    values = f": {before}, now {now}" if kind in ("parameters", "libraries") else ""
                    lines.append(f"{kind} {name}{values}")
        return lines

    def as_json(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def read(cls, path: Path) -> Identity:
        """What `as_json` gave, from a file.

        Raises:
            InputError: it is something else.
        """
        values = read_json(path)
        try:
            return cls(**{**values, **{name: tuple(values[name]) for name in ("model_paths", "ignoring")}})
        except (TypeError, KeyError, AttributeError):
            raise InputError(path, "other content", "the description of an identity", "Remove its folder.") from None


def stage_identity(
    stage: str, models: Iterable[str | Path] = (), ignoring: Collection[str] = (), root: str | Path = "."
) -> Identity:
    """The identity of a stage's results, as ``params.yaml``, ``dvc.yaml``, the models and the code stand now.

    Arguments of the stage's command, such as a matrix's target, are no part of it: what they change must be among the
    ``models`` or in the record's own digest.

    Args:
        stage: name in ``dvc.yaml``.
        models: files, and folders with everything in them.
        ignoring: declared parameters, or the sections that hold them, that change no record's result.
        root: the project.

    Raises:
        InputError: a model or a parameter is missing, or ``ignoring`` names what the stage does not declare.
    """
    root, models = Path(root), list(models)
    declared = declared_parameters(stage, root / "dvc.yaml")
    for name in ignoring:
        if not any(_within(key, name) for key in declared):
            raise InputError(root / "dvc.yaml", f"no parameter {name!r}", "a declared one", record=f"stage {stage}")
    values = read_yaml(root / "params.yaml")
    kept = sorted(key for key in declared if not any(_within(key, name) for name in ignoring))
    files = {name: code_path(name, root) for name in code_files(stage, root)}
    return Identity(
        parameters={key: _value(values, key, root / "params.yaml") for key in kept},
        models={str(file): sha256_of(root / file) for model in models for file in _files(Path(model), root)},
        code={name: code_digest(path) for name, path in files.items()},
        libraries=libraries(files.values()),
        model_paths=tuple(map(str, models)),
        ignoring=tuple(sorted(ignoring)),
    )


def code_files(stage: str, root: Path) -> list[str]:
    """The Python files under the stage's ``deps``."""
    deps = read_yaml(root / "dvc.yaml")["stages"][stage].get("deps", ())
    return sorted(dep for dep in deps if isinstance(dep, str) and dep.endswith(".py"))


def code_path(name: str, root: Path) -> Path:
    """Where the code called ``name`` in ``dvc.yaml`` is run from: an installed package may lie outside ``root``.

    Raises:
        InputError: it is neither there nor in ``root``.
    """
    for path in (CODE / name, root / name):
        if path.is_file():
            return path
    raise InputError(root / name, "no such file", "code that dvc.yaml lists", "Run `make dependencies`.")


def code_digest(path: Path) -> str:
    """`syntax_digest` of a file."""
    return syntax_digest(path.read_bytes(), path)


def syntax_digest(source: bytes, path: str | Path) -> str:
    """SHA-256 of what the code does: comments, docstrings, blank lines and line numbers are no part of it.

    Raises:
        SyntaxError: it is not Python, and ``path`` is named in the message.
        ValueError: it is not text.
    """
    tree = ast.parse(source, str(path))
    for node in ast.walk(tree):
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
            head = node.body[0] if node.body else None
            if (
                isinstance(head, ast.Expr)
                and isinstance(head.value, ast.Constant)
                and isinstance(head.value.value, str)
            ):
                del node.body[0]
    return hashlib.sha256(ast.dump(tree).encode()).hexdigest()


def libraries(files: Iterable[Path]) -> dict[str, str]:
    """The version of every installed package that one of the files imports."""
    modules: set[str] = set()
    for file in files:
        for node in ast.walk(ast.parse(file.read_bytes(), str(file))):
            if isinstance(node, ast.Import):
                modules.update(alias.name.partition(".")[0] for alias in node.names)
            elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
                modules.add(node.module.partition(".")[0])
    versions = {}
    for package in sorted(PACKAGES.get(module, module) for module in modules - {"crosscap"}):
        try:
            versions[package] = version(package)
        except PackageNotFoundError:
            continue  # of the standard library, or an optional one that is not installed
    return versions


def _within(key: str, name: str) -> bool:
    return key == name or key.startswith(f"{name}.")


def _value(values: Mapping[str, Any], key: str, path: Path) -> Any:
    node: Any = values
    for part in key.split("."):
        if not isinstance(node, Mapping) or part not in node:
            raise InputError(path, f"no key {key!r}", "the parameters that dvc.yaml declares")
        node = node[part]
    return node


def _files(model: Path, root: Path) -> list[Path]:
    if (root / model).is_dir():
        files = sorted(path for path in (root / model).rglob("*") if path.is_file())
        inside = (root / model).is_relative_to(root)  # a released model may lie elsewhere
        return [path.relative_to(root) if inside else path for path in files]
    if (root / model).is_file():
        return [model]
    raise InputError(root / model, "no such file or folder", "a model", "Run the stages before this one.")
