"""Stage train_constituency_parser: a treebank, or a released benepar model -> a constituency parser of one language.

In:  data/raw/treebanks/L_constituency_train.txt   (TOP (S (NP (DT a) (NN dog)) (VP (VBZ runs))))
Out: models/constituency_parser/L/crosscap.json    {"backend": "benepar", "language": "en", "model": "parser.pt", …}
     models/constituency_parser/L/parser.pt        {"config", "state_dict"}, benepar's own format
"""

from __future__ import annotations

from pathlib import Path

from crosscap.config.constituency_parser import ConstituencyParserSettings, Training
from crosscap.config.loader import load_section
from crosscap.runs.arguments import stage_arguments
from crosscap.runs.stage import run
from crosscap.syntax.constituency.model_folder import make_parser


def main() -> None:
    language = stage_arguments(__doc__, "language").language
    settings = load_section("train_constituency_parser", "constituency_parser", ConstituencyParserSettings)
    training = Training(**{key: getattr(settings.train, key) for key in Training.model_fields})
    pretrained = settings.pretrained.get(language)
    output = Path("models/constituency_parser") / language
    make_parser(Path("data/raw/treebanks"), language, pretrained, training, output, Path("work"))


if __name__ == "__main__":
    run(main)
