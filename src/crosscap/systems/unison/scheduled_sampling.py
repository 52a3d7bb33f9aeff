"""Scheduled sampling (Bengio et al. 2015): a decoder in training reads some words that it said itself."""

from __future__ import annotations

import torch
from torch import Tensor

from crosscap.systems.unison.auto_encoder import GraphToSentence
from crosscap.text.vocabulary import BOS, PAD


def sampling_share(epoch: int, increase: float, every: int, most: float) -> float:
    """The share of words to draw in ``epoch`` (from 0): ``increase`` more after each ``every``, up to ``most``."""
    return min(most, increase * (epoch // every))


@torch.no_grad()
def sampled_inputs(side: GraphToSentence, z: Tensor, words_BT: Tensor, share: float) -> Tensor:
    """What the decoder is to read: ``words_BT``, in which each word but <bos> is replaced with probability ``share``.

    A word in its place is drawn from the decoder's distribution after what it has read so far, drawn words included.
    No gradient flows through a drawn word, so that they can all be drawn before the loss is computed.

    Args:
        z: pooled features [B, 3, D].
        words_BT: ids, <bos> first, then padding after <eos>.
    """
    decoder = side.decoder
    table = decoder.read_words(side.words(torch.arange(decoder.output.out_features, device=z.device)))
    condition = decoder.read_condition(side.triplet(z.flatten(1)))
    state = decoder.start(len(z), z.device)
    inputs = words_BT.clone()
    drawn_BT = (torch.rand(words_BT.shape, device=z.device) < share) & words_BT.ne(PAD)
    for step in range(words_BT.shape[1] - 2):  # nothing is read after the last word but one, which <eos> follows
        logits, state = decoder.step(table[inputs[:, step]], condition, state)
        logits[:, [PAD, BOS]] = float("-inf")  # nothing that stands within a sentence
        drawn = logits.float().softmax(dim=1).multinomial(1).squeeze(1)
        inputs[:, step + 1] = torch.where(drawn_BT[:, step + 1], drawn, words_BT[:, step + 1])
    return inputs
