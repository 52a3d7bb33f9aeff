from __future__ import annotations

from pathlib import Path

import pytest

from crosscap.config.dependency_parser import DependencyParserSettings, Training
from crosscap.syntax.conllu import write_conllu
from crosscap.syntax.dependency_training import make_parser
from crosscap.syntax.tree import Tree, Word

SUBJECTS = (("man", "man", "NN"), ("dogs", "dog", "NNS"), ("girl", "girl", "NN"))
VERBS = (("holds", "hold"), ("rides", "ride"), ("sees", "see"))
OBJECTS = (("ball", "ball", "NN"), ("horses", "horse", "NNS"), ("kite", "kite", "NN"))
ADJECTIVES = ("red", "big")


def small_treebank() -> list[Tree]:
    """54 sentences such as "The man holds a red ball ."."""
    trees = []
    for subject in SUBJECTS:
        for verb in VERBS:
            for thing in OBJECTS:
                for adjective in ADJECTIVES:
                    words = (
                        Word("The", "the", "DET", "DT", "_", 2, "det"),
                        _noun(subject, 3, "nsubj"),
                        Word(verb[0], verb[1], "VERB", "VBZ", "VerbForm=Fin", 0, "root"),
                        Word("a", "a", "DET", "DT", "_", 6, "det"),
                        Word(adjective, adjective, "ADJ", "JJ", "_", 6, "amod"),
                        _noun(thing, 3, "obj"),
                        Word(".", ".", "PUNCT", ".", "_", 3, "punct"),
                    )
                    trees.append(Tree(str(len(trees)), words))
    return trees


def _noun(noun: tuple[str, str, str], head: int, relation: str) -> Word:
    form, lemma, tag = noun
    return Word(form, lemma, "NOUN", tag, "Number=Plur" if tag == "NNS" else "Number=Sing", head, relation)


TRAINING = Training(
    steps=60,
    batch_words=80,
    learning_rate=0.01,
    dropout=0.1,
    width=32,
    depth=1,
    lowercase=True,
    drop_final_punctuation=0.5,
    checkpoint_steps=5,
    seed=1,
    threads=1,
)
SETTINGS = DependencyParserSettings(backend="spacy", pretrained=None, train=TRAINING)


@pytest.fixture(scope="session")
def treebank() -> list[Tree]:
    return small_treebank()


@pytest.fixture(scope="session")
def treebanks(tmp_path_factory: pytest.TempPathFactory, treebank: list[Tree]) -> Path:
    folder = tmp_path_factory.mktemp("treebanks")
    write_conllu(folder / "en_dependency_train.conllu", treebank)
    write_conllu(folder / "en_dependency_dev.conllu", treebank[::5])
    return folder


@pytest.fixture(scope="session")
def parser_folder(tmp_path_factory: pytest.TempPathFactory, treebanks: Path) -> Path:
    """A dependency parser trained on the small treebank."""
    root = tmp_path_factory.mktemp("parser")
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(root)
        make_parser(treebanks, "en", SETTINGS, root / "models/dependency_parser")
    return root / "models/dependency_parser"
