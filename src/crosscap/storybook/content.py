"""What a caption says, before any language says it: parallel captions are told from one `Content`."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Entity:
    """A thing as a caption mentions it.

    Attributes:
        sense: key of `inventory.BY_SENSE`, or a place's name.
        attributes: the attributes that are mentioned.
        count: how many equal things are meant.
        details: said about it within its noun phrase, such as what a person wears.
    """

    sense: str
    attributes: tuple[str, ...] = ()
    count: int = 1
    details: tuple[Detail, ...] = ()


@dataclass(frozen=True)
class Detail:
    """``predicate`` and ``other`` qualify the thing that owns the detail."""

    predicate: str
    other: Entity


@dataclass(frozen=True)
class Statement:
    """``subjects`` (told together with "and") stand in relation ``predicate`` to ``other``, somewhere.

    Attributes:
        where: preposition and place; None when the place is not told.
    """

    subjects: tuple[Entity, ...]
    predicate: str
    other: Entity
    where: Detail | None = None


@dataclass(frozen=True)
class Content:
    """One statement, or two. With ``same_subject`` the second goes on about the first one's subject."""

    first: Statement
    second: Statement | None = None
    same_subject: bool = False
