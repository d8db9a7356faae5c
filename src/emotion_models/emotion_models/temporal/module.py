# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""Training of the sequence models: one step of the optimiser for each segment of a batch."""

from collections.abc import Iterator, Sequence
from typing import Literal

import numpy as np
import torch
from lightning.pytorch import LightningDataModule
from torch import Tensor
from torch.optim import Optimizer

from emotion_models.data.clips import TARGETS, ClipBatch, ClipPart, FeatureList
from emotion_models.nn.optimisation import constant_then_linear, descend
from emotion_models.temporal.losses import SegmentLoss
from emotion_models.temporal.measures import set_scores
from emotion_models.temporal.networks import Sizes, make_network
from emotion_models.temporal.normalisation import Normalisation
from emotion_models.temporal.streaming import export_plan
from emotion_models.temporal.walk import Piece, predict, walk
from emotion_models.training.export import ExportPlan
from emotion_models.training.held_out import MeasuredModule

BETAS = (0.5, 0.999)
CLIP_NORM = 5.0


class TemporalModule(MeasuredModule):
    """
    Valence and arousal of each frame of a clip, from the features of it and its neighbours.

    A batch is a `ClipBatch` of whole clips. The rate is constant in the first epochs, then falls
    on a line; see `constant_then_linear`.

    Args:
        features: widths of the features in a row, by name, in order.
        network: `transformer`, `transformer_lstm`, `transformer_attention`, `fclstm_xl`, or
            `frame_head`, which sees one frame at a time.
        target: `both`, or the only one that is learned.
        segment: frames that are looked at together, or that gradients go back through.
        hidden: width of the encodings.
        layers: of the encoder.
        heads: of its attention.
        inner: width of its feed-forward layers.
        head: widths of the layers before the answer.
        dropout: between those; in the encoder it is always 0.1.
        residual: transformer_lstm: the projected features are added to what the encoder says.
        memory: transformer_attention: how earlier segments are looked at.
        frames_per_slot: transformer_attention: frames averaged into one slot of its memory.
        slots: transformer_attention: how many it keeps; -1 = all.
        normed_features: names of those that are normalised.
        normalisation: `trn`: by the statistics of the training frames. `batch`: of each clip.
        losses: weights by name: `batch_ccc`, `ccc`, `mse`, `mse_sum`, and those of one target,
            `batch_vccc`, `batch_accc`, `vccc`, `accc`, `vmse`, `amse`.
        learning_rate: of Adam, in the first epochs.
        constant_epochs: with this rate.
        decaying_epochs: in which it falls.
        delay_frames: how much later than a frame its valence and arousal are said, so that a
            causal model may look that far ahead.
        frozen: parts of the network that keep the weights they begin with, as `projection`.

    Raises:
        ValueError: for what no network can have, and for names that are not known.
    """

    rate_hz: Tensor

    def __init__(
        self,
        features: dict[str, int],
        network: str = 'fclstm_xl',
        target: Literal['both', 'valence', 'arousal'] = 'both',
        segment: int = 250,
        hidden: int = 256,
        layers: int = 4,
        heads: int = 4,
        inner: int = 1024,
        head: Sequence[int] = (256, 256),
        dropout: float = 0.3,
        residual: bool = False,
        memory: Literal['multihead', 'single', 'none'] = 'multihead',
        frames_per_slot: int = 10,
        slots: int = 100,
        normed_features: Sequence[str] = (),
        normalisation: Literal['trn', 'batch'] = 'trn',
        losses: dict[str, float] | None = None,
        learning_rate: float = 2e-5,
        constant_epochs: int = 10,
        decaying_epochs: int = 20,
        delay_frames: int = 0,
        frozen: Sequence[str] = (),
    ) -> None:
        super().__init__()
        self.save_hyperparameters()
        self.automatic_optimization = False
        self.features = FeatureList(features)
        self.targets = TARGETS if target == 'both' else (target,)
        sizes = Sizes(
            width=len(self.features),
            targets=len(self.targets),
            segment=segment,
            hidden=hidden,
            layers=layers,
            heads=heads,
            inner=inner,
            head=head,
            dropout=dropout,
            residual=residual,
            memory=memory,
            frames_per_slot=frames_per_slot,
            slots=slots,
        )
        self.network = make_network(network, sizes)
        self.normalisation = Normalisation(self.features, normed_features, normalisation)
        self.loss = SegmentLoss({'batch_ccc': 1.0} if losses is None else losses, self.targets)
        if delay_frames < 0:
            raise ValueError(f'delay_frames must be >= 0, got {delay_frames}')
        self.register_buffer('rate_hz', torch.zeros(()))
        self._freeze(frozen)
        self._heard: list[tuple[np.ndarray, np.ndarray]] = []

    @property
    def columns(self) -> list[int]:
        """Of the annotation, those that are learned."""
        return [TARGETS.index(name) for name in self.targets]

    def check_data(self, data: LightningDataModule) -> None:
        """
        Refuse data with other features than the model's.

        Raises:
            ValueError: naming both.
        """
        found = getattr(data.part('validation'), 'features', None)
        if found is None or dict(found.widths) != dict(self.features.widths):
            raise ValueError(
                f'the model is for the features {self.features}; the data has '
                f'{found or "no clips"}'
            )

    def setup(self, stage: str) -> None:
        """Look at the data; for a training take its statistics and its rate."""
        data = self.trainer.datamodule
        self.check_data(data)
        if stage == 'fit':
            self._check_alone()
            self.learn_statistics(data.part('training'))

    def learn_statistics(self, training: ClipPart) -> None:
        """Take what is known of the training frames alone."""
        self.normalisation.learn(training)
        self.rate_hz.fill_(training.rate_hz())

    def walk(self, batch: ClipBatch) -> Iterator[Piece]:
        """The segments of a batch, one after the other."""
        scaled = self.normalisation(batch.features, batch.lengths)
        return walk(self.network, scaled, batch.lengths)

    @torch.no_grad()
    def forward(self, features: Tensor, lengths: Tensor) -> Tensor:
        """
        Targets of whole clips, (B, L, targets), unbounded, 0 behind their ends.

        What is said with a delay stands at the frame that it is of; the last frames have what is
        said at the end.

        Args:
            features: float32 (B, L, width), as they are read.
            lengths: frames of each clip, int64 (B,).
        """
        said = predict(self.network, self.normalisation(features, lengths), lengths)
        delay = self.hparams['delay_frames']
        if not delay:
            return said
        places = torch.arange(said.shape[1], device=said.device).expand(said.shape[:2])
        when = torch.minimum(places + delay, lengths[:, None] - 1)
        found = said.gather(1, when[..., None].expand_as(said))
        return found * (places < lengths[:, None])[..., None]

    def training_step(self, batch: ClipBatch, batch_index: int) -> None:
        """One step of the optimiser for each segment with annotated frames."""
        optimizer, losses = self.optimizers(), []
        parts = list(self.network.children())
        affect, known = self._delayed(batch.affect[..., self.columns]), self._delayed(batch.valid)
        for rows, frames, _, outputs in self.walk(batch):
            valid = known[rows, frames]
            if valid.any():
                loss = self.loss(outputs, affect[rows, frames], valid)
                descend(self, optimizer, loss, CLIP_NORM, parts)
                losses.append(loss.detach())
        if losses:
            mean = torch.stack(losses).mean()
            self.log('train_loss', mean, prog_bar=True, batch_size=len(batch.names))

    def validation_step(self, batch: ClipBatch, batch_index: int) -> None:
        """Keep predictions and annotation."""
        self._hear(batch)

    def on_validation_epoch_end(self) -> None:
        """Log the scores of the whole part."""
        self._log_scores('val')
        super().on_validation_epoch_end()

    def test_step(self, batch: ClipBatch, batch_index: int) -> None:
        """As in validation."""
        self._hear(batch)

    def on_test_epoch_end(self) -> None:
        """As in validation."""
        self._log_scores('test')

    def on_train_epoch_start(self) -> None:
        """Set the rate: a function of the epoch, so nothing to resume."""
        share = constant_then_linear(
            self.current_epoch, self.hparams.constant_epochs, self.hparams.decaying_epochs
        )
        for group in self.optimizers().param_groups:
            group['lr'] = self.hparams.learning_rate * share

    def train(self, mode: bool = True) -> 'TemporalModule':
        """Frozen parts stay in evaluation mode, so that they say the same in training."""
        super().train(mode)
        for name in self.hparams.get('frozen', ()):
            getattr(self.network, name).eval()
        return self

    def configure_optimizers(self) -> Optimizer:
        """Adam over all that is not frozen."""
        trained = [weight for weight in self.parameters() if weight.requires_grad]
        return torch.optim.Adam(trained, self.hparams.learning_rate, BETAS)

    def export_plan(self) -> ExportPlan:
        """What `emotion-models export` writes: one step of a causal model, and its card."""
        return export_plan(self)

    def _check_alone(self) -> None:
        """Processes that step together must step equally often, and segments differ in number."""
        if self.trainer.world_size > 1:
            raise ValueError(
                f'sequence models are trained by one process, got {self.trainer.world_size}; give '
                '--trainer.devices 1'
            )

    def _freeze(self, frozen: Sequence[str]) -> None:
        parts = dict(self.network.named_children())
        for name in frozen:
            if name not in parts:
                raise ValueError(f'frozen names {name}; the network has {", ".join(parts)}')
            parts[name].requires_grad_(False)

    def _delayed(self, rows: Tensor) -> Tensor:
        """What is to be said in each frame: of clips (B, L, …), 0 where they have not begun."""
        later = rows.roll(self.hparams['delay_frames'], 1)
        later[:, : self.hparams['delay_frames']] = 0
        return later

    def _hear(self, batch: ClipBatch) -> None:
        outputs = self(batch.features, batch.lengths)
        affect = batch.affect[..., self.columns]
        pair = (part[batch.valid].float().cpu().numpy() for part in (outputs, affect))
        self._heard.append(tuple(pair))

    def _log_scores(self, part: str) -> None:
        outputs, affect = (np.concatenate(parts) for parts in zip(*self._heard, strict=True))
        self._heard.clear()
        metrics: dict[str, Tensor] = {}
        for column, name in enumerate(self.targets):
            scores = set_scores([outputs[:, column]], [affect[:, column]])
            metrics |= {f'{kind}_{name}': torch.tensor(value) for kind, value in scores.items()}
        mean = torch.stack([metrics[f'ccc_{name}'] for name in self.targets]).mean()
        self.log_part(part, {**metrics, 'ccc': mean, 'loss': 1 - mean})
