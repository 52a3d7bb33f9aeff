"""A training whose loss is no finite number, said so that its cause can be looked for."""

from __future__ import annotations

from collections.abc import Sequence

from crosscap.errors import InputError

SHOWN = 8  # ids of examples in the message


class TrainingDiverged(InputError):
    """A loss, or the gradient's norm, is NaN or infinite.

    Attributes:
        step, loss: the step's number from 1 and the loss's name.
        examples: ids of the examples in the step's batch; empty when the caller did not tell.
    """

    def __init__(
        self, name: str, step: int, loss: str, value: float, epoch: int | None = None, examples: Sequence[str] = ()
    ) -> None:
        self.parts = (name, step, loss, value, epoch, tuple(examples))
        self.step, self.loss, self.examples = step, loss, tuple(examples)
        place = f"step {step}" if epoch is None else f"step {step} (epoch {epoch})"
        shown = ", ".join(self.examples[:SHOWN]) + (", …" if len(self.examples) > SHOWN else "")
        batch = f" on the {len(self.examples)} examples {shown}" if self.examples else ""
        super().__init__(
            name,
            f"loss {loss!r} is {value} at {place}{batch}",
            "a finite number",
            "Lower the learning rate, clip the gradient, or look at these examples; the last checkpoint is from before."
            if batch
            else "Lower the learning rate or clip the gradient; the last checkpoint is from before.",
        )

    def __reduce__(self) -> tuple[type[TrainingDiverged], tuple]:
        return type(self), self.parts
