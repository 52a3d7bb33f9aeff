"""Dependency parsing by stanza pipelines: our own, and released ones."""

from __future__ import annotations

import shutil
from collections.abc import Iterable, Iterator
from itertools import islice
from pathlib import Path
from typing import Any

from crosscap.errors import InputError
from crosscap.io.artifacts import read_json, write_json
from crosscap.syntax.relations import require_universal
from crosscap.syntax.tree import Tree, Word, with_one_root

PROCESSORS = ("pos", "lemma", "depparse")
# Files that a processor of a released package needs beside its own.
FOUNDATIONS = ("pretrain", "forward_charlm", "backward_charlm")
BATCH = 1024  # sentences a call: stanza sorts them by length into batches of its own (256 take a tenth more time)


class StanzaParser:
    """A stanza pipeline behind `DependencyParser`; nothing is downloaded.

    It runs on the CPU, also where there is a GPU: as many processes as cores would each load the models onto it.

    Args:
        resources: folder with ``resources.json`` and ``<language>/<processor>/<package>.pt``, as stanza lays them out.
        language: ISO 639-1 code.
        lowercase: whether it was trained on lowercase words.

    Raises:
        InputError: the folder is not laid out so, stanza cannot load it, or its labels are not UD's.
    """

    def __init__(self, resources: Path, language: str, lowercase: bool) -> None:
        import stanza

        packages(resources, language)
        try:
            self.pipeline: Any = stanza.Pipeline(
                language,
                dir=str(resources),
                processors="tokenize,pos,lemma,depparse",
                tokenize_pretokenized=True,
                tokenize_no_ssplit=True,
                download_method=None,
                use_gpu=False,
                logging_level="ERROR",
            )
        except Exception as error:  # a damaged file makes stanza and torch raise many kinds
            found = f"{type(error).__name__}: {(str(error).splitlines() or [''])[0]}"
            raise InputError(resources, found, "models that stanza loads") from None
        require_universal(resources, self.pipeline.processors["depparse"].get_known_relations())
        self.lowercase = lowercase

    def parse(self, sentences: Iterable[list[str]]) -> Iterator[Tree]:
        """See `DependencyParser.parse`."""
        stream = iter(sentences)
        while batch := list(islice(stream, BATCH)):
            # stanza drops empty sentences, so they are put back here.
            full = [[self._shown(word) for word in words] for words in batch if words]
            parsed = iter(self.pipeline(full).sentences if full else ())
            for words in batch:
                yield self._tree(words, next(parsed).words) if words else Tree("", ())

    def _shown(self, word: str) -> str:
        word = word.lower() if self.lowercase else word
        return "_".join(word.split()) or "_"

    def _tree(self, forms: list[str], parsed: list[Any]) -> Tree:
        words = [
            Word(
                form=form,
                lemma=word.lemma or form.lower(),
                upos=word.upos or "X",
                xpos=word.xpos or "_",
                feats=word.feats or "_",
                head=word.head,
                relation=word.deprel,
            )
            for form, word in zip(forms, parsed, strict=True)
        ]
        return Tree("", with_one_root(words))


def packages(resources: Path, language: str) -> dict[str, str]:
    """Processor -> name of its default package.

    Raises:
        InputError: ``resources.json`` does not name a default package of every processor.
    """
    path = resources / "resources.json"
    table = read_json(path)
    for _ in range(3):  # "english" may stand for "en"
        language = table.get(language, {}).get("alias", language)
    default = table.get(language, {}).get("packages", {}).get("default", {})
    missing = [name for name in PROCESSORS if name not in default]
    if missing:
        remedy = "Give a folder that stanza.download filled, for this language."
        raise InputError(path, f"no default package for {missing} in {language!r}", f"all of {PROCESSORS}", remedy)
    return {name: str(package) for name, package in default.items() if isinstance(package, str)}


def copy_models(pretrained: Path, language: str, folder: Path) -> None:
    """Copy what a pipeline of ``pretrained`` needs to ``folder``, with its ``resources.json``.

    Raises:
        InputError: as `packages`, or a model file is missing.
    """
    default = packages(pretrained, language)
    for name in (*PROCESSORS, *FOUNDATIONS):
        # Foundations are shared: whichever files lie there may be needed.
        files = list((pretrained / language / name).glob("*.pt"))
        if name in PROCESSORS:
            wanted = pretrained / language / name / f"{default[name]}.pt"
            if wanted not in files:
                raise InputError(wanted, "no such file", "a stanza model", "Download this processor as well.")
            files = [wanted]
        for file in files:
            target = folder / file.relative_to(pretrained)
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(file, target)
    folder.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(pretrained / "resources.json", folder / "resources.json")


def write_resources(folder: Path, language: str, package: str) -> None:
    """A ``resources.json`` for own models, so that they load by the same path as released ones."""
    # Pretokenized text passes a tokenizer that has no model; stanza still looks up its name.
    names = {"tokenize": package, **dict.fromkeys(PROCESSORS, package)}
    table: dict[str, object] = {name: {package: {}} for name in names}
    write_json(
        folder / "resources.json",
        {language: {"lang_name": language, "packages": {"default": names}, "default_processors": names, **table}},
    )
