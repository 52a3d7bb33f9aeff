"""The DAG with the durations of a recorded run."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from crosscap.dag_view.node import Node, grouped
from crosscap.dag_view.picture import dag_picture
from crosscap.dag_view.words import duration
from crosscap.report.charts import bar_chart
from crosscap.report.markup import element, escape

LONGEST = 8  # bars


def workflow_drawing(record: Mapping[str, Any]) -> str:
    """``workflow/durations.json`` as a drawing, and bars of the stages that took longest.

    Args:
        record: ``{"cores", "stages": [{"name", "upstream", "seconds"}]}``, stages in topological order.
    """
    nodes = [
        Node(entry["name"], tuple(entry["upstream"]), {entry["name"]: "fresh"}, seconds=entry["seconds"])
        for entry in record["stages"]
    ]
    known = [node.seconds for node in nodes if node.seconds is not None]
    together = f"{duration(sum(known))} one after another, on a machine of {record['cores']} cores"
    note = f"{len(nodes)} stages: {together}."
    longest = sorted(grouped(nodes), key=lambda node: -(node.seconds or 0.0))[:LONGEST]
    bars = [(node.name.partition("@")[0], node.seconds, duration(node.seconds)) for node in longest if node.seconds]
    return (
        element("p", escape(note), class_="note")
        + (bar_chart("Stages that took longest", bars) if bars else "")
        + element("div", dag_picture(nodes, states=False), class_="scroll drawing", tabindex="0")
    )
