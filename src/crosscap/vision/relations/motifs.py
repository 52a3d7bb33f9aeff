"""MOTIFS (Zellers et al. 2018, "Neural Motifs: Scene Graph Parsing with Global Context", section 4).

Two bidirectional LSTMs read the boxes of a picture in an order: the first for the classes of the boxes, the second,
which knows these classes, for what is between them. Where we differ from the paper: plain LSTMs instead of ones with
highways; how two boxes lie is told in numbers (`pair_geometry`) instead of drawn masks; and one model serves boxes
with and without given classes, since training shows it both. The evidence for the classes also enters as a bias, so
that a small data set does not cost a detector's knowledge.
"""

from __future__ import annotations

import torch
from torch import Tensor, nn

from crosscap.vision.relations.batch import Batch, Sequences
from crosscap.vision.relations.model import Architecture, Output, RelationModel, RelationNames, perceptron
from crosscap.vision.relations.regions import GEOMETRY

ORDERS = ("left_right", "size", "confidence")
_DOUBT = 1e-3  # added to the evidence of every class: none is ruled out


class MotifsModel(RelationModel):
    """Object context, object decoder, edge context; shapes as in `RelationModel`, H hidden, E class embedding."""

    def __init__(self, names: RelationNames, architecture: Architecture) -> None:
        super().__init__(names, architecture)
        if architecture.order not in ORDERS:
            raise ValueError(f"order {architecture.order!r}, expected one of {', '.join(ORDERS)}")
        classes, predicates = len(names.classes), len(names.predicates) + 1
        features, hidden, size = architecture.feature_size, architecture.hidden_size, architecture.class_size
        self.evidence = nn.Linear(classes, size, bias=False)  # W1 of eq. 3
        self.object_context = _lstm(features + size, architecture)
        self.before = nn.Embedding(classes + 1, size)  # row 0: no box before
        self.decoder = nn.LSTM(2 * hidden + size, hidden)
        self.classes = nn.Linear(hidden, classes + 1)  # W_o of eq. 5
        self.chosen = nn.Embedding(classes, size)  # W2 of eq. 6
        self.edge_context = _lstm(2 * hidden + size, architecture)
        self.subject = nn.Linear(2 * hidden, hidden)
        self.object = nn.Linear(2 * hidden, hidden)
        self.union = nn.Linear(features, hidden) if architecture.union_features else None
        self.geometry = perceptron(GEOMETRY, hidden, hidden, 0.0)
        self.predicate_head = nn.Linear(hidden, predicates)
        self.attribute_head = perceptron(
            features + 2 * hidden + size, hidden, len(names.attributes), architecture.dropout
        )
        self.dropout = nn.Dropout(architecture.dropout)

    def forward(self, batch: Batch, truth: Tensor | None = None) -> Output:
        features = self.scaled(batch.features)
        guess = self.guess(features)
        evidence = self._evidence(batch, guess)
        sequences = Sequences(batch.counts, self._keys(batch, evidence))
        context = self._read(self.object_context, sequences, torch.cat([features, self.evidence(evidence)], 1))
        classes, labels = self._decode(batch, sequences, context, evidence, truth)
        scores = torch.where(batch.given, batch.trust, classes.softmax(1).gather(1, labels[:, None] + 1)[:, 0])

        chosen = self.chosen(labels)
        edges = self._read(self.edge_context, sequences, torch.cat([context, chosen], 1))
        attributes = self.attribute_head(torch.cat([features, context, chosen], 1))
        subject, other = batch.pairs.unbind(1)
        around = self.geometry(batch.geometry)
        if self.union is not None:
            around = around + self.union(self.scaled(batch.unions))
        pairs = self.subject(edges)[subject] * self.object(edges)[other] * around.relu()  # eq. 7
        predicates = self.predicate_head(self.dropout(pairs)) + self.prior(labels, batch.pairs)
        return Output(guess, classes, labels, scores, attributes, predicates)

    def _evidence(self, batch: Batch, guess: Tensor) -> Tensor:
        """[N, C] a distribution: the batch's label as far as it is trusted, the first guess beyond."""
        stated = nn.functional.one_hot(batch.labels, len(self.names.classes)) * batch.trust[:, None]
        return stated + (1 - batch.trust[:, None]) * guess.softmax(1)

    def _keys(self, batch: Batch, evidence: Tensor) -> Tensor:
        """[N] what boxes are ordered by: section 5.2 of the paper tries these three."""
        if self.architecture.order == "left_right":
            return batch.boxes[:, 0] + batch.boxes[:, 2]
        if self.architecture.order == "size":
            return -(batch.boxes[:, 2:] - batch.boxes[:, :2]).prod(1)
        return -evidence.detach().amax(1)

    def _read(self, lstm: nn.LSTM, sequences: Sequences, values: Tensor) -> Tensor:
        """[N, …] -> [N, 2H] from both directions; a box knows those of its own picture alone."""
        packed, _ = lstm(sequences.pack(self.dropout(values)))
        return self.dropout(sequences.unpack(packed.data))

    def _decode(
        self, batch: Batch, sequences: Sequences, context: Tensor, evidence: Tensor, truth: Tensor | None
    ) -> tuple[Tensor, Tensor]:
        """Logits [N, C + 1] and the classes [N] chosen, box after box, each knowing the choice before (eq. 4 and 5)."""
        # The decoder learns what differs from the evidence, as the predicate head does from the frequencies.
        bias = nn.functional.pad((evidence.detach() + _DOUBT).log(), (1, 0))
        if truth is not None:
            labels = torch.where(truth >= 0, truth, evidence.argmax(1))
            before = sequences.shift(labels[sequences.rows] + 1, 0)
            values = torch.cat([context, sequences.unpack(self.before(before))], 1)
            packed, _ = self.decoder(sequences.pack(values))
            return sequences.unpack(self.classes(packed.data)) + bias, labels
        rows = sequences.rows.split(sequences.sizes.tolist())
        before = rows[0].new_zeros(len(rows[0]))
        hidden = context.new_zeros(len(rows[0]), self.decoder.hidden_size)
        state = hidden, hidden
        weights = self.decoder.all_weights[0]
        logits: list[Tensor] = []
        chosen: list[Tensor] = []
        for step in rows:  # the next box of every picture that has one
            count = len(step)
            values = torch.cat([context[step], self.before(before[:count])], 1)
            # The decoder's own step: as a sequence of one, each call on a CPU would pack the weights anew.
            state = torch.lstm_cell(values, (state[0][:count], state[1][:count]), *weights)
            logits.append(self.classes(state[0]) + bias[step])
            chosen.append(torch.where(batch.given[step], batch.labels[step], logits[-1][:, 1:].argmax(1)))
            before = chosen[-1] + 1
        return sequences.unpack(torch.cat(logits)), sequences.unpack(torch.cat(chosen))


def _lstm(inner: int, architecture: Architecture) -> nn.LSTM:
    dropout = architecture.dropout if architecture.layers > 1 else 0.0
    return nn.LSTM(inner, architecture.hidden_size, architecture.layers, dropout=dropout, bidirectional=True)
