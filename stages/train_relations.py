"""Stage train_relations: annotated pictures and a detector -> attribute and predicate heads.

In:  data/raw/images/train/*.jpg, data/raw/annotations/instances_train.json, models/detector
Out: models/relations/crosscap.json     {"attributes": ["red", …], "predicates": ["on", "ride", …], …}
     models/relations/model.safetensors the heads and the frequency prior
"""

from __future__ import annotations

from pathlib import Path

from crosscap.config.loader import load_section
from crosscap.config.relations import RelationsSettings
from crosscap.io.artifacts import atomic_directory
from crosscap.runs.stage import run, use_threads
from crosscap.training.fingerprint import work_directory
from crosscap.training.work_folders import release
from crosscap.vision.annotations.annotated_images import read_annotations
from crosscap.vision.detectors.limits import DetectionLimits
from crosscap.vision.detectors.store import load_detector
from crosscap.vision.picture_source import PictureSource
from crosscap.vision.relations.model import RelationModel, RelationNames
from crosscap.vision.relations.store import check_classes, load_relations, save_relations
from crosscap.vision.relations.training import make_examples, train_relations

RAW, DETECTOR, OUT = Path("data/raw"), Path("models/detector"), Path("models/relations")


def main() -> None:
    settings = load_section("train_relations", "relations", RelationsSettings)
    training = settings.train
    use_threads(training.threads)
    detector = load_detector(DETECTOR, DetectionLimits(training.score_threshold))
    losses: list[float] = []
    work: Path | None = None
    model: RelationModel | None = None
    if detector.classes and settings.pretrained is not None:
        model = load_relations(settings.pretrained)
        if model is not None:
            check_classes(model, detector.classes, settings.pretrained)
    elif detector.classes:
        path = RAW / "annotations/instances_train.json"
        annotations = read_annotations(path)
        source = PictureSource(RAW / "images/train", annotations.images)
        examples = make_examples(detector, annotations, source.__getitem__, training.match_iou)
        names = RelationNames(detector.classes, annotations.attributes, annotations.predicates)
        work = work_directory("train_relations", settings.model_dump(), [RAW / "images/train", path, DETECTOR])
        model, losses = train_relations(examples, names, training, work)
    with atomic_directory(OUT) as folder:
        save_relations(folder, model, {"train_loss": [round(loss, 4) for loss in losses]})
    if work is not None:
        release(work)


if __name__ == "__main__":
    run(main)
