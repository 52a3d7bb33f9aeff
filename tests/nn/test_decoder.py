from __future__ import annotations

import torch
from torch import Tensor, nn

from crosscap.nn.decoder import ConditionedDecoder
from crosscap.nn.packed_sentences import PackedSentences, pack_sentences

SENTENCES = torch.tensor([[1, 5, 2, 0, 0], [1, 6, 5, 3, 2], [1, 2, 0, 0, 0], [1, 3, 3, 2, 0]])
"""Four sentences: <bos> 1, <eos> 2, padding 0."""


def decoder(dropout: float = 0.0) -> ConditionedDecoder:
    torch.manual_seed(0)
    return ConditionedDecoder(word_size=4, condition_size=3, size=5, vocabulary=7, dropout=dropout)


class PlainDecoder(nn.Module):
    """UNISON eqs. 8 and 9 word by word, one sentence at a time, with PyTorch's cells and the weights of ``model``."""

    def __init__(self, model: ConditionedDecoder) -> None:
        super().__init__()
        size = model.size
        self.first, self.second = nn.LSTMCell(4, size), nn.LSTMCell(size + 3, size)
        self.output = model.output
        self.load(self.first, model.from_word.weight, model.from_word.bias, model.words.weight)
        both = torch.cat([model.from_condition.weight, model.from_words.weight], 1)
        self.load(self.second, both, model.from_condition.bias, model.sentence.weight)

    def load(self, cell: nn.LSTMCell, inputs: Tensor, bias: Tensor, state: Tensor) -> None:
        """PyTorch's gates stand as input, forget, candidate, output; ours as candidate, input, forget, output."""
        with torch.no_grad():
            for ours, theirs in ((inputs, cell.weight_ih), (bias, cell.bias_ih), (state, cell.weight_hh)):
                candidate, enter, keep, show = ours.chunk(4)
                theirs.copy_(torch.cat([enter, keep, candidate, show]))
            cell.bias_hh.zero_()

    def logits(self, words_TE: Tensor, condition_C: Tensor) -> Tensor:
        lower = upper = (torch.zeros(1, self.output.in_features), torch.zeros(1, self.output.in_features))
        rows = []
        for word in words_TE:
            lower = self.first(word[None], lower)
            upper = self.second(torch.cat([condition_C[None], lower[0]], 1), upper)
            rows.append(self.output(upper[0]))
        return torch.cat(rows)


def packed_logits(
    model: ConditionedDecoder, table: Tensor, condition: Tensor, words: Tensor = SENTENCES
) -> tuple[Tensor, PackedSentences]:
    sentences = pack_sentences(words, 0)
    distinct, which = sentences.words.unique(return_inverse=True)
    return model(table[distinct], which, condition, sentences), sentences


def test_packed_sentences_hold_each_word_and_the_one_after_it_once_and_no_padding() -> None:
    packed = pack_sentences(SENTENCES, 0)
    assert packed.going == (4, 3, 2, 1)
    assert packed.row.tolist() == [1, 3, 0, 2, 1, 3, 0, 1, 3, 1]
    assert packed.words.tolist() == [1, 1, 1, 1, 6, 3, 5, 5, 3, 3]
    assert packed.following.tolist() == [6, 3, 5, 2, 5, 3, 2, 3, 2, 2]
    sampled = pack_sentences(SENTENCES, 0, inputs_BT=SENTENCES + 10)
    assert sampled.words.tolist() == [word + 10 for word in packed.words.tolist()]
    assert sampled.following.tolist() == packed.following.tolist()
    assert pack_sentences(torch.tensor([[1], [1]]), 0).going == ()


def test_logits_and_gradients_equal_two_lstm_cells_that_read_the_condition_at_every_step() -> None:
    model = decoder()
    plain = PlainDecoder(model)
    table, condition = torch.randn(7, 4, requires_grad=True), torch.randn(4, 3, requires_grad=True)
    logits, packed = packed_logits(model, table, condition)
    weights = torch.randn(10, 7)
    inputs = (table, condition, model.words.weight, model.sentence.weight, model.from_words.weight)
    ours = torch.autograd.grad((logits * weights).sum(), inputs)

    steps = [step for step, count in enumerate(packed.going) for _ in range(count)]
    total = torch.zeros(())
    for row in range(4):
        expected = plain.logits(table[SENTENCES[row]], condition[row])
        for place in range(10):
            if packed.row[place] == row:
                torch.testing.assert_close(logits[place], expected[steps[place]])
                total = total + (expected[steps[place]] * weights[place]).sum()
    theirs = torch.autograd.grad(total, (table, condition, plain.first.weight_hh, plain.second.weight_hh,
                                         plain.second.weight_ih))  # fmt: skip
    torch.testing.assert_close(ours[0], theirs[0])
    torch.testing.assert_close(ours[1], theirs[1])
    for found, whole in zip(ours[2:], (theirs[2], theirs[3], theirs[4][:, 3:]), strict=True):
        enter, keep, candidate, show = whole.chunk(4)
        torch.testing.assert_close(found, torch.cat([candidate, enter, keep, show]))


def test_step_by_step_equals_teacher_forcing() -> None:
    model = decoder()
    table, condition = torch.randn(7, 4), torch.randn(4, 3)
    logits, packed = packed_logits(model, table, condition)
    whole = {(int(row), place): logits[place] for place, row in enumerate(packed.row)}
    state = model.start(4, table.device)
    place = 0
    for step, count in enumerate(packed.going):
        one, state = model.step(model.read_words(table)[SENTENCES[:, step]], model.read_condition(condition), state)
        for row in packed.row[place : place + count].tolist():
            torch.testing.assert_close(one[row], whole[row, place])
            place += 1


def test_the_rest_of_the_batch_changes_no_sentence() -> None:
    model = decoder()
    table, condition = torch.randn(7, 4), torch.randn(4, 3)
    logits, packed = packed_logits(model, table, condition)
    for row in range(4):
        alone, _ = packed_logits(model, table, condition[row : row + 1], SENTENCES[row : row + 1])
        torch.testing.assert_close(logits[packed.row == row], alone)


def test_products_under_autocast_are_bf16_and_nearly_the_same() -> None:
    model = decoder()
    table, condition = torch.randn(7, 4), torch.randn(4, 3)
    exact, _ = packed_logits(model, table, condition)
    with torch.autocast("cpu", torch.bfloat16):
        rounded, _ = packed_logits(model, table, condition)
    assert rounded.dtype == torch.bfloat16
    assert 0 < (rounded.float() - exact).abs().max() < 0.02
    rounded.sum().backward()
    assert model.words.weight.grad.dtype == torch.float32


def test_dropout_is_on_the_words_to_come_alone() -> None:
    model = decoder(dropout=1.0)
    logits, _ = packed_logits(model, torch.randn(7, 4), torch.randn(4, 3))
    torch.testing.assert_close(logits, model.output.bias.expand(10, -1))
