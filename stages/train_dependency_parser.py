"""Train a dependency parser on the UD treebank, or bring a released one.

in:  data/raw/treebanks/en_dependency_{train,dev}.conllu
out: models/dependency_parser/crosscap.json   {"backend": "spacy", "las": 0.97, "uas": 0.98, "upos": …, "lemma": …}
     models/dependency_parser/spacy/          the library's own format; the same code loads it and a released one
"""

from __future__ import annotations

from pathlib import Path

from crosscap.config.dependency_parser import DependencyParserSettings
from crosscap.config.languages import LanguageSettings
from crosscap.config.loader import load_section
from crosscap.runs.arguments import stage_arguments
from crosscap.runs.stage import run
from crosscap.syntax.dependency_training import make_parser

STAGE = "train_dependency_parser"


def main() -> None:
    stage_arguments(__doc__)
    languages = load_section(STAGE, "languages", LanguageSettings)
    settings = load_section(STAGE, "dependency_parser", DependencyParserSettings)
    make_parser(Path("data/raw/treebanks"), languages.source, settings, Path("models/dependency_parser"))


if __name__ == "__main__":
    run(main)
