"""Tell what generated captions say: how varied they are, what they make up, how far they keep their graph's structure.

In: ``data/captions/T/V/``, ``data/raw/captions/captions_test_T.json``, the graphs of the test images; what knows the
words: ``data/raw/lexicon/T.tsv``, ``models/node_translations/T``, ``models/aligned_vectors/T``; what gives the graph of
a caption's translation into English: ``models/translator/T``, ``models/dependency_parser``.
Out: ``reports/metrics/content_T_V.json`` (``{"captions": {"with_phase2": {"distinct-1": 8.1, "CHAIR_i": 19.0, …}, …},
"missing": {"beta_G": "no translator …"}, …}``), ``data/scores/content_T_V.parquet``, a row a caption,
and ``reports/significance/content_T_V.json`` (``{"settings": …, "intervals": {"with_phase2": {"CHAIR_i": [16.9, 20.6],
…}, …}}``) over captions.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from itertools import chain
from pathlib import Path
from typing import Any

from crosscap.config.caption_corpus import CaptionCorpusSettings
from crosscap.config.evaluation import EvaluationSettings, policy_of
from crosscap.config.languages import LanguageSettings
from crosscap.config.loader import load_section
from crosscap.config.sentence_graphs import SentenceGraphSettings
from crosscap.evaluation.captions import read_references, read_results
from crosscap.evaluation.content import CONTENT, SCORES, SETS, Knowledge, Told, caption_counts, describe_captions
from crosscap.evaluation.diversity import diversity, known_sentences
from crosscap.evaluation.glossary import Cut, Glossary, build_glossary
from crosscap.evaluation.hallucination import ObjectFinder, finder_scores, shown_objects
from crosscap.evaluation.segmentation import describe, segment
from crosscap.evaluation.structure import back_translations, graph_coincidences, sentence_graphs
from crosscap.graph.scene_graph import SceneGraph
from crosscap.graph.sentence_reading import graph_reader
from crosscap.graph.tables import read_graphs
from crosscap.io.artifacts import read_json, write_json
from crosscap.io.streams import iterate_rows
from crosscap.io.tables import write_table
from crosscap.runs.arguments import stage_arguments
from crosscap.runs.stage import run
from crosscap.significance.stage_intervals import content, intervals, plan_of
from crosscap.systems.unison.node_translation import NodeTranslations
from crosscap.systems.unison.run_name import RunName
from crosscap.text.lines import read_text_lines
from crosscap.text.tokenizers import tokenizer
from crosscap.vectors.lexicon import read_lexicon
from crosscap.vectors.lookup import AlignedVectors

STAGE = "evaluate_content"


def main() -> None:
    arguments = stage_arguments(__doc__, "target", "variant")
    target, variant = arguments.target, arguments.variant
    policy = policy_of(load_section(STAGE, "evaluation", EvaluationSettings).segmentation, target)

    def cut(texts: Iterable[str]) -> list[list[str]]:
        return segment(list(texts), policy, target)

    references = read_references(f"data/raw/captions/captions_test_{target}.json")
    captions = read_captions(f"data/captions/{target}/{variant}", references, cut)
    told = {image: cut(texts) for image, texts in references.items()}

    written = [caption.words for group in captions.values() for caption in group.values()]
    wanted = set(chain.from_iterable(chain(written, *told.values())))
    glossary = read_glossary(target, wanted, cut, compounds=target == "zh" and policy != "characters")
    graphs, gold = (read_graphs(f"data/{kind}/test.parquet") for kind in ("image_graphs", "gold_image_graphs"))
    labels = {label: form["name"] for label, form in read_json("data/image_graphs/labels.json")["objects"].items()}
    objects = {*labels.values(), *(name for graph in (*graphs, *gold) for name in graph.objects)}
    finder = ObjectFinder(glossary, labels, objects)
    english = translations({text.written for group in captions.values() for text in group.values()}, target)
    first = [texts[0] for texts in told.values()]
    known = Knowledge(
        glossary,
        finder,
        shown_objects(told, gold, finder),
        known_sentences([*written, *first], training_text(target, variant), target),
        english,
        {} if english is None else structure(captions, english, graphs, gold),
    )

    metrics, rows = describe_captions(captions, known)
    metrics["references"] = diversity(first, known.training)
    if "gold_graphs" not in captions:
        metrics["captions"]["gold_graphs"] = dict.fromkeys(SCORES)
        metrics["missing"]["gold graphs"] = "not all test images have annotated objects"
    metrics["object_words"] = object_words(target, finder, objects, cut)
    metrics["counts"] |= {"images": len(references), "glossary": len(glossary.entries)}
    metrics["how"] = {"segmentation": describe(policy), "scale": "percent, but vocabulary and mean_length"}
    write_table(f"data/scores/content_{target}_{variant}.parquet", rows, CONTENT)
    write_json(f"reports/metrics/content_{target}_{variant}.json", metrics)
    plan = plan_of(STAGE)
    found = {name: intervals(counts, plan) for name, counts in caption_counts(rows, known).items()}
    write_json(f"reports/significance/content_{target}_{variant}.json", content(found, plan))


def read_captions(folder: str, references: dict[str, list[str]], cut: Cut) -> dict[str, dict[str, Told]]:
    """The sets by image. Gold graphs only if all images have one, as in `evaluate`: others would be other images."""
    sets = {name: read_results(f"{folder}/{name}.json", references) for name in SETS}
    if len(sets["gold_graphs"]) < len(references):
        del sets["gold_graphs"]
    return {
        name: {
            image: Told(text, words) for (image, text), words in zip(group.items(), cut(group.values()), strict=True)
        }
        for name, group in sets.items()
    }


def read_glossary(target: str, wanted: Collection[str], cut: Cut, compounds: bool) -> Glossary:
    """From the project's lists and models."""
    lexicon = ((entry.source, entry.target) for entry in read_lexicon(f"data/raw/lexicon/{target}.tsv"))
    names = NodeTranslations.load(f"models/node_translations/{target}").of
    vectors = AlignedVectors.load(f"models/aligned_vectors/{target}")
    return build_glossary(lexicon, names, vectors, wanted, cut, compounds)


def translations(captions: Iterable[str], target: str) -> dict[str, Sequence[str]] | None:
    """Each caption's words in the source language; None where the project has no translator."""
    model = Path(f"models/translator/{target}/backward")
    if not model.is_dir():
        return None
    settings = load_section(STAGE, "caption_corpus", CaptionCorpusSettings).translation
    source = load_section(STAGE, "languages", LanguageSettings).source
    write = tokenizer(target).detokenize
    texts = {caption: write(caption.split()) for caption in captions}
    english = back_translations(texts.values(), model, source, settings.beams, settings.batch_pieces)
    return {caption: english[text] for caption, text in texts.items()}


def structure(
    captions: Mapping[str, Mapping[str, Told]],
    english: Mapping[str, Sequence[str]],
    graphs: Iterable[SceneGraph],
    gold: Iterable[SceneGraph],
) -> dict[str, dict[str, float]]:
    """β_G of each set and image: between the graph of the caption and the one it was written from."""
    read = graph_reader(load_section(STAGE, "sentence_graphs", SentenceGraphSettings))
    of = sentence_graphs(english, Path("models/dependency_parser"), read)
    images, gold_images = ({graph.id: graph for graph in some} for some in (graphs, gold))
    return {
        name: graph_coincidences({image: of[caption.written] for image, caption in group.items()},
                                 gold_images if name == "gold_graphs" else images)
        for name, group in captions.items()
    }  # fmt: skip


def training_text(target: str, variant: str) -> Iterator[str]:
    for row in iterate_rows(f"data/filtered/{target}.parquet", ("target_tokens", "split")):
        if row["split"] == "train":
            yield " ".join(row["target_tokens"])
    if RunName.parse(variant).captions:
        yield from (line for _, line in read_text_lines(f"data/raw/caption_corpus/{target}.txt"))


def object_words(target: str, finder: ObjectFinder, objects: Collection[str], cut: Cut) -> dict[str, Any]:
    """`finder_scores` on held-out sentences whose graphs are known; null for a user's files, which have none."""
    gold = {graph.id: graph.objects for graph in read_graphs(f"data/raw/gold/sentence_graphs_{target}.parquet")}
    rows = [row for row in iterate_rows(f"data/filtered/{target}.parquet", ("id", "target_tokens", "split"))
            if row["split"] == "test" and row["id"] in gold]  # fmt: skip
    sentences = cut([" ".join(row["target_tokens"]) for row in rows])
    pairs = ((sentence, gold[row["id"]]) for sentence, row in zip(sentences, rows, strict=True))
    return {**finder_scores(pairs, finder, objects), "sentences": len(rows)}


if __name__ == "__main__":
    run(main)
