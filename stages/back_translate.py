"""Filtered pairs and translators → paraphrases of the English sentences by round trips.

data/filtered/zh.parquet        "a man rides a brown horse on the beach"
→ data/paraphrases/zh.parquet   copy 1 "A man is riding a brown horse at the beach", tokens [a, man, …]
"""

from __future__ import annotations

import argparse
import logging

import pyarrow as pa

from crosscap.config.back_translation import BackTranslationSettings
from crosscap.config.languages import LanguageSettings
from crosscap.config.loader import load_section
from crosscap.io.tables import read_table, write_table
from crosscap.stage import run, use_threads
from crosscap.text.tokenizers import tokenizer
from crosscap.translation.round_trip import paraphrase
from crosscap.translation.translator import Translator

SCHEMA = pa.schema(
    [("id", pa.string()), ("copy", pa.int32()), ("text", pa.string()), ("tokens", pa.list_(pa.string()))]
)
logger = logging.getLogger(__name__)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--target", required=True, help="code of the target language")
    target = parser.parse_args().target
    settings = load_section("back_translate", "back_translation", BackTranslationSettings)
    words = tokenizer(load_section("back_translate", "languages", LanguageSettings).source)
    use_threads(settings.threads)

    pairs = read_table(f"data/filtered/{target}.parquet", ["id", "source"])
    ids, texts = [pair["id"] for pair in pairs], [pair["source"] for pair in pairs]
    forward = Translator.load(f"models/translator/{target}/forward", settings.batch_sentences)
    backward = Translator.load(f"models/translator/{target}/backward", settings.batch_sentences)
    paraphrases = paraphrase(ids, texts, forward, backward, settings)

    write_table(
        f"data/paraphrases/{target}.parquet",
        (
            {"id": id, "copy": number, "text": text, "tokens": words.tokenize(text)}
            for id, copies in zip(ids, paraphrases, strict=True)
            for number, text in enumerate(copies, 1)
        ),
        SCHEMA,
    )
    same = sum(copy == text for text, copies in zip(texts, paraphrases, strict=True) for copy in copies)
    twice = sum(len(copies) - len(set(copies)) for copies in paraphrases)
    logger.info("%d paraphrases: %d equal their source, %d another copy", sum(map(len, paraphrases)), same, twice)


if __name__ == "__main__":
    run(main)
