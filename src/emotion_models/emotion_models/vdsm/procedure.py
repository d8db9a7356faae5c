# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""What the trainings of both phases have in common."""

import json
import math
from abc import ABC, abstractmethod
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Literal, NamedTuple

import torch
from lightning.pytorch import LightningDataModule
from torch import Tensor
from torch.optim import Adam, Optimizer

from emotion_models.data.video_clips import VideoBatch
from emotion_models.nn.optimisation import descend
from emotion_models.training.epoch_means import EpochMeans
from emotion_models.training.finite import TrainingDiverged
from emotion_models.training.held_out import MeasuredModule
from emotion_models.training.loading import noted_entry
from emotion_models.vdsm.frames import FrameModel, FrameSizes
from emotion_models.vdsm.objective import Estimate, Likelihood, Terms, Weights
from emotion_models.vdsm.phases import Objective
from emotion_models.vdsm.pictures import draw_progress
from emotion_models.vdsm.rollback import RollBack
from emotion_models.vdsm.schedules import Interpolation, pose_weights, ramp
from emotion_models.vdsm.settings import check_settings

HELD_OUT_SEED = 20_210
SPLIT_NAME = 'split.json'


class Codes(NamedTuple):
    """
    What is read of clips: the means of all codes.

    Args:
        static: of the clips, (N, K).
        dynamics: of their motions, (N, D); (N, 0) in the first phase.
        poses: of their frames, (N, T, Zd).
    """

    static: Tensor
    dynamics: Tensor
    poses: Tensor


class VideoModule(MeasuredModule, ABC):
    """
    A phase of the training of a model of videos; a batch is a `VideoBatch`.

    Args:
        sizes: of the networks of frames.
        window: frames of a clip that are looked at together.
        schedule_epochs: over which temperature and weights move; then they stay.
        temperature: of the blend of experts: first, last, and the divisor of its ramp.
        static_weight: of the divergence of the static code, likewise.
        dynamics_weight: of that of the motion, likewise; second phase.
        pose_weight: of that of the poses: in the first epoch, at two places, in the last.
        pose_weight_at: these places, as parts of the epochs.
        pose_weight_interpolation: quadratic, as published, which undershoots; pchip; linear.
        test_temperature: of the blend of experts where nothing is trained.
        likelihood: bernoulli, continuous_bernoulli or gaussian.
        kl: analytic, or mc: estimated from one draw.
        learning_rate: of Adam.
        clip_norm: greatest norm of the gradient; none = as it is.
        on_nan: what happens at a loss or gradient that is not finite: rollback to the beginning
            of the epoch with a smaller rate, or stop.
        nan_factor: of the learning rate at each return.
        nan_retries: how often at most.
        pictures_every: epochs between pictures in the run folder; 0 = none.

    Raises:
        ValueError: for sizes and schedules that there are not.
    """

    pieces = 1

    def __init__(
        self,
        sizes: FrameSizes,
        window: int = 16,
        schedule_epochs: int = 200,
        temperature: Sequence[float] = (1.0, 10.0, 2),
        static_weight: Sequence[float] = (0.1, 1.0, 3),
        dynamics_weight: Sequence[float] = (0.1, 0.6, 1),
        pose_weight: Sequence[float] = (30.0, 0.4, 0.4, 1.0),
        pose_weight_at: Sequence[float] = (0.5, 0.8),
        pose_weight_interpolation: Interpolation = 'quadratic',
        test_temperature: float = 10.0,
        likelihood: Likelihood = 'bernoulli',
        kl: Estimate = 'analytic',
        learning_rate: float = 1e-3,
        clip_norm: float | None = None,
        on_nan: Literal['rollback', 'stop'] = 'rollback',
        nan_factor: float = 0.8,
        nan_retries: int = 3,
        pictures_every: int = 10,
    ) -> None:
        super().__init__()
        self.epoch_means = EpochMeans()
        check_settings(
            window=window,
            schedule_epochs=schedule_epochs,
            temperature=temperature,
            static_weight=static_weight,
            dynamics_weight=dynamics_weight,
            pose_weight=pose_weight,
            test_temperature=test_temperature,
            clip_norm=clip_norm,
            nan_factor=nan_factor,
            nan_retries=nan_retries,
            pictures_every=pictures_every,
        )
        self.automatic_optimization = False
        self.sizes, self.window = sizes, window
        self.frame_model = FrameModel(sizes)
        self.objective = Objective(likelihood, kl)
        self.test_temperature = test_temperature
        curves = [_ramp(schedule_epochs, values) for values in (static_weight, dynamics_weight)]
        curves.append(
            pose_weights(
                schedule_epochs, pose_weight, pose_weight_at, pose_weight_interpolation
            ).tolist()
        )
        curves.append(_ramp(schedule_epochs, temperature))
        self.schedule = [Weights(*values) for values in zip(*curves, strict=True)]
        self.roll_back = RollBack(nan_factor, nan_retries if on_nan == 'rollback' else 0)
        self.learning_rate, self.clip_norm = learning_rate, clip_norm
        self.pictures_every = pictures_every

    @abstractmethod
    def terms(self, batch: VideoBatch, temperature: float) -> Terms:
        """The terms of clips; in training of windows that are drawn."""

    @abstractmethod
    def read(self, frames: Tensor) -> Codes:
        """The codes of clips (N, T, 3, side, side) in [0, 1]; nothing is drawn."""

    def predict(self, frames: Tensor) -> Codes | None:
        """Codes of the frames that are expected after single ones; none without a motion."""
        return None

    @torch.no_grad()
    def show(self, codes: Codes, temperature: float | None = None) -> Tensor:
        """
        Clips (N, T, 3, side, side) in [0, 1] of codes.

        Args:
            codes: of any clips, also put together.
            temperature: of the blend of experts; none = that for tests.
        """
        warmth = self.test_temperature if temperature is None else temperature
        return torch.sigmoid(self.frame_model.decode(codes.poses, codes.static, warmth))

    @property
    def weights(self) -> Weights:
        """Those of this epoch."""
        return self.schedule[min(self.current_epoch, len(self.schedule) - 1)]

    def check_data(self, data: LightningDataModule) -> None:
        """
        Refuse data that the model cannot be trained on.

        Raises:
            ValueError: naming what does not fit.
        """
        self.check_clips(data)
        if data.part('training').partners + 1 < self.pieces:
            raise ValueError(
                f'pieces is {self.pieces}; the data needs partners: {self.pieces - 1} or more'
            )

    def check_clips(self, data: LightningDataModule) -> None:
        """
        Refuse clips that the model is not for.

        Raises:
            ValueError: naming what does not fit.
        """
        part = data.part('training')
        if not hasattr(part, 'factors'):
            raise ValueError('the model is for clips of pictures; the data has none')
        side = part.clip(0).shape[1]
        if side != self.sizes.side:
            raise ValueError(
                f'the model is for frames of {self.sizes.side} pixels, the data has {side}; give '
                'side of model and data_set the same value'
            )
        shortest = min(part.least_frames() for part in _parts(data))
        if shortest < self.window:
            raise ValueError(
                f'window is {self.window} frames, the shortest clip has {shortest}; make it '
                'smaller, or leave such clips out'
            )

    def on_fit_start(self) -> None:
        """Store which clips are in which part."""
        if self.trainer.is_global_zero and not self.trainer.fast_dev_run:
            names = ('training', 'validation', 'test')
            parts = self.trainer.datamodule
            rows = {name: _rows(parts, name) for name in names}
            path = Path(self.trainer.default_root_dir) / SPLIT_NAME
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(json.dumps(rows) + '\n', encoding='utf-8')

    def training_step(self, batch: VideoBatch, batch_index: int) -> None:
        """One step, or one back."""
        optimizer = self.optimizers()
        if batch_index == 0 or not self.roll_back.is_ready:
            self.roll_back.keep(self, optimizer.optimizer)
        terms = self.terms(batch, self.weights.temperature)
        loss = self.weights.objective(terms).mean() / self.frames_seen
        try:
            descend(self, optimizer, loss, self.clip_norm)
        except TrainingDiverged as reason:
            self.roll_back.go_back(self, optimizer.optimizer, reason)
            return
        figures = {'loss': loss.detach(), **self._figures(terms)}
        self.epoch_means.add(self.current_epoch, figures, len(batch.row))

    @property
    def frames_seen(self) -> int:
        """Of a clip, in a step."""
        return self.window * self.pieces

    def on_train_epoch_end(self) -> None:
        """Log means and schedule, and draw pictures where they are due."""
        means = self.epoch_means.means()
        self.log_dict({f'train_{name}': mean for name, mean in means.items()}, sync_dist=True)
        named = {f'weight_{name}': value for name, value in self.weights._asdict().items()}
        self.log_dict({'temperature': named.pop('weight_temperature'), **named})
        done = self.current_epoch + 1
        is_due = self.pictures_every and done % self.pictures_every == 0
        is_last = done == self.trainer.max_epochs
        quiet = self.trainer.fast_dev_run or not self.trainer.is_global_zero
        if (is_due or (is_last and self.pictures_every)) and not quiet:
            draw_progress(self, Path(self.trainer.default_root_dir), done)

    def validation_step(self, batch: VideoBatch, batch_index: int) -> None:
        """Log all terms with the weight 1, of the same draws each time."""
        self._measure('val', batch, batch_index)

    def test_step(self, batch: VideoBatch, batch_index: int) -> None:
        """As in validation."""
        self._measure('test', batch, batch_index)

    def configure_optimizers(self) -> Optimizer:
        """Adam over all that is not frozen."""
        trained = [weight for weight in self.parameters() if weight.requires_grad]
        return Adam(trained, self.learning_rate)

    def on_save_checkpoint(self, checkpoint: dict[str, Any]) -> None:
        """Keep how often the training went back, and the means of an epoch that has begun."""
        super().on_save_checkpoint(checkpoint)
        checkpoint['epoch_means'] = self.epoch_means.state_dict()
        checkpoint['went_back'] = self.roll_back.done

    def on_load_checkpoint(self, checkpoint: dict[str, Any]) -> None:
        """Take them back."""
        super().on_load_checkpoint(checkpoint)
        self.epoch_means.load_state_dict(checkpoint.get('epoch_means', {}))
        self.roll_back.done = noted_entry(checkpoint, 'went_back', 'the checkpoint')

    def _measure(self, part: str, batch: VideoBatch, batch_index: int) -> None:
        with _drawing_from(HELD_OUT_SEED + batch_index):
            figures = self._figures(self.terms(batch, self.test_temperature))
        self.log_part(
            part, {**figures, 'loss': figures['negative_elbo']}, batch_size=len(batch.row)
        )

    def _figures(self, terms: Terms) -> dict[str, Tensor]:
        """The terms in nats for each frame, and what they are together."""
        named = {**terms._asdict(), 'negative_elbo': terms.negative_elbo}
        each = {name: term.detach().mean() / self.frames_seen for name, term in named.items()}
        bits = each['negative_elbo'] / (self.sizes.pixels * math.log(2))
        return {**each, 'bits_per_dimension': bits}


@contextmanager
def _drawing_from(seed: int) -> Iterator[None]:
    """A context with random numbers of its own."""
    with torch.random.fork_rng():
        torch.manual_seed(seed)
        yield


def _ramp(epochs: int, values: Sequence[float]) -> list[float]:
    start, end, divisor = values
    return ramp(epochs, start, end, int(divisor)).tolist()


def _parts(data: Any) -> Iterator[Any]:
    """All parts that are not empty."""
    for name in ('training', 'validation', 'test'):
        if _rows(data, name):
            yield data.part(name)


def _rows(data: Any, name: str) -> list[int]:
    try:
        return data.part(name).rows.tolist()
    except ValueError:  # a part that is empty
        return []
