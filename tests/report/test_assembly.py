"""The report: one page that says what the artifacts say and needs nothing else."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from pathlib import Path
from shutil import copyfile, copytree

import pytest

from crosscap.config.report import ReportSettings
from crosscap.errors import InputError
from crosscap.io.artifacts import read_json, write_json, write_text
from crosscap.report.assembly import report
from crosscap.report.page import page

SETTINGS = ReportSettings(examples=10, pictures=10, image_width=240, image_quality=80)
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
    assert "url(" not in html and "@import" not in html
    assert re.findall("<script[^>]*>", html) == ['<script type="application/json">', "<script>"], "data, then code"


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


def test_of_the_models_of_an_ablation_only_the_variants_have_curves(run_folder: Path) -> None:
    metrics = run_folder / "reports/metrics"
    (metrics / "zh_hgm-no_kl-seed2.json").write_text((metrics / "zh_hgm.json").read_text())
    copytree(run_folder / "data/captions/zh/hgm", run_folder / "data/captions/zh/hgm-no_kl-seed2")
    copyfile(run_folder / "data/scores/zh_hgm.parquet", run_folder / "data/scores/zh_hgm-no_kl-seed2.parquet")
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
    html = html_of(run_folder).split('class="plain"')[1].split("<script")[0]
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
    html = html_of(run_folder).split('class="dag"')[0]  # whose boxes are others
    html = html.split('class="plain"')[1].split("<script")[0]
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
    row = html.split('<th scope="row">pictures: objects</th>')[1].split("</tr>")[0]
    assert re.findall(r">([\d.–]+)</td>", row) == ["–"] * 5
    row = html.split('<th scope="row">sentences: attributes</th>')[1].split("</tr>")[0]
    assert re.findall(r">([\d.–]+)</td>", row) == ["–", "–", "–", "–", "3.5"]


def test_sizes_of_graphs_stand_beside_the_papers(run_folder: Path) -> None:
    published = html_of(run_folder).split("UNISON as published (table 1): other data")[1].split("</tbody>")[0]
    assert re.findall(r">([\d.–]+)</td>", published.split("</tr>")[1]) == ["17.7", "42.6", "24.4", "15.4", "–"]


def test_the_papers_scores_stand_in_a_group_of_their_own_that_says_so(run_folder: Path) -> None:
    table = html_of(run_folder).split("Caption scores</h2>")[1].split("</table>")[0]
    ours, paper = table.split("UNISON as published (Gao et al., AAAI 2022): other data")
    assert "This project, 2 test images" in ours and "142.0" in ours and "12.7" not in ours
    row = paper.split("HGM+CMM (table 5)</th>")[1].split("</tr>")[0]
    assert re.findall(r">([\d.–]+)</td>", row) == ["44.9", "12.7"], "BLEU-1 and CIDEr; no run has a SPICE"
    assert "FC-2k(En)+GoogleTrans, paired corpus (table 2)" in paper and "UNISON, unpaired" not in paper


def test_a_score_has_its_interval_below_it_where_there_is_one(run_folder: Path) -> None:
    html = html_of(run_folder)
    row = html.split("hgm: with phase 2</th>")[1].split("</tr>")[0]
    assert re.findall(r">([\d.–]+)<(?:small>([^<]+)<|/td)", row) == [
        ("61.2", ""),
        ("142.0", "130.5 – 151.2"),
    ]
    assert "95% interval, by 1,000 bootstrap samples" in html


def test_differences_between_systems_tell_what_may_be_chance(run_folder: Path) -> None:
    html = html_of(run_folder).split("Differences</h2>")[1]
    row = html.split("hgm, with phase 2 − hgm, without phase 2</th>")[1].split("</tr>")[0]
    assert row.split("</td>")[:-1] == [
        '<td class="number uncertain">+3.2<small>−0.5 to +7.0\np 0.081</small>',
        '<td class="number">+12.1<small>+8.0 to +16.2\np &lt; 0.001</small>',
    ]


def test_a_system_of_several_seeds_has_its_mean_and_deviation(run_folder: Path) -> None:
    html = html_of(run_folder)
    assert "Mean over seeds" not in html
    path = run_folder / "reports/significance/zh.json"
    summary = {"CIDEr": {"mean": 121.25, "standard_deviation": 2.5, "low": 110.0, "high": 130.0}}
    systems = {"hgm": {"seeds": [1, 2, 3], "sets": {"with_phase2": summary}}}
    write_json(path, {**read_json(path), "systems": systems})
    row = html_of(run_folder).split("hgm, with phase 2, 3 seeds</th>")[1].split("</tr>")[0]
    assert row == '<td class="number">121.2<small>± 2.5</small></td>'


def test_what_captions_say_is_shown_of_the_files_that_are_there(run_folder: Path) -> None:
    assert "Nothing was counted." in html_of(run_folder)
    folder = run_folder / "reports/metrics"
    scores = {"distinct-1": 5.06, "vocabulary": 1450, "CHAIR_i": None, "beta_G": 16.5}
    missing = {"CHAIR_i": "no <gold>"}
    write_json(folder / "content_zh_hgm.json", {"captions": {"with_phase2": scores}, "missing": missing})
    html = html_of(run_folder)
    headings = html.split("Beyond n-grams</h2>")[1].split("<thead>")[1].split("</thead>")[0]
    assert re.findall(r">([^<]+)</th>", headings) == ["distinct-1", "vocabulary", "CHAIR i", "β G"]
    write_json(folder / "trees_zh_hgm.json", {"captions": {"with_phase2": {"beta_C": 9.92}}})
    table = html_of(run_folder).split("Beyond n-grams</h2>")[1].split("</section>")[0]
    row = table.split("hgm: with phase 2</th>")[1].split("</tr>")[0]
    assert re.findall(r">([\d.,–]+)</td>", row) == ["5.1", "1,450", "–", "16.5", "9.9"]
    assert "no &lt;gold&gt;" in table


def test_without_comparisons_the_scores_stand_alone(run_folder: Path) -> None:
    (run_folder / "reports/significance/zh.json").unlink()
    html = html_of(run_folder)
    before_ablations = html.partition('<section id="ablations"')[0]
    assert "No two systems were compared." in html and "142.0" in html
    assert "<small>" not in before_ablations != html


def test_papers_tables_have_intervals_below_our_scores(run_folder: Path) -> None:
    assert "<td>30.0<small>30.0–30.0</small></td>" in html_of(run_folder).partition('<section id="ablations"')[2]


def test_the_dag_is_drawn_with_the_recorded_durations_and_no_states(run_folder: Path) -> None:
    drawing = html_of(run_folder).split("Workflow</h2>")[1]
    assert "4 stages: 15 min one after another, on a machine of 2 cores." in drawing
    assert "×2 · 15 min" in drawing and "fresh" not in drawing.split("</style>")[1]
    assert "evaluate@&lt;zh&gt;" in drawing and drawing.index(">train_phase1<") < drawing.index(">collect<")


def test_no_script_runs_but_the_pages_own() -> None:
    assert "script-src 'none'" in page("t", "l", "g", [])
    html = page("t", "l", "g", [], script="let a = 1 < 2;")
    assert "script-src 'sha256-Xd/xFl+DmsVqHczJvGQWMh7nLH7H7r5iGmQKRm0JimU='" in html
    assert "<script>let a = 1 < 2;</script>" in html


def test_stage_scores_relations_and_content_have_their_intervals_below_them(run_folder: Path) -> None:
    settings = {"samples": 500, "confidence": 0.9, "seed": 1}
    recall = {"graph_constraint": {"R@20": [40.25, 60.75]}}
    found = {
        "stages_zh": {"filter": {"precision": [97.04, 98.06]}},
        "stages_constituency_zh": {"constituency_parser": {"zh": {"F1": [91.04, 95.06]}}},
        "stages_relations": {"SGDet": {"model": recall}},
        "content_zh_hgm": {"with_phase2": {"CHAIR_i": [11.04, 13.06]}},
        "trees_zh_hgm": {"with_phase2": {"beta_C": [7.04, 8.06]}},
    }
    for kind, scores in (("content", {"CHAIR_i": 12.0}), ("trees", {"beta_C": 7.5})):
        write_json(run_folder / f"reports/metrics/{kind}_zh_hgm.json", {"captions": {"with_phase2": scores}})
    for name, values in found.items():
        write_json(run_folder / f"reports/significance/{name}.json", {"settings": settings, "intervals": values})
    html = html_of(run_folder)
    for shown in ("97.0 – 98.1", "91.0 – 95.1", "40.2 – 60.8", "11.0 – 13.1", "7.0 – 8.1"):
        assert f"<small>{shown}</small>" in html, shown
    for items in ("pictures, sentences, pairs and words", "the pictures", "the captions"):
        assert f"90% interval, by 500 bootstrap samples of {items}." in html, items
