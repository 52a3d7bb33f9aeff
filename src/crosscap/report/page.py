"""The page around the sections: one file, its style inside, nothing loaded from anywhere."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Sequence

from crosscap.report.markup import anchor, element, escape

STYLE = """
:root { color-scheme: light dark;
  --paper: #fbfaf7; --card: #ffffff; --ink: #23222a; --soft: #6d6a76; --rule: #e4e0d8; --accent: #2f6f8f;
  --c0: #2f6f8f; --c1: #d9822b; --c2: #5b9a5f; --c3: #b04a6e; --c4: #7a62b3; --c5: #9a7b2f; }
@media screen and (prefers-color-scheme: dark) { :root {
  --paper: #17181c; --card: #202228; --ink: #e8e6e1; --soft: #9c99a4; --rule: #34363e; --accent: #78b7d6;
  --c0: #78b7d6; --c1: #f0a860; --c2: #8fcb92; --c3: #e58bab; --c4: #b3a0e6; --c5: #d3b469; } }
* { box-sizing: border-box; }
body { margin: 0; background: var(--paper); color: var(--ink); line-height: 1.55;
  font: 16px/1.55 system-ui, "Noto Sans", "Noto Sans CJK SC", "PingFang SC", "Microsoft YaHei", sans-serif; }
header, main, footer { max-width: 1120px; margin: 0 auto; padding: 0 24px; }
header { padding-top: 44px; }
h1 { font-size: 30px; margin: 0; letter-spacing: -0.01em; }
h2 { font-size: 21px; margin: 44px 0 6px; padding-top: 10px; border-top: 1px solid var(--rule); }
section { scroll-margin-top: 76px; }
h3 { font-size: 15px; margin: 0 0 6px; } .scroll + h3, .charts + h3 { margin-top: 24px; }
h4 { font-size: 14px; margin: 14px 0 2px; color: var(--soft); }
p { margin: 6px 0 12px; } .note, footer { color: var(--soft); font-size: 14px; } footer { padding-bottom: 40px; }
.label { border-left: 4px solid var(--accent); background: var(--card); padding: 10px 14px;
  border-radius: 0 8px 8px 0; }
nav { position: sticky; top: 0; z-index: 2; background: var(--paper); border-bottom: 1px solid var(--rule);
  margin-top: 14px; }
nav ul { max-width: 1120px; margin: 0 auto; padding: 4px 14px; display: flex; flex-wrap: wrap; list-style: none; }
nav a { display: block; padding: 5px 10px; white-space: nowrap; color: var(--accent); text-decoration: none;
  font-size: 14px; }
nav a:hover { text-decoration: underline; }
:focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; }
.skip { position: absolute; left: -9999px; } .skip:focus { left: 24px; top: 8px; }
.scroll { overflow-x: auto; max-width: 100%; } .drawing svg { max-width: none; display: block; }
table { border-collapse: collapse; background: var(--card); border: 1px solid var(--rule); font-size: 15px;
  border-radius: 8px; }
th, td { padding: 7px 14px; text-align: left; border-bottom: 1px solid var(--rule); font-weight: 400;
  vertical-align: baseline; }
tbody th { min-width: 11em; }
thead th { color: var(--soft); font-size: 13px; text-align: right; } thead th:first-child { text-align: left; }
tbody tr:last-child th, tbody tr:last-child td { border-bottom: 0; }
tbody tr:hover { background: color-mix(in srgb, var(--accent) 8%, transparent); }
td.number { text-align: right; font-variant-numeric: tabular-nums; } td.empty { color: var(--soft); }
td small { display: block; color: var(--soft); font-size: 11.5px; white-space: pre; line-height: 1.35; }
td.uncertain { color: var(--soft); }
th.group { color: var(--soft); font-size: 13px; font-style: italic; padding-top: 14px; }
th.group span { position: sticky; left: 14px; display: inline-block; max-width: min(60em, 80vw); }
details { margin: 10px 0; } summary { cursor: pointer; color: var(--accent); font-size: 14px; padding: 2px 0; }
dl { margin: 6px 0; display: grid; grid-template-columns: max-content 1fr; gap: 3px 14px; font-size: 14px; }
dt { color: var(--soft); } dd { margin: 0; }
ul { margin: 4px 0; padding-left: 18px; font-size: 14px; }
.charts { display: grid; grid-template-columns: repeat(auto-fill, minmax(270px, 1fr)); gap: 14px; margin: 10px 0; }
.chart { margin: 0; background: var(--card); border: 1px solid var(--rule); border-radius: 10px; padding: 10px 12px; }
.chart.wide { max-width: 760px; margin: 10px 0; }
.chart svg { width: 100%; height: auto; display: block; }
.chart text { fill: var(--soft); font-size: 10.5px; }
.bars { list-style: none; padding: 0; } .bars .name { color: var(--soft); text-align: right; }
.bars li { display: grid; grid-template-columns: var(--names) minmax(0, 1fr) calc(.85 * var(--texts));
  gap: 0 12px;
  align-items: center; padding: 3px 0; }
.bar i { display: block; height: 18px; min-width: 1px; border-radius: 3px; background: var(--accent); opacity: .78; }
figcaption { font-size: 14px; display: flex; justify-content: space-between; gap: 10px; margin-bottom: 4px; }
.legend { color: var(--soft); font-size: 12px; } .key { margin-left: 10px; }
.key::before { content: ""; display: inline-block; width: 14px; height: 3px; border-radius: 2px; margin-right: 5px;
  vertical-align: middle; } .key.c0::before { background: var(--c0); } .key.c1::before { background: var(--c1); }
.grid { stroke: var(--rule); } .line { fill: none; stroke-width: 1.8; stroke-linejoin: round; }
.line.c0 { stroke: var(--c0); } .line.c1 { stroke: var(--c1); }
.dot.c0 { fill: var(--c0); } .dot.c1 { fill: var(--c1); }
.examples { display: grid; grid-template-columns: repeat(auto-fill, minmax(310px, 1fr)); gap: 18px; margin-top: 14px; }
.example { background: var(--card); border: 1px solid var(--rule); border-radius: 12px; overflow: hidden; }
.words { padding: 12px 16px 10px; } .score { float: right; color: var(--soft); font-weight: 400; font-size: 13px; }
.words dl { grid-template-columns: 1fr; gap: 0; } .words dt { font-size: 12px; }
.caption { font-size: 17px; margin-bottom: 5px; }
.picture svg { display: block; width: 100%; height: auto; }
.scene-graph { --graph-ink: var(--ink); --graph-paper: var(--card); --graph-edge: var(--soft);
  --graph-object: color-mix(in srgb, var(--accent) 12%, var(--card)); --graph-attribute: light-dark(#8a4b08, #f0a860); }
@media (min-width: 701px) { /* One column of many scores: the groups stand side by side. */
  section[id^="stage-scores"] table { display: block; columns: 3 280px; column-gap: 0;
    column-rule: 1px solid var(--rule); } section[id^="stage-scores"] thead { display: none; }
  section[id^="stage-scores"] tbody { display: block; break-inside: avoid; }
  section[id^="stage-scores"] tr { display: flex; } section[id^="stage-scores"] th { flex: 1; } }
@media (max-width: 700px) {
  header, main, footer { padding: 0 14px; } header { padding-top: 22px; }
  nav ul { flex-wrap: nowrap; overflow-x: auto; scrollbar-width: none; } nav a { padding: 11px 10px; }
  summary { padding: 8px 0; } details { margin: 0; }
  h1 { font-size: 24px; } h2 { margin-top: 32px; } section { scroll-margin-top: 56px; }
  table { font-size: 14px; } th, td { padding: 6px 9px; } tbody th { min-width: 8em; }
  tbody th:not(.group) { position: sticky; left: 0; background: var(--card); max-width: 40vw; }
  .bars li { grid-template-columns: 1fr auto; padding: 5px 0; } .bars .name { text-align: left; }
  .bars .bar { grid-area: 2 / 1 / 3 / 3; } .bar i { height: 12px; }
  dl { grid-template-columns: 1fr; gap: 0; } dd { margin-bottom: 5px; overflow-wrap: anywhere; } }
@media print {
  :root { color-scheme: light; } nav { display: none; } body { background: #fff; } details { display: block; } }
"""


def page(
    title: str, lead: str, label: str, sections: Sequence[tuple[str, str]], style: str = "", script: str = ""
) -> str:
    """The whole document.

    Args:
        label: where the image graphs come from; it stands above every result.
        sections: ``(title, HTML)``; the titles make the navigation.
        style, script: further CSS, and JavaScript that runs when everything else stands. No other script can run: the
            page's policy names this one by its hash, and forbids every request but for pictures beside the page.
    """
    links = (element("li", element("a", escape(name), href=f"#{anchor(name)}")) for name, _ in sections)
    head = element(
        "head",
        '<meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">',
        _policy(script),
        element("title", escape(title)),
        element("style", STYLE + style),
    )
    body = element(
        "body",
        element("a", "Skip to the results", href="#results", class_="skip"),
        element(
            "header",
            element("h1", escape(title)),
            element("p", escape(lead), class_="note"),
            element("p", escape(label), class_="label"),
        ),
        element("nav", element("ul", *links), aria_label="Sections"),
        element("main", *(html for _, html in sections), id="results"),
        element("footer", element("p", "Written by the stage write_report from the artifacts of this workflow.")),
        element("script", script) if script else "",
    )
    return f"<!doctype html>\n{element('html', head, body, lang='en')}\n"


def _policy(script: str) -> str:
    """A content security policy: even a script smuggled in by data would not run, nor reach any other machine."""
    digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    rules = {
        "default-src": "'none'",
        "img-src": "'self' data: file:",
        "style-src": "'unsafe-inline'",
        "script-src": f"'sha256-{digest}'" if script else "'none'",
        "base-uri": "'none'",
        "form-action": "'none'",
    }
    policy = "; ".join(f"{name} {value}" for name, value in rules.items())
    return f'<meta http-equiv="Content-Security-Policy" content="{policy}">'
