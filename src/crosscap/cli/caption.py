"""``crosscap caption``: caption pictures with the trained models."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Protocol

import numpy as np

from crosscap.cli.decoding_options import add_decoding_arguments, with_options
from crosscap.config.detection import DetectionSettings
from crosscap.config.generation import GenerationSettings
from crosscap.config.image_graphs import ImageGraphSettings
from crosscap.config.languages import LanguageSettings
from crosscap.config.loader import read_yaml, validate_section
from crosscap.errors import InputError, printable
from crosscap.graph.scene_graph import SceneGraph
from crosscap.graph.tables import to_row
from crosscap.systems.unison.captioner import Captioner
from crosscap.text.tokenizers import tokenizer
from crosscap.vision.images import OpenedPicture, Picture, open_picture
from crosscap.vision.pipeline import ImageGraphPredictor

PARAMS, MODELS = Path("params.yaml"), Path("models")


class GraphPredictor(Protocol):
    """What `ImageGraphPredictor` offers."""

    def graphs(self, pictures: Sequence[Picture], ids: Sequence[str] | None = None) -> list[SceneGraph]: ...


@dataclass(frozen=True)
class CaptionedImage:
    """The captions of one picture as text with their log-probabilities, the best first, and its scene graph."""

    path: str
    captions: tuple[tuple[str, float], ...]
    graph: SceneGraph


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("images", nargs="+", type=Path, metavar="IMAGE", help="a picture (JPEG, PNG, ...)")
    parser.add_argument(
        "--lang", metavar="LANGUAGE", help="language of the captions (default: the first of languages.targets)"
    )
    parser.add_argument(
        "--variant", default="hgm", metavar="MODEL", help="such as hgm or gen-seed2 (default: %(default)s)"
    )
    parser.add_argument("--without-phase2", action="store_true", help="skip the cross-modal feature mapping")
    parser.add_argument("--json", action="store_true", help="print captions, scores and scene graphs as JSON")
    add_decoding_arguments(parser)
    parser.add_argument("--params", type=Path, default=PARAMS, help="the parameters (default: %(default)s)")
    parser.add_argument("--models", type=Path, default=MODELS, help="folder of the models (default: %(default)s)")


def run(arguments: argparse.Namespace) -> int:
    """Caption every readable picture; 1 when a picture could not be read, else 0."""
    params = read_yaml(arguments.params)

    def section(model: Any, name: str) -> Any:
        return validate_section(model, name, params.get(name), arguments.params)

    language = arguments.lang or section(LanguageSettings, "languages").targets[0]
    captioner = load_captioner(arguments.models, language, arguments.variant, not arguments.without_phase2)
    predictor = ImageGraphPredictor.load(
        arguments.models / "detector",
        arguments.models / "relations",
        section(DetectionSettings, "detection"),
        section(ImageGraphSettings, "image_graphs"),
    )
    settings = with_options(section(GenerationSettings, "generation"), arguments, arguments.params)
    captioned, errors = caption_images(arguments.images, predictor, captioner, settings, language)
    print_captions(captioned, as_json=arguments.json, named=len(arguments.images) > 1)
    for error in errors:
        print(f"error: {error}", file=sys.stderr)
    return 1 if errors else 0


def load_captioner(models: Path, language: str, variant: str, phase2: bool = True) -> Captioner:
    """The trained captioner of a language and variant.

    Raises:
        InputError: it was never trained; the trained ones are named.
    """
    phase1 = models / "phase1" / language / variant
    if not phase1.is_dir():
        trained = sorted(str(path.relative_to(models / "phase1")) for path in (models / "phase1").glob("*/*"))
        raise InputError(
            phase1, "no trained model", f"one of {', '.join(trained)}" if trained else "a trained model",
            "Run `dvc repro`, or choose another --lang or --variant.",
        )  # fmt: skip
    mapper = models / "phase2" / language / variant if phase2 else None
    return Captioner.load(phase1, models / "aligned_vectors" / language, mapper)


def caption_images(
    paths: Sequence[Path], predictor: GraphPredictor, captioner: Captioner, settings: GenerationSettings, language: str
) -> tuple[list[CaptionedImage], list[InputError]]:
    """Caption the pictures that can be read, in order; the others' errors come beside."""
    graphs: list[SceneGraph] = []
    errors: list[InputError] = []
    for path in paths:
        try:
            picture = open_picture(path)
        except InputError as error:
            errors.append(error)
            continue
        (graph,) = predictor.graphs([picture.pixels], [str(path)])
        graphs.append(in_original(graph, picture))
    if not graphs:
        return [], errors
    captions = captioner.captions(graphs, settings)
    to_text = tokenizer(language).detokenize
    return [
        CaptionedImage(
            graph.id,
            tuple((to_text(words), score) for words, score in ((caption.words, caption.score), *caption.others)),
            graph,
        )
        for graph, caption in zip(graphs, captions, strict=True)
    ], errors


def in_original(graph: SceneGraph, picture: OpenedPicture) -> SceneGraph:
    """``graph`` with its boxes in the picture as it was before it was reduced."""
    if picture.pixels.shape[:2] == (picture.height, picture.width):
        return graph
    boxes = picture.to_original(np.array(graph.boxes, np.float32).reshape(-1, 4)).tolist()
    return replace(graph, boxes=tuple((x0, y0, x1, y1) for x0, y0, x1, y1 in boxes))


def print_captions(captioned: Sequence[CaptionedImage], as_json: bool, named: bool) -> None:
    """One caption a line, after the picture's name when several were given; or one JSON list."""
    if as_json:
        rows = []
        for one in captioned:
            told = [{"caption": text, "score": round(score, 4)} for text, score in one.captions]
            more = {"n_best": told} if len(told) > 1 else {}
            rows.append({"image": one.path, **told[0], **more, "graph": to_row(one.graph)})
        # A byte of a name that is no UTF-8 is a lone surrogate: no stream takes it, JSON has an escape for it.
        print(json.dumps(rows, ensure_ascii=False, indent=1).encode("utf-8", "backslashreplace").decode())
        return
    for one in captioned:
        for text, _ in one.captions:
            print(f"{printable(one.path)}\t{text}" if named else text)
