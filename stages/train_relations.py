"""Stage train_relations: annotated pictures and a detector -> a model of attributes and relations.

In:  data/raw/images/train/*.jpg, data/raw/annotations/instances_train.json, models/detector
Out: models/relations/crosscap.json     {"backend": "motifs", "attributes": ["red", …], "predicates": ["on", …], …}
     models/relations/model.safetensors weights and frequencies
Without a detector there is no model. Where features are imported (data/raw/image_features.json), it learns from the
boxes that they are of, if these have class names, `relations.union_features` is false and objects are annotated.
"""

from __future__ import annotations

from pathlib import Path

from crosscap.config.loader import load_section
from crosscap.config.relations import RelationsSettings
from crosscap.io.artifacts import atomic_directory
from crosscap.runs.arguments import stage_arguments
from crosscap.runs.stage import run, use_threads
from crosscap.training.fingerprint import work_directory
from crosscap.training.work_folders import release
from crosscap.vision.annotations.annotated_images import read_annotations
from crosscap.vision.detectors.limits import DetectionLimits
from crosscap.vision.detectors.store import describe_detector, load_detector
from crosscap.vision.imported_features.examples import imported_examples
from crosscap.vision.imported_features.stand_in import is_stand_in
from crosscap.vision.picture_source import readable_pictures
from crosscap.vision.relations.backends import architecture
from crosscap.vision.relations.examples import Examples
from crosscap.vision.relations.model import RelationModel, RelationNames
from crosscap.vision.relations.store import check_classes, load_relations, save_relations
from crosscap.vision.relations.training import train_relations

RAW, DETECTOR, OUT = Path("data/raw"), Path("models/detector"), Path("models/relations")


def main() -> None:
    stage_arguments(__doc__)
    settings = load_section("train_relations", "relations", RelationsSettings)
    training = settings.train
    use_threads(training.threads)
    described = describe_detector(DETECTOR)
    losses: list[float] = []
    work: Path | None = None
    model: RelationModel | None = None
    if described.classes and settings.pretrained is not None:
        model = load_relations(settings.pretrained)
        if model is not None:
            check_classes(model, described.classes, settings.pretrained, described.feature_size or None)
    elif is_stand_in(DETECTOR):
        inputs = [RAW / "annotations/instances_train.json", RAW / "image_features.json", DETECTOR]
        work = work_directory("train_relations", settings.model_dump(), inputs)
        learnt = imported_examples(
            RAW, described.classes, architecture(settings, described.feature_size), training, work
        )
        if learnt is not None:
            model, losses = train_relations(learnt, learnt.names, work)
    elif described.classes:
        detector = load_detector(DETECTOR, DetectionLimits(training.score_threshold))
        path = RAW / "annotations/instances_train.json"
        annotations, source = readable_pictures(RAW / "images/train", read_annotations(path))
        shape = architecture(settings, detector.feature_size)
        examples = Examples(detector, annotations, source.__getitem__, training, shape)
        names = RelationNames(detector.classes, annotations.attributes, annotations.predicates)
        work = work_directory("train_relations", settings.model_dump(), [RAW / "images/train", path, DETECTOR])
        model, losses = train_relations(examples, names, work)
    with atomic_directory(OUT) as folder:
        save_relations(folder, model, {"train_loss": [round(loss, 4) for loss in losses]})
    if work is not None:
        release(work)


if __name__ == "__main__":
    run(main)
