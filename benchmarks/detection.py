"""Pictures a second from bytes to scene graph against the bare detector, and how fast stored features are read.

    python benchmarks/detection.py [PROJECT] --pictures 32

PROJECT has run train_detector and train_relations: its params.yaml, models/ and test pictures are used. "bare" is the
detector's `detect` alone, "graphs" the whole of crosscap.vision.pipeline with relations and attributes; both take the
same batches by turns, and the share is the median of the rounds. On a CPU times are of the processor, so that others
on the machine do not count, and one thread is used; on a GPU (``--device cuda``) they are of the clock, and
``--bfloat16`` and ``--channels-last`` say how the networks run.

The feature store is written here, row by row, as detect_objects does it, and read through memory maps, picture by
picture in random order, as training does it; with enough memory it comes from the page cache.
"""

from __future__ import annotations

import argparse
import contextlib
import resource
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import numpy as np
import torch

from crosscap.config.detection import DetectionSettings
from crosscap.config.image_graphs import ImageGraphSettings
from crosscap.config.loader import read_yaml, validate_section
from crosscap.vision.detectors.detection import Detections
from crosscap.vision.detectors.table import read_detections, write_detections
from crosscap.vision.images import Picture, load_picture
from crosscap.vision.pipeline import ImageGraphPredictor

BATCHES = (1, 8, 32)
MEGABYTE = 1_000_000


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("project", nargs="?", type=Path, default=Path())
    parser.add_argument("--pictures", type=int, default=32)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--device", default="cpu")
    parser.add_argument("--bfloat16", action="store_true")
    parser.add_argument("--channels-last", action="store_true")
    parser.add_argument("--stored", type=int, default=20_000, help="pictures in the feature store")
    options = parser.parse_args()
    torch.set_num_threads(1)
    speed(options)
    feature_store(options.stored)


def speed(options: argparse.Namespace) -> None:
    """Print a line for each batch size."""
    predictor = load_predictor(options.project, torch.device(options.device), options.channels_last)
    files = sorted(path for path in (options.project / "data/raw/images/test").iterdir() if path.is_file())
    pictures = [load_picture(path) for path in files[: options.pictures]]
    kind = torch.bfloat16 if options.bfloat16 else None
    for size in BATCHES:
        with torch.autocast(options.device, kind, enabled=kind is not None):
            bare, graphs = rates(
                [
                    lambda size=size: [predictor.detector.detect(some) for some in parts(pictures, size)],  # type: ignore[misc]
                    lambda size=size: predictor.graphs(pictures, batch_size=size),  # type: ignore[misc]
                ],
                options.device,
                options.rounds,
                len(pictures),
            )
        share = statistics.median(whole / alone for alone, whole in zip(bare, graphs, strict=True))
        rate = f"bare {statistics.median(bare):7.1f}, graphs {statistics.median(graphs):7.1f} pictures a second"
        print(f"batch {size:2}: {rate}, share {share:.3f}", flush=True)
    peak = f"peak memory {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MiB"
    if options.device.startswith("cuda"):
        peak += f", of the GPU {torch.cuda.max_memory_allocated() / 2**20:.0f} MiB"
    print(peak, flush=True)


def load_predictor(project: Path, device: torch.device, channels_last: bool) -> ImageGraphPredictor:
    params = read_yaml(project / "params.yaml")
    predictor = ImageGraphPredictor.load(
        project / "models/detector",
        project / "models/relations",
        validate_section(DetectionSettings, "detection", params["detection"], project / "params.yaml"),
        validate_section(ImageGraphSettings, "image_graphs", params["image_graphs"], project / "params.yaml"),
    )
    network: torch.nn.Module = predictor.detector.model  # type: ignore[attr-defined]
    network.to(device, memory_format=torch.channels_last if channels_last else torch.preserve_format)
    predictor.relations.to(device)
    return predictor


def parts(pictures: Sequence[Picture], size: int) -> Iterator[Sequence[Picture]]:
    for start in range(0, len(pictures), size):
        yield pictures[start : start + size]


def rates(works: Sequence[Callable[[], object]], device: str, rounds: int, count: int) -> list[list[float]]:
    """``count`` pictures a second of each work in each round; the works take turns, the first round does not count."""
    clock = time.perf_counter if device.startswith("cuda") else time.process_time
    found: list[list[float]] = [[] for _ in works]
    for _ in range(rounds + 1):
        for work, rate in zip(works, found, strict=True):
            begun = clock()
            work()
            with contextlib.suppress(RuntimeError, AssertionError):  # no GPU here
                torch.cuda.synchronize()
            rate.append(count / (clock() - begun))
    return [rate[1:] for rate in found]


def feature_store(count: int, objects: int = 12, size: int = 256) -> None:
    """Write and read ``count`` pictures of ``objects`` rows of ``size`` features."""
    random = np.random.default_rng(0)
    features = random.normal(size=(objects, size)).astype(np.float32)
    boxes = np.array([[1, 2, 30, 40]] * objects, np.float32)
    scores, labels = np.linspace(1, 0.1, objects, dtype=np.float32), np.zeros(objects, np.int64)
    one = Detections(boxes, labels, scores, features, np.zeros((objects, 0), np.float32))
    images = (
        ({"id": number, "split": "train", "file_name": f"{number}.jpg", "width": 64, "height": 48}, one)
        for number in range(count)
    )
    megabytes = count * features.nbytes / MEGABYTE
    with tempfile.TemporaryDirectory() as folder:
        before, begun = private_memory(), time.perf_counter()
        write_detections(Path(folder) / "detections", images, ("dog",), (), size)
        written = time.perf_counter() - begun
        table = read_detections(Path(folder) / "detections")
        opened = private_memory()
        order, begun = random.permutation(count), time.perf_counter()
        total = sum(float(table.images[row].detections.features.sum()) for row in order)
        read = time.perf_counter() - begun
        grown = private_memory() - opened
    assert np.isfinite(total)
    rows = count * objects
    print(f"feature store of {rows} rows, {megabytes:.0f} MB of features")
    print(f"written {rows / written:.0f} rows, {megabytes / written:.0f} MB a second")
    print(f"read    {rows / read:.0f} rows, {megabytes / read:.0f} MB a second")
    print(f"memory  {opened - before:.0f} MB for the index, {grown:.0f} MB more after all rows were read")


def private_memory() -> float:
    """MB of this process that are no files' pages (Linux)."""
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("RssAnon")) * 1024 / MEGABYTE


if __name__ == "__main__":
    main()
