"""``models/constituency_parser/L``: trained on a treebank or brought as a released model."""

from __future__ import annotations

import logging
import shutil
from pathlib import Path
from typing import Any

import nltk

from crosscap.config.constituency_parser import Training
from crosscap.errors import InputError
from crosscap.io.artifacts import atomic_directory, write_json
from crosscap.runs.stage import use_threads
from crosscap.syntax.constituency.benepar_model import unpack
from crosscap.syntax.constituency.brackets import plain, read_trees
from crosscap.syntax.constituency.parser import DESCRIPTION, load_constituency_parser
from crosscap.syntax.constituency.training import train
from crosscap.training.fingerprint import work_directory
from crosscap.training.work_folders import release

logger = logging.getLogger(__name__)


def make_parser(
    treebanks: Path, language: str, pretrained: str | None, settings: Training, output: Path, work_root: Path
) -> None:
    """Write the parser of ``language`` to ``output``.

    Args:
        treebanks: folder with ``L_constituency_train.txt``.
        language: ISO 639-1 code.
        pretrained: a benepar model's file, folder or zip archive, None to train one.
        settings: ``constituency_parser.train``.
        output: the model's folder, whole or absent.
        work_root: where checkpoints live.

    Raises:
        InputError: no trees to train on, or a model that benepar cannot load.
    """
    description: dict[str, Any] = {"backend": "benepar", "language": language, "pretrained": pretrained}
    work = None
    with atomic_directory(output) as folder:
        if pretrained is None:
            values = settings.model_dump()
            use_threads(settings.threads)
            treebank = treebanks / f"{language}_constituency_train.txt"
            trees = gold_trees(treebank)
            if not trees:
                remedy = (
                    f"Or take {language!r} out of constituency_parser.languages, or set constituency_parser.pretrained."
                )
                raise InputError(treebank, "no trees", "a treebank", remedy)
            work = work_directory("train_constituency_parser", [language, values], [treebank], work_root)
            train(trees, settings, work, folder / "parser.pt")
            description |= {"model": "parser.pt", "lowercase": settings.lowercase, "trees": len(trees)}
        else:
            description |= {"model": _bring(Path(pretrained), folder), "lowercase": False}
        write_json(folder / DESCRIPTION, description)
        load_constituency_parser(folder)  # a model that cannot be loaded fails here and not hours later
    if work is not None:
        release(work)


def gold_trees(path: Path) -> list[nltk.Tree]:
    """The trees of a treebank without function tags and traces."""
    return [tree for entry in read_trees(path) if entry is not None and (tree := plain(entry)) is not None]


def _bring(pretrained: Path, folder: Path) -> str:
    """Copy a model file or a released model's folder, or unpack its archive; return its name in ``folder``."""
    if pretrained.is_dir():
        shutil.copytree(pretrained, folder / "parser")
        return "parser"
    if not pretrained.is_file():
        raise InputError(pretrained, "no such file or folder", "a benepar model", "See constituency_parser.pretrained.")
    # torch's own files are zip archives too, without a config.json.
    if pretrained.suffix == ".zip":
        unpack(pretrained, folder / "parser")
        return "parser"
    shutil.copyfile(pretrained, folder / "parser.pt")
    return "parser.pt"
