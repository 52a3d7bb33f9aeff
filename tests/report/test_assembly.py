"""The report: one page that says what the artifacts say and needs nothing else."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from pathlib import Path

import pytest

from crosscap.config.report import ReportSettings
from crosscap.errors import InputError
from crosscap.io.artifacts import write_text
from crosscap.report.assembly import report

SETTINGS = ReportSettings(examples=10, image_width=240, image_quality=80)
VOID = {"meta", "img", "input", "link", "br"}


class Balance(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


def html_of(folder: Path) -> str:
    return report(["zh"], ["hgm"], SETTINGS, folder)


def test_the_same_artifacts_give_the_same_page(run_folder: Path) -> None:
    assert html_of(run_folder) == html_of(run_folder)


def test_every_tag_is_closed(run_folder: Path) -> None:
    parser = Balance()
    parser.feed(html_of(run_folder))
    assert parser.open == []


def test_nothing_is_loaded_from_elsewhere(run_folder: Path) -> None:
    html = html_of(run_folder)
    assert not re.search(r'(src|href)="(?!data:|#)', html)
    assert "url(" not in html and "@import" not in html and "<script" not in html


def test_scores_are_shown_with_and_without_phase_2_and_missing_ones_with_their_reason(run_folder: Path) -> None:
    html = html_of(run_folder)
    for text in (
        "hgm: with phase 2",
        "hgm: without phase 2",
        "61.2",
        "58.0",
        "142.0",
        "11.5",
        "its jars are not present",
    ):
        assert text in html


def test_tables_of_the_paper_are_shown_where_something_was_run(run_folder: Path) -> None:
    html = html_of(run_folder)
    assert "Table 3: sentences of held-out pairs" in html and "ours, 1 seed" in html and "31.9" in html
    assert "Table 5" not in html


def test_of_the_models_of_an_ablation_only_the_variants_have_pictures_and_curves(run_folder: Path) -> None:
    metrics = run_folder / "reports/metrics"
    (metrics / "zh_hgm-no_kl-seed2.json").write_text((metrics / "zh_hgm.json").read_text())
    html = report(["zh"], ["hgm-no_kl-seed2", "hgm"], SETTINGS, run_folder)
    assert "hgm-no_kl-seed2: with phase 2" in html and "hgm: with phase 2" in html
    assert html.count("<h3>Phase 1, ") == 1 and "<h3>Phase 1, hgm</h3>" in html
    assert html.count('class="example"') == 2


def test_stage_scores_of_all_files_are_shown(run_folder: Path) -> None:
    html = html_of(run_folder)
    for text in ("filter", "98.0", "constituency parser", "zh F1", "96.5", "no &lt;gold&gt;"):
        assert text in html


def test_where_the_graphs_come_from_stands_above_the_results(run_folder: Path) -> None:
    html = html_of(run_folder)
    label = html.index("Image graphs: graphs &lt;predicted&gt;.")
    assert label < html.index("Caption scores</h2>")


def test_an_example_has_its_picture_boxes_captions_and_references(run_folder: Path) -> None:
    html = html_of(run_folder)
    assert html.count("<article") == 2
    assert html.count("data:image/jpeg;base64,") == 1, "image 2 has no file, and its card stands without one"
    assert "<title>2 white horse" in html and ">2 horse</text>" in html, "in the picture"
    assert ">horse</text>" in html and ">ride</text>" in html, "in the graph"
    assert "一个男人骑着马" in html and "参考 1" in html
    assert "(nothing)" in html
    assert html.index("image 2") < html.index("image 1"), "the best caption comes first"


def test_a_damaged_picture_is_named_in_its_place_and_a_large_one_is_reduced_under_its_boxes(
    run_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = run_folder / "data/raw/images/test"
    (folder / "000002.jpg").write_bytes(b"<html>404</html>")
    monkeypatch.setattr("crosscap.vision.images.FULL_PIXELS", 32 * 32)
    html = html_of(run_folder)
    assert "No picture: found a web page or XML." in html
    assert html.count("data:image/jpeg;base64,") == 1
    shown = re.findall(r'class="box" x="([\d.]+)" y="([\d.]+)" width="([\d.]+)" height="([\d.]+)"', html)
    assert shown == [("15.0", "112.5", "210.0", "120.0"), ("30.0", "30.0", "120.0", "195.0")]


def test_text_from_data_is_escaped(run_folder: Path) -> None:
    assert "a &lt;b&gt;" in html_of(run_folder)


def test_a_missing_artifact_is_named(run_folder: Path) -> None:
    (run_folder / "models/phase2/zh/hgm/history.csv").unlink()
    with pytest.raises(InputError, match=r"phase2/zh/hgm/history\.csv: found no such file"):
        html_of(run_folder)


def test_a_broken_history_is_named_with_its_line_and_column(run_folder: Path) -> None:
    write_text(run_folder / "models/phase1/zh/hgm/history.csv", "step,loss\n1,2.0\n2,abc\n")
    with pytest.raises(InputError, match=r"line 3: found 'abc', expected a number in column 'loss'"):
        html_of(run_folder)


def test_relations_stand_beside_what_frequencies_alone_reach(run_folder: Path) -> None:
    html = html_of(run_folder)
    row = html.split("SGDet, one predicate a pair: frequencies alone</th>")[1].split("</tr>")[0]
    assert re.findall(r">([\d.–]+)</td>", row) == ["31.2", "45.0", "50.0", "42.0", "45.0", "50.0"]
    assert "PredCls, all predicates: relation model" in html


def test_without_relations_the_reason_stands_there(run_folder: Path) -> None:
    path = run_folder / "reports/metrics/stages_relations.json"
    write_text(path, '{"missing": {"relations": "there is no <detector>"}}')
    assert "there is no &lt;detector&gt;" in html_of(run_folder)


def test_names_that_the_text_side_does_not_know_are_shown(run_folder: Path) -> None:
    html = html_of(run_folder)
    assert "objects: &lt;zebra&gt; (5), okapi (1)" in html and "attributes: " not in html
    row = html.split('<th scope="row">objects</th>')[1].split("</tr>")[0]
    assert re.findall(r">([\d.–]+)</td>", row) == ["4", "40", "25.0", "12.5", "2.5"]
    row = html.split('<th scope="row">pictures</th>')[1].split("</tr>")[0]
    assert re.findall(r">([\d.–]+)</td>", row) == ["–", "–", "–"]
