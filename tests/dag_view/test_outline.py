"""The drawing in the terminal: topological order, one line a stage, every link shown once."""

from __future__ import annotations

import random

from crosscap.dag_view.node import Node, grouped, transitive_reduction
from crosscap.dag_view.outline import outline
from crosscap.dag_view.screen import encodable, screen

DIAMOND = {"a": (), "b": ("a",), "c": ("a",), "d": ("b",), "e": ("a", "c", "d")}


def nodes_of(upstream: dict[str, tuple[str, ...]], state: str = "fresh") -> list[Node]:
    return [Node(name, before, {name: state}) for name, before in upstream.items()]


def test_a_link_that_follows_from_others_is_left_out() -> None:
    assert transitive_reduction(DIAMOND)["e"] == ("c", "d")


def test_the_rails_show_the_shape_and_the_other_links_are_named() -> None:
    assert list(screen(nodes_of(DIAMOND))) == [
        "● a    fresh",
        "├─● c  fresh",
        "● b    fresh",
        "● d    fresh",
        "● e    fresh       ← also c",
    ]


def test_several_sources_hang_apart() -> None:
    rails = [(line.rail, line.name) for line in outline({"a": (), "b": (), "c": ("b",)})]
    assert rails == [("├─", "a"), ("├─", "b"), ("│ ", "c")]


def test_in_any_dag_each_stage_stands_once_below_all_it_needs_and_no_link_is_lost() -> None:
    numbers = random.Random(7)
    for size in (1, 5, 30, 120):
        upstream = {
            str(n): tuple(str(b) for b in sorted(numbers.sample(range(n), min(n, numbers.randrange(4)))))
            for n in range(size)
        }
        lines = outline(upstream)
        position = {line.name: index for index, line in enumerate(lines)}
        assert sorted(position) == sorted(upstream)
        assert all(position[before] < position[name] for name in upstream for before in upstream[name])
        links = transitive_reduction(upstream)
        # What a line does not name, its rail shows: one link, and none of a source.
        assert all(len(links[line.name]) - len(line.others) == bool(links[line.name]) for line in lines)


def test_a_chain_of_any_length_stays_in_one_column() -> None:
    chain = {str(n): (str(n - 1),) if n else () for n in range(2000)}
    assert {line.rail for line in outline(chain)} == {""}


def test_copies_of_a_stage_share_a_node_that_says_whose_a_reason_is() -> None:
    nodes = [
        Node("collect", (), {"collect": "fresh"}, (), 5.0),
        Node("train@zh", ("collect",), {"train@zh": "stale"}, ("size 1 → 2", "input x changed"), 60.0),
        Node("train@de", ("collect",), {"train@de": "stale"}, ("size 1 → 2",), 30.0),
        Node("train@ja", ("collect",), {"train@ja": "fresh"}),
        Node("report", ("train@zh", "train@de", "train@ja"), {"report": "stale"}, because=("train@zh", "train@de")),
    ]
    collect, train, report = grouped(nodes)
    assert (collect.name, report.upstream, report.why) == ("collect", ("train",), ("after train",))
    assert (train.state, train.seconds, train.reasons) == ("stale", 90.0, ("size 1 → 2", "input x changed (zh)"))
    assert train.states == {"train@zh": "stale", "train@de": "stale", "train@ja": "fresh"}
    line = list(screen([collect, train, report]))[1]
    assert " ".join(line.split()) == "○ train ×3 2 stale 90 s size 1 → 2; input x changed (zh)"


def test_copies_that_wait_for_each_other_are_not_grouped() -> None:
    nodes = [Node("a@1", (), {"a@1": "fresh"}), Node("b@1", ("a@1",), {"b@1": "fresh"})]
    nodes += [Node("a@2", ("b@1",), {"a@2": "fresh"}), Node("b@2", ("a@2",), {"b@2": "fresh"})]
    assert grouped(nodes) == nodes


def test_lines_fit_the_window_and_runs_of_fresh_stages_fold() -> None:
    nodes = nodes_of({str(n): (str(n - 1),) if n else () for n in range(50)})
    nodes[30] = Node("30", ("29",), {"30": "stale"}, ("long " * 30 + "reason", "another"), 3.0)
    assert [line.split()[0] for line in screen(nodes, width=60, fold=True)] == ["⋮", "○", "⋮"]
    assert max(len(line) for line in screen(nodes, width=60)) <= 60
    assert list(screen(nodes, full=["30"]))[31:33] == ["    " + "long " * 30 + "reason", "    another"]


def test_colours_only_where_asked_and_plain_letters_where_the_terminal_has_no_others() -> None:
    nodes = nodes_of(DIAMOND, "stale")
    assert not any("\x1b" in line for line in screen(nodes))
    assert all("\x1b[33m" in line for line in screen(nodes, colour=True))
    for line in screen(nodes):
        encodable(line, "ascii").encode("ascii")
        assert encodable(line, "utf-8") == line
