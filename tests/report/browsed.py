"""A browser of made-up images, as the report's page holds it."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from PIL import Image

from crosscap.config.report import ReportSettings
from crosscap.graph.scene_graph import SceneGraph
from crosscap.report.browser.evaluated import EvaluatedImage, System
from crosscap.report.browser.section import browser, browser_script, browser_style
from crosscap.report.markup import section
from crosscap.report.page import page

HOSTILE = "</script><script>window.hacked = 1</script><img src=x onerror='window.hacked = 2'><!--<script>"
SETTINGS = ReportSettings(examples=2, pictures=10, image_width=120, image_quality=80)
PICTURE = Path("data/raw/images/test/one & two.png")


def written_page(
    root: Path,
    count: int,
    settings: ReportSettings = SETTINGS,
    first: str = "",
    ids: Sequence[str] = (),
    prefixes: Sequence[str] = ("",),
) -> Path:
    """Write ``reports/index.html`` with ``count`` images; ``first``: the caption of the first one.

    A browser for each of ``prefixes``.

    Image ``k`` holds a man ``k % 5`` times near a red horse. The first system says ``男人 骑 马`` of it and scores k,
    the second the same of every third image and scores the same where k is even, else three times as much.
    """
    (root / PICTURE).parent.mkdir(parents=True, exist_ok=True)
    Image.new("RGB", (96, 64), (90, 140, 200)).save(root / PICTURE)
    ids = ids or [f"id{k}" for k in range(count)]
    images = [_image(id, k) for k, id in enumerate(ids)]
    words = [["男人", "骑", "马"] for _ in ids]
    glosses = [["man", "", "horse/mount"] for _ in ids]
    captions = ["男人骑马" for _ in ids]
    if first:
        captions[0], words[0], glosses[0] = first, [], []
    scores = [float(k) for k in range(len(ids))]
    others = [score if k % 2 == 0 else 3 * score for k, score in enumerate(scores)]
    absent = [["dog"] if k == 1 else [] for k in range(len(ids))]
    nothing: list[list[str]] = [[] for _ in ids]
    systems = [
        System("with", captions, words, {"CIDEr": scores, "BLEU-1": scores[::-1]}, glosses, [""] * len(ids), absent),
        System(
            "without",
            [caption if k % 3 == 0 else "一只狗" for k, caption in enumerate(captions)],
            nothing,
            {"CIDEr": others},
            nothing,
            [""] * len(ids),
            nothing,
        ),
    ]
    html = "".join(browser(images, systems, "zh", root, settings, prefix) for prefix in prefixes)
    text = page("report", "lead", "label", [("Examples", section("Examples", html))], browser_style(), browser_script())
    path = root / "reports/index.html"
    path.parent.mkdir(exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


def _image(id: str, k: int) -> EvaluatedImage:
    men = k % 5
    graph = SceneGraph(
        id,
        ("horse", *("man",) * men),
        ((0, "red"),),
        tuple((row, "near", 0) for row in range(1, men + 1)),
        ((30.0, 10.0, 90.0, 60.0), *((4.0 + 9 * row, 20.0, 24.0 + 9 * row, 60.0) for row in range(men))),
    )
    return EvaluatedImage(id, PICTURE, graph, [f"参考 {k}", "一匹马"])
