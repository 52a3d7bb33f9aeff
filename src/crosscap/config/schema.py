"""All of ``params.yaml`` at once: for checks and for editors. Stages read their sections alone."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from crosscap.config.alignment import AlignmentSettings
from crosscap.config.back_translation import BackTranslationSettings, check_beams
from crosscap.config.caption_corpus import CaptionCorpusSettings, check_targets
from crosscap.config.collect import CollectSettings
from crosscap.config.constituency_parser import ConstituencyParserSettings
from crosscap.config.dependency_parser import DependencyParserSettings
from crosscap.config.detection import DetectionSettings
from crosscap.config.detector import DetectorSettings
from crosscap.config.evaluation import EvaluationSettings
from crosscap.config.filter import FilterSettings
from crosscap.config.generation import GenerationSettings
from crosscap.config.image_graphs import ImageGraphSettings
from crosscap.config.languages import LanguageSettings
from crosscap.config.loader import nearest, read_yaml, validate_section
from crosscap.config.node_translation import NodeTranslationSettings
from crosscap.config.phase1 import Phase1Settings
from crosscap.config.phase2 import Phase2Settings, check_runs
from crosscap.config.relations import RelationsSettings
from crosscap.config.report import ReportSettings
from crosscap.config.section import Section
from crosscap.config.sentence_graphs import SentenceGraphSettings
from crosscap.config.storybook import StorybookSettings
from crosscap.config.translator import TranslatorSettings
from crosscap.config.vocabulary import VocabularySettings
from crosscap.config.word_vectors import WordVectorSettings
from crosscap.errors import InputError


class Parameters(Section):
    """Every section of ``params.yaml``."""

    languages: LanguageSettings
    collect: CollectSettings
    storybook: StorybookSettings
    filter: FilterSettings
    vocabulary: VocabularySettings
    translator: TranslatorSettings
    back_translation: BackTranslationSettings
    dependency_parser: DependencyParserSettings
    sentence_graphs: SentenceGraphSettings
    constituency_parser: ConstituencyParserSettings
    word_vectors: WordVectorSettings
    alignment: AlignmentSettings
    detector: DetectorSettings
    detection: DetectionSettings
    relations: RelationsSettings
    image_graphs: ImageGraphSettings
    node_translation: NodeTranslationSettings
    phase1: Phase1Settings
    caption_corpus: CaptionCorpusSettings
    phase2: Phase2Settings
    generation: GenerationSettings
    evaluation: EvaluationSettings
    report: ReportSettings


def load_parameters(path: str | Path = "params.yaml") -> Parameters:
    """Read and check the whole file.

    Raises:
        InputError: an unknown section or key (the nearest known one is named), a missing one, or a wrong value.
    """
    return check_parameters(read_yaml(path), path)


def check_parameters(values: Mapping[str, Any], path: str | Path) -> Parameters:
    """Check the sections of a whole file; ``path`` is the file that errors name.

    Raises:
        InputError: as `load_parameters`.
    """
    known = Parameters.model_fields
    for name in values:
        if name not in known:
            expected = f"one of {', '.join(known)}"
            raise InputError(path, "an unknown section", expected, nearest(name, known), f"section {name}")
    sections: dict[str, Any] = {}
    for name, field in known.items():
        if name not in values:
            raise InputError(path, f"no section {name!r}", f"section {name!r}")
        assert isinstance(field.annotation, type) and issubclass(field.annotation, Section)
        sections[name] = validate_section(field.annotation, name, values[name], path)
    parameters = Parameters.model_construct(**sections)
    _check_constituency_languages(parameters, path)
    check_beams(parameters.back_translation, path)
    check_runs(parameters.phase2.variants, parameters.phase1.variants, parameters.caption_corpus.variants, path)
    check_targets(parameters.caption_corpus, parameters.languages.targets, parameters.phase2.variants, path)
    return parameters


def _check_constituency_languages(parameters: Parameters, path: str | Path) -> None:
    """Both sides of a pair that is parsed need a parser; DVC would only miss its folder."""
    parser = parameters.constituency_parser
    needed = {parameters.languages.source, *parser.targets} if parser.targets else set()
    if missing := sorted(needed - set(parser.languages)):
        raise InputError(
            path,
            f"no parser for {', '.join(missing)}",
            "the source language and every one of constituency_parser.targets among constituency_parser.languages",
            "Add the language, if it has a treebank, or drop the target.",
            "key constituency_parser.languages",
        )
    languages = parameters.languages
    if missing := sorted(set(parser.targets) - set(languages.targets)):
        found, expected = ", ".join(missing), f"some of languages.targets, {', '.join(languages.targets)}"
        remedy = "There is no text of other languages: take them out."
        raise InputError(path, found, expected, remedy, "key constituency_parser.targets")
    trained = set(parser.languages) - set(parser.pretrained)
    if parameters.collect.source == "storybook" and (
        missing := sorted(trained - {languages.source, *languages.targets})
    ):
        found, expected = f"{', '.join(missing)}, whose treebank is not made", "the source language and targets alone"
        raise InputError(path, found, expected, "Take them out.", "key constituency_parser.languages")


def json_schema() -> str:
    """The JSON schema of ``params.yaml``, the same bytes each time."""
    return json.dumps(Parameters.model_json_schema(), indent=1, sort_keys=True) + "\n"
