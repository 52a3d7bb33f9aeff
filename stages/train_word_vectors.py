"""Filtered pairs → word vectors of both languages, in fastText's text format.

    data/filtered/zh.parquet          source_tokens [a, dog, runs, …], target_tokens [一, 只, 狗, …]
    → models/word_vectors/zh/source.vec    "2104 100", "a 0.031 -0.22 …", "dog …"
      models/word_vectors/zh/target.vec

Trains fastText on the train split, or takes the most frequent words of released ``.vec`` or ``.bin`` files
(`word_vectors.pretrained`).
"""

from __future__ import annotations

from crosscap.config.loader import load_section
from crosscap.config.word_vectors import WordVectorSettings
from crosscap.errors import InputError
from crosscap.io.artifacts import atomic_directory
from crosscap.io.tables import read_table
from crosscap.runs.arguments import stage_arguments
from crosscap.runs.stage import run
from crosscap.vectors.fasttext import train_interleaved, train_monolingual
from crosscap.vectors.released import read_word_vectors
from crosscap.vectors.vec_file import write_vec


def main() -> None:
    target = stage_arguments(__doc__, "target").target
    settings = load_section("train_word_vectors", "word_vectors", WordVectorSettings)

    if settings.pretrained is not None:
        source_vectors = read_word_vectors(settings.pretrained.source, settings.max_words)
        target_vectors = read_word_vectors(settings.pretrained.target, settings.max_words)
    else:
        table = f"data/filtered/{target}.parquet"
        rows = read_table(table, ["source_tokens", "target_tokens", "split"])
        pairs = [(row["source_tokens"], row["target_tokens"]) for row in rows if row["split"] == "train"]
        if not pairs:
            raise InputError(table, "no pair of the train split", "at least one", "Loosen the filter's rules.")
        if settings.train.mix == "interleaved":
            source_vectors, target_vectors = train_interleaved(pairs, settings.train)
        else:
            source_vectors = train_monolingual([source for source, _ in pairs], settings.train)
            target_vectors = train_monolingual([target for _, target in pairs], settings.train)

    with atomic_directory(f"models/word_vectors/{target}") as folder:
        write_vec(folder / "source.vec", *source_vectors)
        write_vec(folder / "target.vec", *target_vectors)


if __name__ == "__main__":
    run(main)
