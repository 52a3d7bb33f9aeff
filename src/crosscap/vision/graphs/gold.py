"""Scene graphs of annotated pictures: what a perfect detector and a perfect relation model would give."""

from __future__ import annotations

from crosscap.graph.scene_graph import SceneGraph
from crosscap.vision.annotations.annotated_images import Annotations
from crosscap.vision.graphs.label_table import LabelForm, LabelTable


def gold_graphs(annotations: Annotations, form: LabelForm) -> list[SceneGraph]:
    """The graph of each picture that has an annotated object, with names in the ``form`` of predicted graphs.

    Nothing is left out: limits on the size of a graph are for predictions.
    """
    classes, attributes, predicates = annotations.classes, annotations.attributes, annotations.predicates
    plain = {label: " ".join(label.lower().split()) for label in (*classes, *attributes, *predicates)}
    table = LabelTable.of(
        [plain[label] for label in classes],
        [plain[label] for label in attributes],
        [plain[label] for label in predicates],
        form,
    )
    return [
        table.named(
            SceneGraph(
                id=str(image.id),
                objects=tuple(plain[classes[label]] for label in image.labels),
                attributes=tuple((row, plain[name]) for row, some in enumerate(image.attributes) for name in some),
                relations=tuple((subject, plain[name], other) for subject, name, other in image.relations),
                boxes=tuple((float(a), float(b), float(c), float(d)) for a, b, c, d in image.boxes),
            )
        )
        for image in annotations.images
        if len(image.labels)
    ]
