"""Cross-modal feature mapping: a CycleGAN between pooled features of images and of text (UNISON section 3.4)."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Literal

import torch
from safetensors.torch import save_file
from torch import Tensor, nn
from torch.nn import functional

from crosscap.errors import InputError
from crosscap.io.artifacts import read_json, write_json
from crosscap.systems.unison.weights import load_weights

SLOPE = 0.2  # of LeakyReLU, as in CycleGAN and the released code; the paper gives none
TYPES = 3  # object, relation and attribute features, in the order of `auto_encoder.NODE_TYPES`


class PerType(nn.Module):
    """One Linear + LeakyReLU for each node type: features [B, 3, D] -> [B, 3, D].

    Args:
        spectral: divide each weight by its largest singular value (Miyato et al. 2018), one power iteration a step.
    """

    def __init__(self, size: int, bias: bool, spectral: bool = False) -> None:
        super().__init__()
        self.layers = nn.ModuleList(nn.Linear(size, size, bias=bias) for _ in range(TYPES))
        if spectral:
            for layer in self.layers:
                nn.utils.parametrizations.spectral_norm(layer)

    def forward(self, z: Tensor) -> Tensor:
        mapped = [layer(z[:, kind]) for kind, layer in enumerate(self.layers)]
        return functional.leaky_relu(torch.stack(mapped, dim=1), SLOPE)


@dataclass(frozen=True)
class MapperConfig:
    """All that is needed to build a mapper.

    Attributes:
        size: D of the features.
        start: how the generators begin, ``identity`` or ``random``.
        spectral_norm: of the discriminators' weights.
    """

    size: int
    start: str
    spectral_norm: bool = False


class CrossModalMapper(nn.Module):
    """Six generators (three types, two directions) and six discriminators.

    Generators have no bias, so the zero vector of a graph without relations or attributes stays zero. Discriminators
    give D logits a vector ("linear layer of dimension 1,000"); the loss averages over them.
    """

    def __init__(self, config: MapperConfig) -> None:
        super().__init__()
        self.config = config
        self.to_text = PerType(config.size, bias=False)
        self.to_image = PerType(config.size, bias=False)
        self.judge_text = PerType(config.size, bias=True, spectral=config.spectral_norm)
        self.judge_image = PerType(config.size, bias=True, spectral=config.spectral_norm)
        if config.start == "identity":
            # Pooled features are weighted sums of ReLU outputs, never negative: W = I is the identity on them.
            for layer in (*self.to_text.layers, *self.to_image.layers):
                nn.init.eye_(layer.weight)

    def forward(self, z: Tensor) -> Tensor:
        """Features of images [B, 3, D] -> features that the sentence decoder knows."""
        mapped: Tensor = self.to_text(z)
        return mapped

    def generators(self) -> list[nn.Parameter]:
        return [*self.to_text.parameters(), *self.to_image.parameters()]

    def discriminators(self) -> list[nn.Parameter]:
        return [*self.judge_text.parameters(), *self.judge_image.parameters()]

    def save(self, folder: str | Path) -> None:
        """Write ``config.json`` and ``model.safetensors`` into an existing folder."""
        write_json(Path(folder) / "config.json", asdict(self.config))
        save_file(self.state_dict(), Path(folder) / "model.safetensors")

    @classmethod
    def load(cls, folder: str | Path) -> CrossModalMapper:
        """Read what `save` wrote, in eval mode.

        Raises:
            InputError: a file is missing or does not fit.
        """
        folder = Path(folder)
        try:
            mapper = cls(MapperConfig(**read_json(folder / "config.json")))
        except (RuntimeError, TypeError) as error:  # no settings, or sizes that no tensor has
            raise InputError(folder / "config.json", str(error), "the settings of a cross-modal mapper") from None
        load_weights(mapper, folder / "model.safetensors")
        return mapper.eval()


class ImagePool:
    """The last made features, half the time shown to the discriminator instead of the newest (CycleGAN).

    Args:
        capacity: features kept; 0 shows always the newest.
    """

    def __init__(self, capacity: int) -> None:
        self.capacity = capacity
        self.kept = torch.empty(0)

    def query(self, fresh: Tensor) -> Tensor:
        """Store ``fresh`` [B, ...] and return as many features, each new or an older one it replaces."""
        if not self.capacity:
            return fresh
        shown = []
        for feature in fresh:
            if len(self.kept) < self.capacity:
                self.kept = torch.cat([self.kept.to(fresh), feature.unsqueeze(0)]) if len(self.kept) else feature[None]
                shown.append(feature)
            elif torch.rand(()) < 0.5:
                place = int(torch.randint(self.capacity, ()))
                shown.append(self.kept[place].clone())
                self.kept[place] = feature
            else:
                shown.append(feature)
        return torch.stack(shown)

    def state_dict(self) -> dict[str, Tensor]:
        return {"kept": self.kept}

    def load_state_dict(self, state: dict[str, Tensor]) -> None:
        self.kept = state["kept"]


def gan_loss(logits: Tensor, real: bool, kind: Literal["vanilla", "lsgan"]) -> Tensor:
    """Mean over all logits: binary cross-entropy (UNISON eq. 13) or least squares."""
    wanted = torch.full_like(logits, float(real))
    if kind == "vanilla":
        return functional.binary_cross_entropy_with_logits(logits, wanted)
    return functional.mse_loss(logits, wanted)
