"""``crosscap judge``: ask people. ``judge sheets`` makes blinded sheets, ``judge scores`` reads what came back."""

from __future__ import annotations

import argparse
import json
from pathlib import Path

from crosscap.cli.evaluate import known_language
from crosscap.errors import InputError, printable
from crosscap.human_evaluation.captions import Images, System, presented, read_system
from crosscap.human_evaluation.scales import QUALITIES, SCALES, asked_qualities
from crosscap.human_evaluation.study import SET, Plan, Study, design
from crosscap.human_evaluation.wording import WORDINGS
from crosscap.significance.resampling import Resampling

CAPTIONS, RAW = Path("data/captions"), Path("data/raw")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    actions = parser.add_subparsers(dest="action", required=True, metavar="sheets|scores")
    summary = "make a page and a table for each rater, and the key that says whose captions are whose"
    sheets = actions.add_parser("sheets", help=summary, description=f"{summary.capitalize()}.")
    sheets.add_argument(
        "systems",
        nargs="+",
        metavar="[NAME=]SYSTEM",
        help="RUN or RUN/SET (hgm, hgm/without_phase2), a COCO results file, or `references`: what people wrote",
    )
    sheets.add_argument("--output", type=Path, required=True, metavar="FOLDER", help="a new folder")
    sheets.add_argument("--target", default="zh", metavar="LANGUAGE", help="of the captions (default: %(default)s)")
    sheets.add_argument(
        "--scale", choices=SCALES, default="cross2stra", help="the paper whose levels are used (default: %(default)s)"
    )
    sheets.add_argument(
        "--ask", nargs="+", choices=QUALITIES, default=[], metavar="QUALITY", help="default: what the paper asked"
    )
    sheets.add_argument(
        "--images", type=_count, default=100, metavar="N", help="how many to draw (default: %(default)s)"
    )
    sheets.add_argument("--raters", type=_count, default=10, metavar="N", help="default: %(default)s")
    sheets.add_argument("--raters-per-image", type=_count, metavar="K", help="who judge one image (default: all)")
    sheets.add_argument(
        "--group",
        type=_count,
        default=5,
        metavar="CAPTIONS",
        help="of a system, of which diversification is asked together; 1: of each alone (default: %(default)s)",
    )
    sheets.add_argument("--seed", type=int, default=1, help="of all that is drawn (default: %(default)s)")
    sheets.add_argument(
        "--references",
        type=Path,
        metavar="REFS.json",
        help="COCO captions (default: those of the project's test images)",
    )
    sheets.add_argument("--pictures", type=Path, metavar="FOLDER", help="default: the project's test images")
    sheets.add_argument(
        "--width", type=_count, default=640, metavar="PIXELS", help="of a picture's longer side (default: %(default)s)"
    )
    sheets.add_argument(
        "--page-language", choices=WORDINGS, help="that the pages speak (default: the captions', else en)"
    )
    sheets.add_argument("--verbatim", action="store_true", help="show captions as they stand, habits and all")
    summary = "read the raters' tables, check them, and print means, differences and agreement"
    scores = actions.add_parser("scores", help=summary, description=f"{summary.capitalize()}.")
    scores.add_argument("key", type=Path, metavar="KEY", help="the key.json that belongs to the sheets")
    scores.add_argument("tables", type=Path, nargs="+", metavar="TABLE", help="the raters' CSVs, or folders of them")
    scores.add_argument("--allow-missing", action="store_true", help="take what is there of unfinished tables")
    scores.add_argument("--samples", type=_count, default=10_000, help="resamples of images (default: %(default)s)")
    scores.add_argument("--confidence", type=_share, default=0.95, help="of the intervals (default: %(default)s)")
    scores.add_argument("--seed", type=_seed, default=1, help="of the resamples (default: %(default)s)")
    scores.add_argument("--json", action="store_true", help="print everything as JSON")


def run(arguments: argparse.Namespace) -> int:
    return make_sheets(arguments) if arguments.action == "sheets" else show_scores(arguments)


def make_sheets(arguments: argparse.Namespace) -> int:
    """Draw, blind and write; print what was made."""
    known_language(arguments.target, "crosscap judge sheets --target")
    language = arguments.page_language or (arguments.target if arguments.target in WORDINGS else "en")
    path = arguments.references or RAW / f"captions/captions_test_{arguments.target}.json"
    images = Images.read(path)
    folder = CAPTIONS / arguments.target
    systems = [read_system(words, folder, images, arguments.seed) for words in arguments.systems]
    common = common_images(systems, images)
    shown = {
        system.name: {
            id: text if arguments.verbatim else presented(text, arguments.target)
            for id, text in system.captions.items()
            if id in common
        }
        for system in systems
    }
    plan = Plan(
        arguments.images,
        arguments.raters,
        arguments.raters_per_image or arguments.raters,
        arguments.group,
        arguments.seed,
    )
    sources = {system.name: system.source for system in systems}
    qualities = asked_qualities(SCALES[arguments.scale], arguments.ask)
    study = design(shown, sources, common, arguments.scale, qualities, arguments.target, plan)
    pictures = arguments.pictures or RAW / "images/test"
    files = {id: pictures / images.files[id] for id in study.images}
    from crosscap.human_evaluation.sheets import KEY, SHEETS, write_study

    write_study(study, files, arguments.output, arguments.width, language)
    sets = sum(name.startswith(SET) for name in study.items)
    ratings = sorted(sum(len(study.items[name].qualities) for name in names) for names in study.raters.values())
    print(f"Images       {len(study.images)} of {len(common)} that every system captioned and that have a picture")
    print(f"Items        {len(study.items) - sets} captions, {sets} sets; what two systems say alike is rated once")
    print(f"A rater      gives {ratings[0]}" + (f" to {ratings[-1]}" if ratings[-1] != ratings[0] else "") + " ratings")
    print(f"To raters    {printable(str(arguments.output / SHEETS))}: each rater's page, or table and pictures")
    print(f"Keep to you  {printable(str(arguments.output / KEY))}: whose captions are whose")
    return 0


def common_images(systems: list[System], images: Images) -> list[str]:
    """Those that every system captioned and whose picture's name is known.

    Raises:
        InputError: two systems share a name, or there is no such image.
    """
    for place, system in enumerate(systems):
        if system.name in {other.name for other in systems[:place]}:
            found = f"two systems named {system.name!r}"
            raise InputError("crosscap judge sheets", found, "a name for each", "Name them: NAME=SYSTEM.")
    common = set(images.files).intersection(*(system.captions for system in systems))
    if not common:
        counts = ", ".join(f"{system.name} {len(system.captions)}" for system in systems)
        found = f"no image that all have captions of (images: {len(images.files)}; captions: {counts})"
        raise InputError(images.path, found, "the same image ids in all files", "Give the images' own --references.")
    return sorted(common)


def show_scores(arguments: argparse.Namespace) -> int:
    """Print the results, as Markdown or JSON."""
    from crosscap.human_evaluation.ratings import read_sheets
    from crosscap.human_evaluation.results import judged
    from crosscap.human_evaluation.tables import result_tables

    study = Study.read(arguments.key)
    tables = [file for path in arguments.tables for file in (sorted(path.glob("*.csv")) if path.is_dir() else [path])]
    if not tables:
        raise InputError(arguments.tables[0], "no .csv in this folder", "the raters' tables")
    returned = read_sheets(study, tables, arguments.allow_missing)
    results = judged(study, returned, Resampling(arguments.samples, arguments.confidence, arguments.seed))
    print(json.dumps(results, ensure_ascii=False, indent=1) if arguments.json else result_tables(results))
    return 0


def _count(text: str) -> int:
    if not text.isdecimal() or not 1 <= int(text) <= 1_000_000:
        raise argparse.ArgumentTypeError(f"{text!r} is no number from 1 to 1,000,000")
    return int(text)


def _seed(text: str) -> int:
    if not text.isdecimal():
        raise argparse.ArgumentTypeError(f"{text!r} is no number from 0 upwards")
    return int(text)


def _share(text: str) -> float:
    try:
        value = float(text)
    except ValueError:
        value = 0.0
    if not 0 < value < 1:
        raise argparse.ArgumentTypeError(f"{text!r} is no number between 0 and 1")
    return value
