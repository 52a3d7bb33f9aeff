from __future__ import annotations

import torch

from crosscap.nn.decoder import ConditionedDecoder


def decoder() -> ConditionedDecoder:
    torch.manual_seed(0)
    return ConditionedDecoder(word_size=4, condition_size=3, size=5, vocabulary=7, dropout=0.5).eval()


def test_it_equals_two_lstm_cells_where_the_second_reads_the_condition_at_every_step() -> None:
    model = decoder()
    words, condition = torch.randn(2, 6, 4), torch.randn(2, 3)
    first, second = torch.nn.LSTMCell(4, 5), torch.nn.LSTMCell(8, 5)
    for cell, layer in ((first, model.words), (second, model.sentence)):
        cell.load_state_dict({name.removesuffix("_l0"): value for name, value in layer.state_dict().items()})
    lower = upper = (torch.zeros(2, 5), torch.zeros(2, 5))
    expected = []
    for t in range(6):
        lower = first(words[:, t], lower)
        upper = second(torch.cat([condition, lower[0]], 1), upper)
        expected.append(model.output(upper[0]))
    logits, state = model(words, condition, model.start(2, words.device))
    torch.testing.assert_close(logits, torch.stack(expected, 1))
    torch.testing.assert_close(torch.stack(state), torch.stack([*lower, *upper]))


def test_step_by_step_equals_teacher_forcing() -> None:
    model = decoder()
    words, condition = torch.randn(2, 4, 4), torch.randn(2, 3)
    whole, _ = model(words, condition, model.start(2, words.device))
    state = model.start(2, words.device)
    for t in range(4):
        one, state = model(words[:, t : t + 1], condition, state)
        torch.testing.assert_close(one[:, 0], whole[:, t])


def test_padding_after_a_sentence_changes_nothing_before_it() -> None:
    model = decoder()
    words, condition = torch.randn(1, 3, 4), torch.randn(1, 3)
    padded = torch.cat([words, torch.zeros(1, 5, 4)], 1)
    start = model.start(1, words.device)
    torch.testing.assert_close(model(padded, condition, start)[0][:, :3], model(words, condition, start)[0])
