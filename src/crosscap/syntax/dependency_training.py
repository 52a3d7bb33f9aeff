"""Makes ``models/dependency_parser``: trained on a treebank, or taken from a released model, and scored either way."""

from __future__ import annotations

import logging
from pathlib import Path
from typing import Any

from crosscap.config.dependency_parser import DependencyParserSettings, Training
from crosscap.errors import InputError
from crosscap.io.artifacts import atomic_directory, read_json, write_json
from crosscap.runs.stage import use_threads
from crosscap.syntax.attachment_scores import attachment_scores
from crosscap.syntax.conllu import read_conllu
from crosscap.syntax.dependency_parser import DESCRIPTION, load_parser
from crosscap.training.fingerprint import work_directory
from crosscap.training.work_folders import release

STAGE = "train_dependency_parser"
logger = logging.getLogger(__name__)


def make_parser(treebanks: Path, language: str, settings: DependencyParserSettings, output: Path) -> None:
    """Write the parser of ``settings`` to ``output`` with its scores on ``<language>_dependency_dev.conllu``.

    Raises:
        InputError: no usable treebank, or a released model that cannot be loaded.
    """
    train, dev = (treebanks / f"{language}_dependency_{part}.conllu" for part in ("train", "dev"))
    description: dict[str, Any] = {
        "backend": settings.backend,
        "language": language,
        "lowercase": settings.train.lowercase,
        "pretrained": settings.pretrained,
    }
    work = None
    with atomic_directory(output) as folder:
        model = folder / settings.backend
        if settings.pretrained is not None:
            description["lowercase"] = _bring(settings.backend, Path(settings.pretrained), language, model)
        else:
            if not train.is_file():
                raise InputError(train, "no such file", "a UD treebank", "Or set dependency_parser.pretrained.")
            values = {key: getattr(settings.train, key) for key in Training.model_fields}
            use_threads(settings.train.threads)
            work = work_directory(STAGE, [settings.backend, language, values], [train])
            _train(settings.backend, Training(**values), language, train, dev, model, work)
        write_json(folder / DESCRIPTION, description)
        description |= _scores(folder, dev)
        write_json(folder / DESCRIPTION, description)
    if work is not None:
        release(work)
    logger.info("dependency parser: %s", {key: description.get(key) for key in ("las", "uas", "upos", "lemma")})


def _train(backend: str, settings: Training, language: str, train: Path, dev: Path, model: Path, work: Path) -> None:
    if backend == "spacy":
        from crosscap.syntax.spacy_training import train_spacy

        treebank = list(read_conllu(train))
        if not treebank:
            raise InputError(train, "no sentences", "a UD treebank", "Or set dependency_parser.pretrained.")
        train_spacy(treebank, language, settings, work).to_disk(model)
        return
    from crosscap.syntax.stanza_training import train_stanza

    train_stanza(train, dev, language, settings, model, work)


def _bring(backend: str, pretrained: Path, language: str, model: Path) -> bool:
    """Copy a released model, or one that this stage made before; return whether it knows lowercase words alone."""
    lowercase = False
    if (pretrained / DESCRIPTION).is_file():
        description = read_json(pretrained / DESCRIPTION)
        if description.get("backend") != backend:
            found, remedy = f"backend {description.get('backend')!r}", "Set dependency_parser.backend to it."
            raise InputError(pretrained / DESCRIPTION, found, repr(backend), remedy)
        pretrained, lowercase = pretrained / backend, bool(description.get("lowercase"))
    if backend == "spacy":
        from crosscap.syntax.spacy_parser import load_pipeline

        # The name of an installed pipeline passes through Path unchanged.
        load_pipeline(pretrained if pretrained.is_dir() else str(pretrained)).to_disk(model)
        return lowercase
    from crosscap.syntax.stanza_parser import copy_models

    copy_models(pretrained, language, model)
    return lowercase


def _scores(folder: Path, dev: Path) -> dict[str, float]:
    """Scores on the development treebank, none when it has no sentences."""
    gold = list(read_conllu(dev)) if dev.is_file() else []
    if not gold:
        return {}
    predicted = load_parser(folder).parse([[word.form for word in tree.words] for tree in gold])
    return attachment_scores(gold, predicted)
