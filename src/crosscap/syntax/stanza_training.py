"""Trains stanza's tagger, lemmatizer and parser on a UD treebank with stanza's own training programs."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

from crosscap.config.dependency_parser import Training
from crosscap.errors import InputError
from crosscap.syntax.conllu import read_conllu, write_conllu
from crosscap.syntax.stanza_parser import write_resources

PACKAGE = "crosscap"


def train_stanza(train: Path, dev: Path, language: str, settings: Training, folder: Path, work: Path) -> None:
    """Write the models to ``folder`` as stanza lays out released ones.

    What is finished lies in ``work``: a killed training goes on with the model it was at.

    Args:
        train, dev: treebanks; without sentences in ``dev`` the models are chosen on ``train``.
        language: ISO 639-1 code.
        settings: ``steps``, ``batch_words``, ``seed`` and ``lowercase`` count; the rest is stanza's own default.
        folder: where the models go.
        work: folder of this training.

    Raises:
        InputError: ``train`` has no sentences.
    """
    from stanza.models import lemmatizer, parser, tagger

    work.mkdir(parents=True, exist_ok=True)
    train_file, dev_file = work / "train.conllu", work / "dev.conllu"
    sentences = _copy(train, train_file, settings.lowercase)
    if not sentences:
        raise InputError(train, "no sentences", "a UD treebank", "Or set dependency_parser.pretrained.")
    if not dev.is_file() or not _copy(dev, dev_file, settings.lowercase):
        shutil.copyfile(train_file, dev_file)
    files = ["--mode", "train", "--train_file", str(train_file), "--eval_file", str(dev_file)]
    common = [*files, "--shorthand", f"{language}_{PACKAGE}", "--seed", str(settings.seed)]
    steps = ["--lang", language, "--no_pretrain", "--max_steps", str(settings.steps)]
    steps += ["--eval_interval", str(min(100, settings.steps))]
    epochs = ["--num_epoch", str(max(1, min(60, settings.steps // 20)))]
    # stanza's parser counts a batch in words, its tagger in sentences.
    words = sum(len(tree.words) for tree in read_conllu(train_file))
    batch_sentences = max(1, settings.batch_words * sentences // words)
    programs: dict[str, tuple[Callable[[list[str]], Any], list[str]]] = {
        "pos": (tagger.main, [*common, *steps, "--batch_size", str(batch_sentences)]),
        "lemma": (lemmatizer.main, common + epochs),
        "depparse": (parser.main, [*common, *steps, "--batch_size", str(settings.batch_words)]),
    }
    for processor, (program, arguments) in programs.items():
        finished = work / processor / f"{PACKAGE}.pt"
        if not finished.is_file():
            program([*arguments, "--save_dir", str(finished.parent), "--save_name", "unfinished.pt"])
            (finished.parent / "unfinished.pt").rename(finished)
        target = folder / language / processor / finished.name
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(finished, target)
    write_resources(folder, language, PACKAGE)


def _copy(treebank: Path, target: Path, lowercase: bool) -> int:
    trees = read_conllu(treebank)
    if not lowercase:
        return write_conllu(target, trees)
    return write_conllu(
        target,
        (
            tree._replace(words=tuple(w._replace(form=w.form.lower(), lemma=w.lemma.lower()) for w in tree.words))
            for tree in trees
        ),
    )
