# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""Features on a common scale; the statistics are kept with the weights."""

from collections.abc import Sequence

import torch
from torch import Tensor, nn

from emotion_models.data.clips import ClipPart, FeatureList

METHODS = ('trn', 'batch')


class Normalisation(nn.Module):
    """
    (x − mean) / std in the columns of some features; the others stay as they are.

    Args:
        features: what a row holds.
        normed: names of the features.
        method: `trn`: by the statistics over all training frames. `batch`: by those of each clip
            over time, which takes the whole clip.

    Raises:
        ValueError: for a feature or a method that is not there.
    """

    mean: Tensor
    std: Tensor
    columns: Tensor

    def __init__(self, features: FeatureList, normed: Sequence[str], method: str = 'trn') -> None:
        super().__init__()
        if method not in METHODS:
            raise ValueError(f'normalisation must be one of {", ".join(METHODS)}; got {method!r}')
        if unknown := [name for name in normed if name not in features.columns]:
            raise ValueError(f'normed_features names {", ".join(unknown)}; there are {features}')
        self.features, self.normed, self.method = features, tuple(normed), method
        columns = torch.zeros(len(features), dtype=torch.bool)
        for name in normed:
            columns[features.columns[name]] = True
        self.register_buffer('columns', columns, persistent=False)
        self.register_buffer('mean', torch.zeros(len(features)))
        self.register_buffer('std', torch.ones(len(features)))

    @property
    def looks_ahead(self) -> bool:
        """Whether it takes the whole clip."""
        return self.method == 'batch' and bool(self.normed)

    def learn(self, training: ClipPart) -> None:
        """Take the statistics of the training frames; a deviation of 0 counts as 1."""
        if self.method == 'batch':
            return
        for name in self.normed:
            mean, std = (torch.from_numpy(part) for part in training.statistics(name))
            self.mean[self.features.columns[name]] = mean.float()
            self.std[self.features.columns[name]] = torch.where(std > 0, std, 1).float()

    def forward(self, features: Tensor, lengths: Tensor | None = None) -> Tensor:
        """
        The features on the common scale.

        Args:
            features: shape (…, width); (B, L, width) for `batch`.
            lengths: frames of each clip, int64 (B,), needed for `batch`.
        """
        if not self.normed:
            return features
        if self.method == 'trn':
            return (features - self.mean) / self.std
        assert lengths is not None
        return torch.stack(
            [self._by_itself(*clip) for clip in zip(features, lengths, strict=True)]
        )

    def _by_itself(self, clip: Tensor, length: Tensor) -> Tensor:
        frames = clip[:length]
        std = frames.std(0, correction=0)
        scaled = (clip - frames.mean(0)) / torch.where(std > 0, std, 1)
        return torch.where(self.columns, scaled, clip)
