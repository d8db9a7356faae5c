# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""The networks as they are exported: one folder each."""

from typing import TYPE_CHECKING, Any

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from emotion_models.training.export import ExportPlan
from emotion_models.vdsm.frames import SLOPE, FrameModel, positive
from emotion_models.vdsm.sequences import SequenceEncoder, Transition

if TYPE_CHECKING:
    from emotion_models.vdsm.module import FramesModule, SequenceModule
    from emotion_models.vdsm.procedure import VideoModule

ROWS = 3
"""Of the examples."""
RECURRENT_TOLERANCE = 1e-4
"""The LSTM of onnxruntime approximates its sigmoids, and errors add up over the frames."""


class FrameReader(nn.Module):
    """
    Frames to their poses and to their refined static codes, whose mean is that of the clip.

    Args:
        model: of frames.
    """

    def __init__(self, model: FrameModel) -> None:
        super().__init__()
        self.encoder, self.refinement = model.encoder, model.refinement

    def forward(self, frames: Tensor) -> tuple[Tensor, ...]:
        """Means and scales of the poses, then of the static codes."""
        codes = self.encoder(frames)
        static = self.refinement.mean(codes.static_mean)
        if self.refinement.is_leaky:
            static = F.leaky_relu(static, SLOPE)
        scale = positive(self.refinement.scale(codes.static_scale))
        return codes.pose_mean, codes.pose_scale, static, scale


class MotionReader(nn.Module):
    """
    Poses of clips to the code of their motion.

    Args:
        encoder: of sequences.
    """

    def __init__(self, encoder: SequenceEncoder) -> None:
        super().__init__()
        self.encoder = encoder

    def forward(self, poses: Tensor) -> tuple[Tensor, Tensor]:
        """Mean and scale."""
        motion, _ = self.encoder(poses)
        return motion.mean, motion.scale


class Step(nn.Module):
    """
    From one pose to the next.

    Args:
        transition: of poses.
    """

    def __init__(self, transition: Transition) -> None:
        super().__init__()
        self.transition = transition

    def forward(self, pose: Tensor, dynamics: Tensor) -> tuple[Tensor, Tensor]:
        """Mean and scale."""
        after = self.transition(pose, dynamics)
        return after.mean, after.scale


class ClipDecoder(nn.Module):
    """
    Poses of one clip to its frames: the experts are blended once.

    Args:
        model: of frames.
        temperature: of the blend.
    """

    def __init__(self, model: FrameModel, temperature: float) -> None:
        super().__init__()
        self.decoder, self.temperature = model.decoder, temperature

    def forward(self, poses: Tensor, static: Tensor) -> Tensor:
        """Frames in [0, 1]."""
        blend = torch.softmax(self.temperature * static, 0)
        maps = torch.cat([poses, blend.expand(poses.shape[0], -1)], 1)[..., None, None]
        layers = self.decoder.layers
        for place, layer in enumerate(layers):
            kernels, biases = self.decoder.kernels[place], self.decoder.biases[place]
            kernel = (blend @ kernels.flatten(1)).view(kernels.shape[1:])
            padding = 0 if layer.stride == 1 else 1
            maps = F.conv_transpose2d(maps, kernel, blend @ biases, layer.stride, padding)
            if place < len(layers) - 1:
                maps = F.leaky_relu(maps, SLOPE)
        return torch.sigmoid(maps)


def frame_plans(module: 'FramesModule') -> dict[str, ExportPlan]:
    """Encoder and decoder, by the names of their folders."""
    return {'encoder': _encoder(module), 'decoder': _decoder(module)}


def sequence_plans(module: 'SequenceModule') -> dict[str, ExportPlan]:
    """All four, by the names of their folders."""
    return {
        'encoder': _encoder(module),
        'sequence_encoder': _sequence_encoder(module),
        'transition': _transition(module),
        'decoder': _decoder(module),
    }


def _entry(name: str, *shape: Any, **more: Any) -> dict[str, Any]:
    return {'name': name, 'shape': list(shape), 'dtype': 'float32', **more}


def _card(module: 'VideoModule', description: str, inputs: list, outputs: list) -> dict[str, Any]:
    return {
        'description': description,
        'inputs': inputs,
        'outputs': outputs,
        'metrics': {'held_out': module.held_out},
    }


def _frames_entry(module: 'VideoModule', rows: str) -> dict[str, Any]:
    sizes = module.sizes
    unit = 'RGB brightness in [0, 1]'
    return _entry('frames', rows, sizes.channels, sizes.side, sizes.side, unit=unit)


def _encoder(module: 'VideoModule') -> ExportPlan:
    sizes = module.sizes
    codes = {'pose': sizes.pose, 'static': sizes.experts}
    outputs = [
        _entry(f'{name}{end}', 'N', width)
        for name, width in codes.items()
        for end in ('', '_scale')
    ]
    for entry in outputs[2:]:
        entry['unit'] = 'that of a clip is the mean over its frames'
    card = _card(
        module,
        'Pose and static code of frames, each with its standard deviation.',
        [_frames_entry(module, 'N')],
        outputs,
    )
    example = torch.rand(ROWS, sizes.channels, sizes.side, sizes.side)
    return ExportPlan(FrameReader(module.frame_model), example, card)


def _sequence_encoder(module: 'SequenceModule') -> ExportPlan:
    width = module.sequence_model.sizes.dynamics
    card = _card(
        module,
        'The code of the motion of clips, with its standard deviation.',
        [_entry('poses', 'N', 'T', module.sizes.pose, unit='as the encoder gives them')],
        [_entry('dynamics', 'N', width), _entry('dynamics_scale', 'N', width)],
    )
    example = torch.randn(ROWS, module.window, module.sizes.pose)
    network = MotionReader(module.sequence_model.encoder)
    return ExportPlan(network, example, card, RECURRENT_TOLERANCE)


def _transition(module: 'SequenceModule') -> ExportPlan:
    pose, dynamics = module.sizes.pose, module.sequence_model.sizes.dynamics
    card = _card(
        module,
        'The pose that follows a pose in a motion, with its standard deviation.',
        [_entry('pose', 'N', pose), _entry('dynamics', 'N', dynamics)],
        [_entry('next_pose', 'N', pose), _entry('next_pose_scale', 'N', pose)],
    )
    card['states'] = [{'input': 'pose', 'output': 'next_pose', 'begins_with': 0.0}]
    example = (torch.randn(ROWS, pose), torch.randn(ROWS, dynamics))
    return ExportPlan(Step(module.sequence_model.transition), example, card)


def _decoder(module: 'VideoModule') -> ExportPlan:
    sizes = module.sizes
    card = _card(
        module,
        'Frames of one clip, of the poses of its frames and its static code.',
        [_entry('poses', 'T', sizes.pose), _entry('static', sizes.experts)],
        [_frames_entry(module, 'T')],
    )
    card['temperature'] = module.test_temperature
    example = (torch.randn(ROWS, sizes.pose), torch.rand(sizes.experts) / sizes.experts)
    network = ClipDecoder(module.frame_model, module.test_temperature)
    return ExportPlan(network, example, card)
