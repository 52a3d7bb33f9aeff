"""Gather the raw data: the storybook, or the user's files.

In:  parameters `collect` and `storybook`
Out: data/raw/ (docs/contracts.md): parallel text, pictures, captions, treebanks, annotations, and

    manifest.json  {"source": "storybook", "files": {"parallel/zh.parquet": {"sha256": "…", "records": 9000, …}}, …}
    quarantine/records.jsonl  {"file": "corpus.zh", "line": 73, "reason": "no UTF-8: byte 0xb9 at 0", "text": "…"}
"""

from __future__ import annotations

import json
import logging
from itertools import islice
from pathlib import Path

from crosscap.collection.declared_files import declared_paths, user_paths
from crosscap.collection.manifest import QUARANTINE
from crosscap.collection.user_files import collect_user_files
from crosscap.config.collect import CollectSettings
from crosscap.config.languages import LanguageSettings
from crosscap.config.loader import load_section
from crosscap.config.storybook import StorybookSettings
from crosscap.errors import InputError
from crosscap.io.artifacts import atomic_directory, read_json
from crosscap.runs.arguments import stage_arguments
from crosscap.runs.stage import run
from crosscap.storybook.build import build_raw


def main() -> None:
    stage_arguments(__doc__)
    languages = load_section("collect", "languages", LanguageSettings)
    collect = load_section("collect", "collect", CollectSettings)
    with atomic_directory("data/raw") as folder:
        if collect.source == "storybook":
            storybook = load_section("collect", "storybook", StorybookSettings)
            build_raw(folder, storybook, languages.source, languages.targets)
        elif collect.files is None:
            raise InputError("params.yaml", "null", "the user's files", record="key collect.files")
        else:
            collect_user_files(folder, collect.files, languages.source, languages.targets)
            if unwatched := len(set(user_paths(collect)) - set(declared_paths())):
                logging.warning("changes of %d files would go unnoticed: run `crosscap files --write`", unwatched)
        report(folder)


def report(folder: Path) -> None:
    manifest = read_json(folder / "manifest.json")
    records = sum(entry["records"] for entry in manifest["files"].values())
    logging.info("collected %d records in %d files", records, len(manifest["files"]))
    for given in manifest["inputs"]:
        counts = [given[count] for count in ("read", "unit", "kept", "quarantined", "unselected")]
        logging.info("%s: %d %s read, %d kept, %d quarantined, %d not selected", given["path"], *counts)
    with open(folder / QUARANTINE, encoding="utf-8") as stream:
        for line in islice(stream, 10):
            record = json.loads(line)
            logging.warning("quarantined %s, line %d: %s", record["file"], record["line"], record["reason"])
    if (count := sum(manifest["quarantined"].values())) > 10:
        logging.warning("… %d quarantined in all, see data/raw/%s", count, QUARANTINE)


if __name__ == "__main__":
    run(main)
