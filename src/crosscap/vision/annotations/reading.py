"""One reading of annotation files: what is asked for, which files were read, which pictures are meant."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

from crosscap.errors import InputError, printable
from crosscap.text.source_file import Quarantined
from crosscap.vision.annotations.annotated_images import Annotations
from crosscap.vision.annotations.drafts import ImageDraft, State
from crosscap.vision.annotations.pictures import Pictures
from crosscap.vision.annotations.records import IMAGES, AnnotationFile
from crosscap.vision.annotations.vocabulary import Vocabulary


@dataclass(frozen=True)
class Choice:
    """What to take from files that hold more than is wanted.

    Attributes:
        classes, attributes, predicates: the most frequent names to take, None for all, where the files define no lists.
        labels: whether objects and predicates go by their names or by the lemmas of their synsets.
        object_aliases, predicate_aliases: files of names that mean the same, one group a line, the name to use first.
        validation: pictures of VG150's training part that validate.
    """

    classes: int | None = None
    attributes: int | None = None
    predicates: int | None = None
    labels: Literal["names", "synsets"] = "names"
    object_aliases: str | None = None
    predicate_aliases: str | None = None
    validation: int = 5000


def drop(record: Quarantined) -> None:
    """A quarantine that keeps nothing."""


@dataclass
class Reading:
    """What a layout's reader is given, and where it enters what it did.

    Attributes:
        paths: the files, in the order that the layout states.
        pictures: the pictures whose annotations are wanted.
        split: ``train``, ``val`` or ``test``, for files that hold them all.
        names: take these names alone, None for those that the files define: splits of one data set share their names.
        sink: takes what is set aside.
        files: those that were read.
    """

    paths: Sequence[str | Path]
    pictures: Pictures
    split: str = "train"
    choice: Choice = Choice()
    names: Vocabulary | None = None
    sink: Callable[[Quarantined], None] = drop
    files: list[AnnotationFile] = field(default_factory=list)
    _names_by_id: dict[int, str] = field(default_factory=dict)

    def open(self, path: str | Path) -> AnnotationFile:
        """A file to be read, whose counts are kept; asked again, the same one."""
        for file in self.files:
            if file.path == Path(path):
                return file
        self.files.append(AnnotationFile(path, self.sink))
        return self.files[-1]

    def draft(
        self,
        file: AnnotationFile,
        number: int,
        id: int,
        name: str,
        size: tuple[Any, ...] | None,
        names: Vocabulary,
        wanted: bool = True,
    ) -> ImageDraft:
        """The picture that entry ``number`` of ``file`` annotates, counted; it says itself whether it is kept.

        Args:
            id: of the image.
            name: of its file, without suffix.
            size: width and height that its boxes are meant for, None for those of the picture.
            wanted: whether it belongs to the split.
        """
        file.reads(IMAGES)
        if id in self._names_by_id:
            file.set_aside(IMAGES, number, f"image stands twice: {id}", name)
            return ImageDraft(id, "", 0, 0, names, State.LEFT_OUT)
        try:
            picture = self.pictures.find(name) if wanted else None
        except InputError as error:
            file.set_aside(IMAGES, number, f"no picture: {error.found}", name, culprit=Path(error.path).name)
            return ImageDraft(id, "", 0, 0, names, State.LEFT_OUT)
        self._names_by_id[id] = name
        if picture is None:
            file.passes(IMAGES)
            return ImageDraft(id, "", 0, 0, names, State.UNSELECTED)
        if size is not None and size != (picture.width, picture.height):
            found = f"{picture.width} x {picture.height}, annotated for {' x '.join(map(str, size))}"
            file.set_aside(IMAGES, number, f"picture of another size: {found}", name)
            return ImageDraft(id, "", 0, 0, names, State.LEFT_OUT)
        file.keeps(IMAGES)
        return ImageDraft(id, picture.file_name, picture.width, picture.height, names)

    def refuse_image(self, file: AnnotationFile, number: int, reason: str, record: Any) -> None:
        """Set aside an entry that is no image's."""
        file.reads(IMAGES)
        file.set_aside(IMAGES, number, reason, record, malformed=True)

    def finish(self, drafts: Sequence[ImageDraft], names: Vocabulary) -> Annotations:
        """The pictures that were kept, by their order.

        Raises:
            InputError: none could be kept for the reasons that the quarantine names, or none of them is a picture's.
        """
        for file in self.files:
            file.finish()
        images = tuple(draft.finish() for draft in drafts if draft.state is State.KEPT)
        if not images and any(file.counts[IMAGES].read for file in self.files if IMAGES in file.counts):
            found = f"no annotations of the pictures in the folder, but of {', '.join(self._examples())}"
            raise InputError(self.paths[0], found, "annotations of these pictures", "Check folder and annotations.")
        return Annotations(images, names.classes, names.attributes, names.predicates)

    def _examples(self) -> list[str]:
        return [printable(name) for name in list(self._names_by_id.values())[:3]]
