"""Code is a dependency: each stage's ``deps`` hold exactly the local modules that it imports, directly or not.

``python -m workflow.code_dependencies`` checks ``dvc.yaml``, with ``--write`` it rewrites it.
"""

from __future__ import annotations

import argparse
import ast
import sys
from collections.abc import Iterator
from io import StringIO
from pathlib import Path

from ruamel.yaml import YAML

SOURCE = Path("src")
STAGES = Path("stages")


def import_closure(module: Path, root: Path = Path()) -> list[str]:
    """``module`` and every local module that it imports, as sorted paths relative to ``root``.

    Imports inside functions count; imports for type checkers do not, and neither do packages whose
    ``__init__.py`` holds nothing but a docstring. A file beside a module that one of its strings names, such as
    ``"cards.js"``, is code as well.
    """
    reached: set[Path] = set()
    waiting = [module]
    while waiting:
        path = waiting.pop()
        if path not in reached:
            reached.add(path)
            if path.suffix == ".py":
                waiting += local_imports(path, root) + named_files(path, root)
    return sorted(path.as_posix() for path in reached)


def local_imports(path: Path, root: Path) -> list[Path]:
    """Files of this project that the file ``path`` imports."""
    names: list[str] = []
    for node in _runtime_nodes(ast.parse((root / path).read_text(encoding="utf-8"), str(path))):
        if isinstance(node, ast.Import):
            names += [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and node.module:
            names.append(node.module)
            names += [f"{node.module}.{alias.name}" for alias in node.names]
    return sorted({file for name in names if name.split(".")[0] == "crosscap" for file in _files(name, root)})


def named_files(path: Path, root: Path) -> list[Path]:
    """Files beside the module ``path``, no modules themselves, whose names stand in it as strings."""
    tree = ast.parse((root / path).read_text(encoding="utf-8"), str(path))
    strings = {node.value for node in ast.walk(tree) if isinstance(node, ast.Constant) and isinstance(node.value, str)}
    others = (file for file in (root / path).parent.iterdir() if file.is_file() and file.suffix != ".py")
    return sorted(path.with_name(file.name) for file in others if file.name in strings)


def _runtime_nodes(tree: ast.AST) -> Iterator[ast.AST]:
    for node in ast.iter_child_nodes(tree):
        if isinstance(node, ast.If) and isinstance(node.test, ast.Name) and node.test.id == "TYPE_CHECKING":
            continue
        yield node
        yield from _runtime_nodes(node)


def _files(name: str, root: Path) -> Iterator[Path]:
    parts = name.split(".")
    for end in range(1, len(parts) + 1):
        package = SOURCE.joinpath(*parts[:end], "__init__.py")
        if (root / package).is_file() and _has_code(root / package):
            yield package
    module = SOURCE.joinpath(*parts).with_suffix(".py")
    if (root / module).is_file():
        yield module


def _has_code(path: Path) -> bool:
    body = ast.parse(path.read_text(encoding="utf-8")).body
    return any(not (isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)) for node in body)


def updated(text: str, root: Path = Path()) -> str:
    """``dvc.yaml``'s text with the code under every stage's ``deps`` made true; comments and order stay."""
    yaml = YAML()
    yaml.width = 160
    yaml.indent(mapping=2, sequence=4, offset=2)
    document = yaml.load(text)
    for name, stage in document["stages"].items():
        data = [dep for dep in stage.get("deps", ()) if Path(dep).parts[0] not in (SOURCE.name, STAGES.name)]
        stage["deps"] = data + import_closure(STAGES / f"{name}.py", root)
    stream = StringIO()
    yaml.dump(document, stream)
    return stream.getvalue()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--write", action="store_true", help="rewrite dvc.yaml instead of checking it")
    arguments = parser.parse_args()
    path = Path("dvc.yaml")
    text = path.read_text(encoding="utf-8")
    new = updated(text)
    if arguments.write:
        path.write_text(new, encoding="utf-8")
    elif new != text:
        sys.exit("dvc.yaml: the code under deps is out of date; run `make dependencies`")


if __name__ == "__main__":
    main()
