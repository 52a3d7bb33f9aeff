"""Stage train_detector: annotated pictures -> an object detector.

In:  data/raw/images/train/*.jpg, data/raw/annotations/instances_train.json (COCO instances)
Out: models/detector/crosscap.json     {"backend": "torchvision_small", "classes": ["man", "dog", …], …}
     models/detector/model.safetensors the network's state dictionary
With `detector.pretrained` nothing is trained: the given weights are checked and become the artifact. With backend
`imported` (data/raw/image_features.json) or `none` there are no weights.
"""

from __future__ import annotations

from pathlib import Path

from crosscap.config.detector import DetectorSettings
from crosscap.config.loader import load_section
from crosscap.errors import InputError
from crosscap.io.artifacts import atomic_directory
from crosscap.runs.arguments import stage_arguments
from crosscap.runs.stage import run, use_threads
from crosscap.training.fingerprint import work_directory
from crosscap.training.work_folders import release
from crosscap.vision.annotations.annotated_images import read_annotations
from crosscap.vision.detectors.detectron2_pretrained import adopt_detectron2
from crosscap.vision.detectors.pretrained import adopt_pretrained
from crosscap.vision.detectors.store import IMPORTED, save_detector, save_no_detector
from crosscap.vision.detectors.torchvision_detector import Architecture
from crosscap.vision.detectors.training import train_detector
from crosscap.vision.imported_features.importing import first_width
from crosscap.vision.imported_features.source import read_source
from crosscap.vision.imported_features.stand_in import save_stand_in
from crosscap.vision.picture_source import readable_pictures

RAW, OUT = Path("data/raw"), Path("models/detector")


def main() -> None:
    stage_arguments(__doc__)
    settings = load_section("train_detector", "detector", DetectorSettings)
    if settings.backend == "none":
        with atomic_directory(OUT) as folder:
            save_no_detector(folder)
        return
    if settings.backend == IMPORTED:
        source = read_source(RAW / "image_features.json")
        if source.layout is None:
            remedy = "Give the files, or choose another detector.backend."
            raise InputError("params.yaml", "null", "image features", remedy, "key collect.files.image_features")
        with atomic_directory(OUT) as folder:
            save_stand_in(folder, source, first_width(source))
        return
    annotations = read_annotations(RAW / "annotations/instances_train.json")
    if settings.backend == "detectron2":
        with atomic_directory(OUT) as folder:
            adopt_detectron2(folder, settings, annotations.classes, annotations.attributes)
        return
    architecture = Architecture(
        backend=settings.backend,
        classes=annotations.classes,
        short_side=settings.short_side,
        long_side=settings.long_side,
        anchors=settings.anchors,
        channels=settings.channels,
        feature_size=settings.feature_size,
        attributes=annotations.attributes if settings.train.attribute_weight else (),
    )
    if settings.pretrained is not None:
        architecture, model = adopt_pretrained(settings.pretrained, architecture, settings.classes, settings.attributes)
        with atomic_directory(OUT) as folder:
            save_detector(folder, architecture, model)
        return
    training = settings.train
    use_threads(training.threads)
    inputs = [RAW / "images/train", RAW / "annotations/instances_train.json"]
    work = work_directory("train_detector", settings.model_dump(), inputs)
    annotations, source = readable_pictures(RAW / "images/train", annotations)
    model, losses = train_detector(architecture, annotations, source, training, work)
    with atomic_directory(OUT) as folder:
        save_detector(folder, architecture, model, {"train_loss": [round(loss, 4) for loss in losses]})
    release(work)


if __name__ == "__main__":
    run(main)
