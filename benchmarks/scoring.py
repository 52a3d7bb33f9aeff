"""How long 5,000 captions with five references each take to score, and how much memory, beside pycocoevalcap's sum.

    python benchmarks/scoring.py                                # English (COCO val2017 of the real data, else made up)
    python benchmarks/scoring.py --language zh                  # made-up Chinese: METEOR needs no paraphrase table
    python benchmarks/scoring.py --images 500

English is cut by coco-caption's Stanford tokenizer on both sides, Chinese is given in words. Ours is `crosscap
evaluate` as a user runs it, start of Python, reading and writing of files included; pycocoevalcap's sum is its
tokenizer and its scorers one after another in one process, as coco-caption runs them. Both are measured in the same
run, each in a process of its own; memory is the largest sum over a process and its children, sampled twenty times a
second. Processor time counts all of these processes. The scores of both must agree, or the comparison says nothing.

What bounds ours in English, in this order: the tokenizer, cutting METEOR's table of paraphrases to the words that it
gave (3 s of processor time), METEOR with the cut table (5 s); the other metrics (5 s) are counted beside the last two.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

REALDATA = Path(os.environ.get("CROSSCAP_REALDATA", Path(__file__).parents[2] / "shared/data"))
COCO = REALDATA / "coco_en/captions_val2017.json"
REFERENCES = 5
PAGE = os.sysconf("SC_PAGE_SIZE")
TICK = os.sysconf("SC_CLK_TCK")
NAMES = ("BLEU-1", "BLEU-2", "BLEU-3", "BLEU-4", "METEOR", "ROUGE-L", "CIDEr")
WORDS = {
    "en": "a the man woman dog cat child horse boat bench field rides holds watches near under red blue two",
    "zh": "一个 男人 女人 狗 猫 孩子 马 船 长椅 骑 着 拿着 看 在 旁边 下面 红色 的 两 只",
}

PYCOCOEVALCAP = """
import contextlib, io, json, sys, time
from crosscap.evaluation.java import LOCALE
import os
os.environ["JAVA_TOOL_OPTIONS"] = LOCALE
references, results, language = json.load(open(sys.argv[1])), json.load(open(sys.argv[2])), sys.argv[3]
from pycocoevalcap.bleu.bleu import Bleu
from pycocoevalcap.cider.cider import Cider
from pycocoevalcap.meteor.meteor import Meteor
from pycocoevalcap.rouge.rouge import Rouge
from pycocoevalcap.tokenizer.ptbtokenizer import PTBTokenizer
times, scores = {}, {}
def timed(name, work):
    start = time.perf_counter()
    with contextlib.redirect_stdout(io.StringIO()):
        value = work()
    times[name] = time.perf_counter() - start
    return value
expected, found = {}, {}
for entry in references["annotations"]:
    expected.setdefault(entry["image_id"], []).append({"caption": entry["caption"]})
for entry in results:
    found[entry["image_id"]] = [{"caption": entry["caption"]}]
if language == "en":
    expected, found = timed("tokenizer", lambda: [PTBTokenizer().tokenize(side) for side in (expected, found)])
else:
    expected, found = ({k: [c["caption"] for c in v] for k, v in side.items()} for side in (expected, found))
for name, make in (("BLEU", lambda: Bleu(4)), ("METEOR", Meteor), ("ROUGE-L", Rouge), ("CIDEr", Cider)):
    scores[name] = timed(name, lambda: make().compute_score(expected, found)[0])
scores |= {f"BLEU-{n + 1}": value for n, value in enumerate(scores.pop("BLEU"))}
print(json.dumps({"times": times, "scores": {name: 100 * float(value) for name, value in scores.items()}}))
"""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--images", type=int, default=5000)
    parser.add_argument("--language", choices=sorted(WORDS), default="en")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        references, results = captions(arguments.images, arguments.language, Path(folder))
        files = [str(references), str(results)]
        theirs = measured([sys.executable, "-c", PYCOCOEVALCAP, *files, arguments.language])
        policy = "ptb" if arguments.language == "en" else "given"
        command = [
            sys.executable,
            "-c",
            "from crosscap.cli.main import main; main()",
            "evaluate",
            files[1],
            "--references",
            files[0],
            "--json",
        ]
        options = ["--language", arguments.language, "--segmentation", policy]
        ours = measured([*command, *options, "--scores", str(Path(folder) / "scores.parquet")])
    sum_of_theirs = sum(theirs["answer"]["times"].values())
    print(f"{arguments.images} images, {REFERENCES} references each, {arguments.language}")
    print("pycocoevalcap:", ", ".join(f"{name} {value:.1f} s" for name, value in theirs["answer"]["times"].items()))
    print(f"{'':<16}{'wall':>8}{'CPU':>8}{'memory':>10}")
    for name, wall, run in (("pycocoevalcap", sum_of_theirs, theirs), ("crosscap", ours["wall"], ours)):
        print(f"{name:<16}{wall:>6.1f} s{run['cpu']:>6.1f} s{run['memory'] / 2**20:>7.0f} MB")
    print(f"ours / theirs: {ours['wall'] / sum_of_theirs:.2f} of the time")
    for name in NAMES:
        gap = abs(ours["answer"]["scores"][name] - theirs["answer"]["scores"][name])
        if gap > 1e-3:
            raise SystemExit(f"{name} differs by {gap}")


def captions(images: int, language: str, folder: Path) -> tuple[Path, Path]:
    """References and results of ``images`` images, in files: real captions where there are any in the language."""
    chance = random.Random(1)
    if language == "en" and COCO.is_file():
        groups: dict[int, list[str]] = {}
        for entry in json.loads(COCO.read_text(encoding="utf-8"))["annotations"]:
            groups.setdefault(entry["image_id"], []).append(" ".join(entry["caption"].split()))
        texts = list(groups.values())[:images]
    else:
        texts = [
            [" ".join(chance.choices(WORDS[language].split(), k=chance.randint(8, 14))) for _ in range(REFERENCES)]
            for _ in range(images)
        ]
    # A caption that breaks off, of every second image its neighbour's: a system that is often wrong.
    said = [texts[row - row % 2][-1].rsplit(" ", 2)[0] for row in range(len(texts))]
    annotations = [
        {"id": 10 * row + n, "image_id": row, "caption": (group * 2)[n]}
        for row, group in enumerate(texts)
        for n in range(REFERENCES)
    ]
    references, results = folder / "references.json", folder / "results.json"
    value = {"images": [{"id": row} for row in range(len(texts))], "annotations": annotations}
    references.write_text(json.dumps(value), encoding="utf-8")
    results.write_text(json.dumps([{"image_id": row, "caption": text} for row, text in enumerate(said)]), "utf-8")
    return references, results


def measured(command: list[str]) -> dict:
    """Wall time, processor time and peak memory of a program with its children, and the JSON that it prints."""
    start = time.perf_counter()
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
    use: dict[str, float] = {"memory": 0}
    spent: dict[int, float] = {}

    def watch() -> None:
        while process.poll() is None:
            family = descendants(process.pid)
            use["memory"] = max(use["memory"], sum(memory for memory, _ in family.values()))
            spent.update({pid: cpu for pid, (_, cpu) in family.items()})
            time.sleep(0.05)

    watcher = threading.Thread(target=watch)
    watcher.start()
    output = process.stdout.read()  # type: ignore[union-attr]
    watcher.join()
    if process.returncode:
        raise SystemExit(f"{command[:3]} ended with code {process.returncode}")
    answer = json.loads(output)
    return {**use, "cpu": sum(spent.values()), "wall": time.perf_counter() - start, "answer": answer}


def descendants(root: int) -> dict[int, tuple[float, float]]:
    """Process id → bytes in memory and seconds of processor time, of ``root`` and of all that it started."""
    parents, use = {}, {}
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            fields = (folder / "stat").read_text().rsplit(")", 1)[1].split()
            pid = int(folder.name)
            parents[pid] = int(fields[1])
            use[pid] = (int(fields[21]) * PAGE, (int(fields[11]) + int(fields[12])) / TICK)
        except (OSError, IndexError):  # it has ended meanwhile
            continue
    family = {root}
    while more := {pid for pid, parent in parents.items() if parent in family} - family:
        family |= more
    return {pid: use[pid] for pid in family if pid in use}


if __name__ == "__main__":
    main()
