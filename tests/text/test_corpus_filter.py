"""The whole filter: against a slow one that is plain to see through, and in any number of processes."""

from __future__ import annotations

import random
from collections.abc import Iterable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from crosscap.config.filter import FilterSettings
from crosscap.config.loader import validate_section
from crosscap.errors import InputError
from crosscap.incremental.identity import Identity
from crosscap.incremental.results import Counts, Work, results, run_task
from crosscap.incremental.task import Task
from crosscap.io import streams
from crosscap.text.alignment import LexicalModel
from crosscap.text.corpus_filter import FILTERED, filter_corpus, read_texts
from crosscap.text.rules.catalogue import GLOBAL, LOCAL
from crosscap.text.survivors import PAIR
from crosscap.text.verdicts import Texts, judge, split_key
from tests.text.rules.pairs import PARAMETERS, Spaces, pair, setting
from tests.text.rules.test_global_rules import plain_near_duplicates

BEFORE = ("clean", "words", "duplicates", "length_ratio", "near_duplicates")
RULES = (*BEFORE, "numbers", "alignment", "copies", "brackets")
LAX = {"words": {"sides": ["source"], "min": 2, "max": 7}, "alignment": {"iterations": 3, "sample": 150, "min": -0.3}}


def random_pairs(count: int, seed: int) -> list[tuple[str, str]]:
    """Short sentences in which everything happens that a rule is about."""
    draw = random.Random(seed)
    words = [f"w{letter}" for letter in "abcdefghijklmnopqrstuvwxyz"]
    pairs: list[tuple[str, str]] = []
    for _ in range(count):
        if pairs and draw.random() < 0.25:
            source, target = draw.choice(pairs)
            source += draw.choice(["", " .", " and", " !"])
        else:
            found = draw.choices(words, k=draw.randrange(1, 9))
            source, target = " ".join(found), " ".join(word[::-1] for word in found)
        target = draw.choice([target] * 12 + [target + " (", target[:2], source, target + " 7", draw.choice(words)])
        source = draw.choice([source] * 12 + [source + " 7", source + " \x07", source + " (a)"])
        pairs.append((source, target))
    return pairs


def write(path: Path, pairs: Iterable[tuple[str, str]]) -> Path:
    rows = [{"id": f"p{n}", "source": s, "target": t, "origin": "o"} for n, (s, t) in enumerate(pairs)]
    pq.write_table(pa.Table.from_pylist(rows, pa.schema([(name, pa.string()) for name in PAIR])), path)
    return path


def run(
    folder: Path, raw: Path, rules: tuple[str, ...], **parameters: Any
) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """The funnel as JSON, and the rows that are kept."""
    waiting = folder / "waiting"
    waiting.mkdir()
    given = setting(*rules, languages=("en", "de"), **parameters)
    compute = judge(given, Spaces(), Spaces())

    def verdicts(texts: Iterable[Texts]) -> Iterator[bytes]:
        return (value for text in texts for value in compute([text]))

    funnel, splits = filter_corpus(raw, folder / "out.parquet", waiting, given, verdicts)
    return funnel.as_json(splits), pq.read_table(folder / "out.parquet").to_pylist()


def plain_filter(
    pairs: list[tuple[str, str]], rules: tuple[str, ...], **parameters: Any
) -> tuple[dict[str, int], list[int]]:
    """One rule after the other over all that is left, everything in memory."""
    given = setting(*rules, languages=("en", "de"), **parameters)
    left, dropped = list(range(len(pairs))), {}
    for name in rules:
        if name in LOCAL:
            keep = LOCAL[name](given)
            kept = [number for number in left if keep(pair(*pairs[number]))]
        else:
            kept = plain_global(name, pairs, left, given.parameters)
        dropped[name] = len(left) - len(kept)
        left = kept
    return dropped, left


def plain_global(name: str, pairs: list[tuple[str, str]], left: list[int], parameters: FilterSettings) -> list[int]:
    sides = [(pair(*pairs[number]).source.words, pair(*pairs[number]).target.words) for number in left]
    if name == "duplicates":
        return [left[n] for n, words in enumerate(sides) if words not in sides[:n]]
    if name == "near_duplicates":
        texts = [(" ".join(source), " ".join(target)) for source, target in sides]
        refused = plain_near_duplicates(texts, [True] * len(texts), parameters.near_duplicates.similarity)  # type: ignore[arg-type]
        return [number for number, is_refused in zip(left, refused, strict=True) if not is_refused]
    half = [split_key(" ".join(source)) & 1 for source, _ in sides]
    sample = list(zip(half, sides, strict=True))[: parameters.alignment.sample]
    models = [
        LexicalModel.train([words for part, words in sample if part == wanted], parameters.alignment.iterations)
        for wanted in (0, 1)
    ]
    scores = [models[1 - part].score(*words) for part, words in zip(half, sides, strict=True)]
    return [number for number, score in zip(left, scores, strict=True) if score >= parameters.alignment.min]


@pytest.mark.parametrize("seed", range(4))
def test_the_filter_keeps_and_counts_what_the_plain_one_does_in_any_order_of_rules(tmp_path, monkeypatch, seed):
    monkeypatch.setattr(streams, "BATCH", 64)
    monkeypatch.setattr("crosscap.text.survivors.BATCH", 64)
    rules = tuple(random.Random(seed).sample(RULES, len(RULES))) if seed else RULES
    pairs = random_pairs(500, seed)
    funnel, rows = run(tmp_path, write(tmp_path / "raw.parquet", pairs), rules, **LAX)
    dropped, left = plain_filter(pairs, rules, **LAX)
    assert {row["rule"]: row["dropped"] for row in funnel["rules"]} == dropped
    assert [row["id"] for row in rows] == [f"p{number}" for number in left]
    assert all(row["source_tokens"] == row["source"].lower().split() for row in rows)
    assert all(row["target_tokens"] == row["target"].lower().split() for row in rows)
    assert (funnel["pairs"], funnel["kept"], sum(funnel["splits"].values())) == (500, len(left), len(left))
    assert sum(count > 0 for count in dropped.values()) >= 6


def test_the_funnel_counts_each_pair_under_the_first_rule_that_drops_it(tmp_path):
    raw = write(tmp_path / "raw.parquet", [("a", "a"), ("a", "一"), ("a", "一"), ("b", "二")])
    funnel, rows = run(tmp_path, raw, ("copies", "duplicates"), split={"val": 0, "test": 0})
    assert [row["id"] for row in rows] == ["p1", "p3"]
    assert funnel == {
        "pairs": 4,
        "kept": 2,
        "rules": [
            {"rule": "copies", "dropped": 1, "left": 3, "examples": [{"id": "p0", "source": "a", "target": "a"}]},
            {"rule": "duplicates", "dropped": 1, "left": 2, "examples": [{"id": "p2", "source": "a", "target": "一"}]},
        ],
        "splits": {"train": 2},
    }


@pytest.mark.parametrize("rules", [("coverage", "duplicates"), ("duplicates", "coverage")])
def test_the_funnel_says_which_side_a_rule_dropped_a_pair_for(tmp_path, rules):
    texts = [("a b", "c d"), ("a x", "c d"), ("x y", "c d"), ("a b", "x d"), ("a x", "x d"), ("a b", "c d")]
    waiting = tmp_path / "waiting"
    waiting.mkdir()
    coverage = {"sides": ["target", "source"], "min": 0.9}
    given = setting(*rules, dictionaries={"source": {"a", "b"}, "target": {"c", "d"}}, coverage=coverage)
    compute = judge(given, Spaces(), Spaces())
    raw = write(tmp_path / "raw.parquet", texts)
    out = tmp_path / "out.parquet"
    funnel, splits = filter_corpus(raw, out, waiting, given, lambda pairs: iter(compute(list(pairs))))
    rows = {row["rule"]: row for row in funnel.as_json(splits)["rules"]}
    assert rows["coverage"]["sides"] == {"source": 2, "target": 1, "both": 1}
    assert rows["coverage"]["dropped"] == 4
    assert "sides" not in rows["duplicates"]


def test_five_different_examples_are_kept_and_the_same_ones_in_any_order_of_the_corpus(tmp_path):
    pairs = [(f"a{number % 30}", f"a{number % 30}") for number in range(50)] + [("a", "一")]
    found = []
    for name, order in (("one", pairs), ("other", pairs[::-1])):
        (tmp_path / name).mkdir()
        funnel, _ = run(tmp_path / name, write(tmp_path / "raw.parquet", order), ("copies",))
        found.append([example["source"] for example in funnel["rules"][0]["examples"]])
    assert found[0] == found[1]
    assert len(set(found[0])) == 5


def test_a_sentence_without_words_has_an_empty_list(tmp_path):
    _, rows = run(tmp_path, write(tmp_path / "raw.parquet", [("", "一")]), ("duplicates",))
    assert (rows[0]["source_tokens"], rows[0]["target_tokens"]) == ([], ["一"])


@pytest.mark.parametrize("pairs", [[], [("a", "a")]])
def test_a_corpus_of_which_nothing_is_left_is_an_error_that_names_the_hardest_rule(tmp_path, pairs):
    with pytest.raises(InputError, match=f"found no pair that passes .*copies.* of the {len(pairs)} pairs"):
        run(tmp_path, write(tmp_path / "raw.parquet", pairs), ("words", "copies") if not pairs else ("copies",))
    assert not (tmp_path / "out.parquet").exists()


def work(folder: Path) -> Work[Texts]:
    start = partial(start_judging, RULES)
    return Work("filter_corpus", start, lambda texts: "\0".join(texts).encode(), Identity(), 64, folder / "cache")


def start_judging(rules: tuple[str, ...]) -> Any:
    return judge(setting(*rules, languages=("en", "de"), **LAX), Spaces(), Spaces())


def gathered(folder: Path, raw: Path, processes: int = 1, counts: Counts | None = None) -> tuple[bytes, dict[str, Any]]:
    (folder / "waiting").mkdir(parents=True)
    given = setting(*RULES, languages=("en", "de"), **LAX)
    funnel, splits = filter_corpus(
        raw,
        folder / "out.parquet",
        folder / "waiting",
        given,
        lambda texts: results(texts, work(folder), processes, counts),
    )
    return (folder / "out.parquet").read_bytes(), funnel.as_json(splits)


def test_processes_and_tasks_leave_no_trace_in_the_output(tmp_path):
    raw = write(tmp_path / "raw.parquet", random_pairs(900, 9))
    expected = gathered(tmp_path / "1", raw)
    for processes in (2, 3):
        assert gathered(tmp_path / f"processes{processes}", raw, processes) == expected
    for tasks in (1, 3, 8):
        folder = tmp_path / f"tasks{tasks}"
        for number in reversed(range(tasks)):
            run_task(read_texts(raw), work(folder), Task(number, tasks))
        counts = Counts()
        assert gathered(folder, raw, counts=counts) == expected
        assert (counts.computed, counts.shards >= 11) == (0, True)


def test_every_rule_of_the_parameters_exists_and_the_other_way_round():
    names = FilterSettings.model_fields["rules"].annotation.__args__[0].__args__  # type: ignore[union-attr]
    assert set(names) == LOCAL.keys() | GLOBAL.keys()
    assert not LOCAL.keys() & GLOBAL.keys()


def test_an_unknown_rule_is_an_error_that_names_the_nearest():
    with pytest.raises(
        InputError, match=r"key filter.rules.0: found 'near_duplicate', .* Did you mean 'near_duplicates'"
    ):
        validate_section(FilterSettings, "filter", {**PARAMETERS, "rules": ["near_duplicate"]}, "params.yaml")


def test_a_rule_named_twice_is_an_error():
    with pytest.raises(InputError, match="each rule at most once"):
        validate_section(FilterSettings, "filter", {**PARAMETERS, "rules": ["words", "words"]}, "params.yaml")


def test_the_schema_of_the_output_is_that_of_the_contract():
    assert FILTERED.names == [*PAIR, "source_tokens", "target_tokens", "split"]
