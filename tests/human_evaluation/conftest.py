"""A project with five test pictures and two runs, one of which says for two pictures what the other says."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from PIL import Image

from crosscap.cli.main import main
from crosscap.io.artifacts import write_json

IMAGES = ("11", "12", "13", "14", "15")
HGM = ("一 只 狗 在 公园 里 。", "一 个 人 骑 马 。", "两 只 猫 。", "一 辆 车", "<img src=x onerror=alert(1)> 。")
PLAIN = ("一 只 狗 在 公园 里", "一 匹 马 。", "两 只 猫 。", "</script><script>alert(2)</script>", "=SUM(1,2)")
HUMAN = ("公园里有一只狗。", "一个男人骑着马。", "两只小猫在玩。", "街上有一辆车。", "一张图。")

Judge = Callable[..., tuple[int, str, str]]


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    raw, runs = Path("data/raw"), Path("data/captions/zh/hgm")
    (raw / "images/test").mkdir(parents=True)
    for place, id in enumerate(IMAGES):
        picture = Image.new("RGB", (60, 40), (40 * place, 90, 120))
        exif = Image.Exif()
        exif[0x010E] = f"secret of {id}"
        picture.save(raw / f"images/test/name_{id}.jpg", exif=exif)
    for name, captions in {"with_phase2": HGM, "without_phase2": PLAIN}.items():
        results = [{"image_id": int(id), "caption": text} for id, text in zip(IMAGES, captions, strict=True)]
        write_json(runs / f"{name}.json", results)
    write_json(
        raw / "captions/captions_test_zh.json",
        {
            "images": [{"id": int(id), "file_name": f"name_{id}.jpg"} for id in IMAGES],
            "annotations": [{"id": n, "image_id": int(id), "caption": HUMAN[n]} for n, id in enumerate(IMAGES)],
        },
    )
    return tmp_path


@pytest.fixture
def judge(capsys: pytest.CaptureFixture[str]) -> Judge:
    """`crosscap judge WORDS` -> exit code, stdout, stderr."""

    def run(*words: object) -> tuple[int, str, str]:
        with pytest.raises(SystemExit) as end:
            main(["judge", *map(str, words)])
        output = capsys.readouterr()
        return int(end.value.code or 0), output.out, output.err

    return run
