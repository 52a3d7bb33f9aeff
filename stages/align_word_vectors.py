"""Word vectors of two languages and a word list → one space, and each source word's most similar target word.

models/word_vectors/zh/{source,target}.vec, data/raw/lexicon/zh.tsv   "dog<TAB>狗<TAB>train"
data/filtered/zh.parquet       word pairs are induced from it where the list is empty or only to score (`dictionary`)
→ models/aligned_vectors/zh/   source.safetensors, target.safetensors, words.json, retrieval.safetensors,
  scores.json                  {"precision_at_1": {"procrustes": {"nearest": 0.61, "csls": 0.66}, "rcsls": …}, …}
"""

from __future__ import annotations

from crosscap.config.alignment import AlignmentSettings
from crosscap.config.loader import load_section
from crosscap.io.artifacts import atomic_directory, write_json
from crosscap.io.tables import read_table
from crosscap.runs.arguments import stage_arguments
from crosscap.runs.stage import run, use_threads
from crosscap.vectors.alignment import align
from crosscap.vectors.induction import induced_lexicon, induced_pairs
from crosscap.vectors.lexicon import read_lexicon
from crosscap.vectors.vec_file import read_vec


def main() -> None:
    target = stage_arguments(__doc__, "target").target
    settings = load_section("align_word_vectors", "alignment", AlignmentSettings)
    use_threads(settings.threads)

    lexicon = f"data/raw/lexicon/{target}.tsv"
    source_vectors = read_vec(f"models/word_vectors/{target}/source.vec")
    target_vectors = read_vec(f"models/word_vectors/{target}/target.vec")
    entries, provenance = read_lexicon(lexicon), {}
    if settings.dictionary == "induced" or not entries:
        table = f"data/filtered/{target}.parquet"
        rows = read_table(table, ["source_tokens", "target_tokens", "split"])
        pairs = [(row["source_tokens"], row["target_tokens"]) for row in rows if row["split"] == "train"]
        induced = induced_pairs(pairs, settings.induction)
        provenance = {"dictionary": {"induced_pairs": len(induced), "test": "given" if entries else "induced"}}
        entries, lexicon = induced_lexicon(induced, entries, settings.induction.test), table
    aligned, scores = align(source_vectors, target_vectors, entries, settings, lexicon)

    with atomic_directory(f"models/aligned_vectors/{target}") as folder:
        aligned.save(folder)
        write_json(folder / "scores.json", scores | provenance)


if __name__ == "__main__":
    run(main)
