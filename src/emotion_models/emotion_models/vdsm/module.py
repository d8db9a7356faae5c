# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""The two phases as they are trained: networks of frames, then those of sequences over them."""

import math
from typing import Any

import torch
from lightning.pytorch import LightningDataModule
from torch import Tensor

from emotion_models.data.video_clips import VideoBatch
from emotion_models.nn.gaussian import Gaussian
from emotion_models.training.export import ExportPlan
from emotion_models.vdsm import streaming
from emotion_models.vdsm.frames import (
    VARIANT,
    FrameCodes,
    FrameSizes,
    StaticActivation,
    variant_of,
)
from emotion_models.vdsm.objective import Terms, code_prior, standard_prior
from emotion_models.vdsm.phases import frame_terms, sequence_terms
from emotion_models.vdsm.procedure import Codes, VideoModule
from emotion_models.vdsm.sequences import Posterior, SequenceModel, SequenceSizes
from emotion_models.vdsm.settings import check_settings
from emotion_models.vdsm.windows import draw_windows, first_windows, mirror, take_frames


class FramesModule(VideoModule):
    """
    The first phase: frames with a code each, and one static code for all frames of a clip.

    Args:
        side: of the frames in pixels: 32, 64 or 128.
        pose: width of the pose code.
        experts: of the decoder, and width of the static code.
        base_width: channels of the decoder before its last layer; 64 as published.
        encoder_width: channels of the encoder's first layer; 32 as published.
        encoder_slope: of the encoder's rectifiers below 0.
        linear_trunk: the encoder's convolutions have no rectifier, as in the original's release.
        static_activation: of the refined static mean: leaky, or none.
        release_initialisation: the decoder begins as in the original's release.
        expert_spread: how far its experts are from their mean at first; 1 = they are independent.
        has_static: whether there is a static code; without, it is a plain autoencoder of frames.
        pieces: windows of different clips of the same identity that are joined.
        flip: share of clips that are mirrored in training.
        flip_each_frame: whether that is drawn for each frame by itself.
        training: further arguments of `VideoModule`.
    """

    def __init__(
        self,
        side: int = 64,
        pose: int = 30,
        experts: int = 15,
        base_width: int = 16,
        encoder_width: int = 32,
        encoder_slope: float = 0.2,
        linear_trunk: bool = False,
        static_activation: StaticActivation = 'leaky',
        release_initialisation: bool = False,
        expert_spread: float = 1.0,
        has_static: bool = True,
        pieces: int = 1,
        flip: float = 0.0,
        flip_each_frame: bool = False,
        **training: Any,
    ) -> None:
        check_settings(pieces=pieces, flip=flip)
        sizes = FrameSizes(
            *(side, pose, experts, base_width, encoder_width, encoder_slope, linear_trunk),
            static_activation=static_activation,
            release_initialisation=release_initialisation,
            expert_spread=expert_spread,
        )
        super().__init__(sizes, **training)
        self.save_hyperparameters()
        self.pieces, self.has_static = pieces, has_static
        self.frame_model.variant[-1] = has_static

    def terms(self, batch: VideoBatch, temperature: float) -> Terms:
        """Of windows."""
        choose = draw_windows if self.training else first_windows
        frames = take_frames(batch.frames, choose(batch.lengths, self.window, self.pieces))
        if self.training:
            frames = mirror(frames, self.hparams.flip, self.hparams.flip_each_frame)
        warmth = temperature if self.has_static else 0.0
        terms = frame_terms(self.frame_model, frames, warmth, self.objective)
        return terms if self.has_static else terms._replace(static=0 * terms.static)

    def training_step(self, batch: VideoBatch, batch_index: int) -> None:
        """One step, which is counted."""
        super().training_step(batch, batch_index)
        self.frame_model.steps += 1

    @torch.no_grad()
    def read(self, frames: Tensor) -> Codes:
        """The codes of clips; there is none of their motion."""
        codes = self.frame_model.encode(frames)
        static = self.frame_model.refinement(codes.static_mean, codes.static_scale).mean
        return Codes(static * self.has_static, static[:, :0], codes.pose_mean)

    def export_plans(self) -> dict[str, ExportPlan]:
        """What `emotion-models export` writes: encoder and decoder."""
        return streaming.frame_plans(self)


class SequenceModule(VideoModule):
    """
    The second phase: motions, over the networks of frames of a run of the first phase.

    Those are frozen, but for the refinement of the static code; the run begins with `init_from:
    {run: …, parts: [frame_model]}`. What the frozen encoder says of a clip is computed once.

    Args:
        side: of the frames, as in the first phase.
        pose: width of the pose code, likewise.
        experts: of the decoder, likewise.
        base_width: likewise.
        encoder_width: likewise.
        encoder_slope: likewise.
        linear_trunk: likewise.
        static_activation: likewise.
        dynamics: width of the code of the motion.
        hidden: width of the recurrent layers.
        layers: of them.
        dropout: between them.
        posterior: global: the poses of a clip are seen through the code of its motion alone.
            framewise: each through the encoder's state at its frame too.
        finetunes_refinement: whether the refinement of the static code is trained on.
        training: further arguments of `VideoModule`.
    """

    def __init__(
        self,
        side: int = 64,
        pose: int = 30,
        experts: int = 15,
        base_width: int = 16,
        encoder_width: int = 32,
        encoder_slope: float = 0.2,
        linear_trunk: bool = False,
        static_activation: StaticActivation = 'leaky',
        dynamics: int = 50,
        hidden: int = 512,
        layers: int = 3,
        dropout: float = 0.2,
        posterior: Posterior = 'global',
        finetunes_refinement: bool = True,
        **training: Any,
    ) -> None:
        sizes = FrameSizes(
            *(side, pose, experts, base_width, encoder_width, encoder_slope, linear_trunk),
            static_activation=static_activation,
        )
        super().__init__(sizes, **training)
        self.save_hyperparameters()
        self.sequence_model = SequenceModel(
            SequenceSizes(pose, dynamics, hidden, layers, dropout, posterior)
        )
        self.frame_model.encoder.requires_grad_(False)
        self.frame_model.decoder.requires_grad_(False)
        self.frame_model.refinement.requires_grad_(finetunes_refinement)
        self._seen: dict[int, FrameCodes] = {}

    def check_data(self, data: LightningDataModule) -> None:
        """As in the first phase; and clips stand alone."""
        super().check_data(data)
        if data.part('training').partners:
            raise ValueError('partners are for the first phase; leave them out')

    def check_weights(self) -> None:
        """
        Refuse to train over networks of frames that know nothing.

        Raises:
            ValueError: saying how they are given.
        """
        if not int(self.frame_model.steps):
            raise ValueError(
                'the networks of frames are untrained; a training of sequences begins with those '
                'of a first phase: --init_from.run runs/vdsm_encdec_… --init_from.parts '
                "'[frame_model]'"
            )
        found, expected = self.frame_model.variant.tolist(), variant_of(self.sizes)
        for name, ours, theirs in zip(VARIANT, expected, found, strict=True):
            if not math.isclose(ours, theirs, abs_tol=1e-6):
                raise ValueError(
                    f'{name} was {theirs:.6g} in the first phase and is {ours:.6g} here; the '
                    'second needs a first phase with a static code, and its settings'
                )

    def terms(self, batch: VideoBatch, temperature: float) -> Terms:
        """Of windows."""
        choose = draw_windows if self.training else first_windows
        places = choose(batch.lengths, self.window, 1)
        frames = take_frames(batch.frames, places)
        codes = self._codes(batch, places)
        return sequence_terms(
            self.frame_model, self.sequence_model, codes, frames, temperature, self.objective
        )

    @torch.no_grad()
    def read(self, frames: Tensor) -> Codes:
        """The codes of clips; the poses are those that follow from the motion."""
        codes = self.frame_model.encode(frames)
        static = self.frame_model.refinement(codes.static_mean, codes.static_scale).mean
        motion, states = self.sequence_model.encoder(codes.pose_mean)
        course = self.sequence_model.course(motion.mean, states)
        _, poses = self.sequence_model.posterior(course, draws=False)
        return Codes(static, motion.mean, poses)

    @torch.no_grad()
    def move(self, static: Tensor, dynamics: Tensor, frames: int) -> Codes:
        """
        Codes of clips with given static codes and motions.

        Args:
            static: shape (N, K).
            dynamics: shape (N, D).
            frames: of the clips.

        Raises:
            ValueError: if the poses are seen frame by frame, so that motions do not say them.
        """
        if self.hparams.posterior != 'global':
            raise ValueError('with posterior: framewise a motion is more than its code')
        states = dynamics.new_zeros(len(dynamics), frames, 0)
        course = self.sequence_model.course(dynamics, states)
        return Codes(static, dynamics, self.sequence_model.posterior(course, draws=False)[1])

    @torch.no_grad()
    def predict(self, frames: Tensor) -> Codes:
        """
        Codes of the frames that are expected after single ones, (N, 1, …).

        Args:
            frames: shape (N, 1, 3, side, side) in [0, 1].
        """
        codes = self.read(frames)
        expected = self.sequence_model.transition(codes.poses, codes.dynamics[:, None])
        return codes._replace(poses=expected.mean)

    @torch.no_grad()
    def sample(self, count: int, frames: int) -> Codes:
        """Codes of clips that are drawn from the priors."""
        widths = self.sizes.experts, self.sequence_model.sizes.dynamics, self.sizes.pose
        empty = [torch.zeros(count, width, device=self.device) for width in widths]
        static, dynamics = (code_prior(part).sample() for part in empty[:2])
        first: Gaussian = standard_prior(empty[2])
        poses = self.sequence_model.sample(first.sample(), dynamics, frames)
        return Codes(static, dynamics, poses)

    def train(self, mode: bool = True) -> 'SequenceModule':
        """The frozen networks stay in evaluation mode."""
        super().train(mode)
        self.frame_model.eval()
        return self

    def export_plans(self) -> dict[str, ExportPlan]:
        """What `emotion-models export` writes: four networks."""
        return streaming.sequence_plans(self)

    @torch.no_grad()
    def _codes(self, batch: VideoBatch, places: Tensor) -> FrameCodes:
        """What the frozen encoder says, of each clip alone, so that it is always the same."""
        for row, clip, length in zip(
            batch.row.tolist(), batch.frames, batch.lengths.sum(1).tolist(), strict=True
        ):
            if row not in self._seen:
                every = torch.arange(length, device=clip.device)[None]
                whole = self.frame_model.encode(take_frames(clip[None], every))
                self._seen[row] = FrameCodes(*(part[0] for part in whole))
        known = [self._seen[row] for row in batch.row.tolist()]
        return FrameCodes(
            *(
                torch.stack([part[where] for part, where in zip(parts, places, strict=True)])
                for parts in zip(*known, strict=True)
            )
        )
