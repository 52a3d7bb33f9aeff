"""Makes ``models/dependency_parser``: trained on a treebank, or taken from a released model, and scored either way."""

from __future__ import annotations

import logging
from pathlib import Path
from typing import Any

from crosscap.config.dependency_parser import DependencyParserSettings, Training
from crosscap.errors import InputError
from crosscap.io.artifacts import atomic_directory, write_json
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
    trained = settings.pretrained is None
    description: dict[str, Any] = {
        "backend": settings.backend,
        "language": language,
        "lowercase": trained and settings.train.lowercase,
        "pretrained": settings.pretrained,
    }
    work = None
    with atomic_directory(output) as folder:
        model = folder / settings.backend
        if settings.pretrained is not None:
            _bring(settings.backend, settings.pretrained, language, model)
        else:
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


def _bring(backend: str, pretrained: str, language: str, model: Path) -> None:
    if backend == "spacy":
        from crosscap.syntax.spacy_parser import load_pipeline

        load_pipeline(pretrained).to_disk(model)
        return
    from crosscap.syntax.stanza_parser import copy_models

    copy_models(Path(pretrained), language, model)


def _scores(folder: Path, dev: Path) -> dict[str, float]:
    """Scores on the development treebank, none when it has no sentences."""
    gold = list(read_conllu(dev)) if dev.is_file() else []
    if not gold:
        return {}
    predicted = load_parser(folder).parse([[word.form for word in tree.words] for tree in gold])
    return attachment_scores(gold, predicted)
