# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""How well a trained autoencoder reconstructs, interpolates and covers its data."""

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import torch

from emotion_models.acai.losses import mpjpe_mm
from emotion_models.acai.module import ImageAutoencoder, PoseAutoencoder
from emotion_models.acai.procedure import HELD_OUT_SEED, InterpolatingAutoencoder
from emotion_models.data.digits import Digits
from emotion_models.data.drawn_lines import line_bank
from emotion_models.data.poses import BONES
from emotion_models.latent.interpolation import interpolate
from emotion_models.metrics.codes import cluster_accuracy, probe_accuracy
from emotion_models.metrics.coverage import cover, decode_random_codes, mean_distance
from emotion_models.metrics.distances import bone_error, bone_lengths
from emotion_models.metrics.lines import LineBank, measure_lines
from emotion_models.metrics.transitions import measure_transitions
from emotion_models.nn.batches import in_batches
from emotion_models.training.loading import load_data, load_module

BATCH = 4096
MILLIMETRES = 1000.0
DIGITS = 10
SORTED = np.linspace(0, 1, 101)
"""Quantiles of the distances that are kept, for their plot in order."""
LINE_POINTS = 16
"""Of an interpolation in the line benchmark, as in the paper."""


@dataclass(frozen=True)
class Protocol:
    """
    How poses are measured. Pairs and targets are poses of the test part.

    Args:
        pairs: test poses that are interpolated with another one.
        points: poses of an interpolation for the Mean Distance, with both ends.
        intervals: steps of an interpolation for the smoothness.
        targets: test poses that are to be covered, and generated ones that are to be real.
        generated: decoded random codes that are to cover.
        turns: how often each pose that was trained on is augmented anew, for decoded random
            codes to be found among them: those are turned as the training was.
        distance: between poses, to the nearest one: `per_joint`, or `flat` as in the report;
            smoothness is always measured per joint.
        seed: of the pairs, targets and codes.
    """

    pairs: int = 1000
    points: int = 10
    intervals: int = 100
    targets: int = 2000
    generated: int = 20_000
    turns: int = 4
    distance: str = 'per_joint'
    seed: int = 0

    def __post_init__(self) -> None:
        """
        Refuse to measure nothing.

        Raises:
            ValueError: for a count below 1, or a seed below 0.
        """
        for name in ('pairs', 'points', 'intervals', 'targets', 'generated', 'turns'):
            check_count(name, getattr(self, name))
        if self.seed < 0:
            raise ValueError(f'seed must be >= 0, got {self.seed}')


def check_count(name: str, count: int) -> None:
    """
    Refuse a count of nothing.

    Raises:
        ValueError: if it is below 1.
    """
    if count < 1:
        raise ValueError(f'{name} must be a whole number >= 1, got {count}')


class Report(NamedTuple):
    """A row of figures, and the details behind them."""

    figures: dict[str, float]
    details: dict[str, Any]


def evaluate_checkpoint(
    checkpoint: str | Path, settings: Mapping[str, Any], poses: np.ndarray | None = None
) -> Report:
    """
    The metrics of an autoencoder of poses, lines or digits, on the data it was trained with.

    Args:
        checkpoint: of one of the autoencoders of this room.
        settings: of `Protocol`, to be other than its defaults.
        poses: to measure on instead of the test part, (N, 17, 3).

    Raises:
        ValueError: if there are settings or poses that its samples have no use for.
    """
    if isinstance(load_module(checkpoint), PoseAutoencoder):
        return evaluate_poses(checkpoint, Protocol(**settings), poses)
    if others := ', '.join(settings.keys() - {'pairs'}):
        raise ValueError(f'{checkpoint} is of images, for which only pairs are set, not {others}')
    if poses is not None:
        raise ValueError(f'{checkpoint} is of images; --data is for autoencoders of poses')
    if isinstance(load_data(checkpoint).data_set, Digits):
        if settings:
            raise ValueError(f'{checkpoint} is of digits, for which no pairs are set')
        return evaluate_digits(checkpoint)
    return evaluate_lines(checkpoint, line_bank(), **settings)


def evaluate_poses(
    checkpoint: str | Path, protocol: Protocol, poses: np.ndarray | None = None
) -> Report:
    """
    The metrics of an autoencoder of poses on the test part of the data it was trained with.

    All distances are to the nearest of the poses that were trained on, which no test pose is
    among. Decoded random codes are turned as the training was, so precision looks for them among
    poses that are augmented as in training, and recall looks among them for augmented test poses;
    `real_augmented` is the floor of both, `real` that of the Mean Distance. Only a sphere has
    random codes.

    Args:
        checkpoint: of a `PoseAutoencoder`.
        protocol: what is measured.
        poses: instead of the test part, (N, 17, 3) in metres, in the axes of the training data.

    Returns:
        `mpjpe_mm`, `critic_loss` (where there is a critic); mean, `_variance` and `_median` of
        `anci`, `ratio`, `mean_distance`, `straight_distance` (of straight lines between the
        joints of the same pairs), `real`, `precision`, `recall`, `real_augmented`; mean errors
        of the lengths of bones in mm: `bones_reconstructed`, `bones_interpolated` (against a
        mixture of the ends') and `bones_random` (against the mean of the training).
    """
    module = load_module(checkpoint, PoseAutoencoder)
    data = load_data(checkpoint)
    known = data.samples('training')
    tested = data.samples('test') if poses is None else poses
    generator = np.random.default_rng(protocol.seed)
    starts, goals = (_choose(tested, protocol.pairs, generator) for _ in range(2))
    targets = _choose(tested, protocol.targets, generator)

    smooth = measure_transitions(decoded_path(module, starts, goals, protocol.intervals + 1))
    path = decoded_path(module, starts, goals, protocol.points)
    straight = straight_path(starts, goals, protocol.points)
    reconstructed = _of_arrays(lambda samples: module(samples)[1])(tested)
    bones = {
        'bones_reconstructed': bone_error(reconstructed, bone_lengths(tested, BONES), BONES),
        'bones_interpolated': bone_error(path, _mixed_lengths(starts, goals, path), BONES),
    }
    covered = {
        'mean_distance': mean_distance(path, known, protocol.distance),
        'straight_distance': mean_distance(straight, known, protocol.distance),
        'real': cover(targets, known, protocol.distance),
    }
    if module.hparams.space == 'sphere':
        made = decode_random_codes(
            decoder_of(module), protocol.generated, module.hparams.latent, protocol.seed
        )
        turned = torch.Generator().manual_seed(protocol.seed)
        around = np.concatenate([augmented(module, known, turned) for _ in range(protocol.turns)])
        covered |= {
            'precision': cover(made[: protocol.targets], around, protocol.distance),
            'recall': cover(augmented(module, targets, turned), made, protocol.distance),
            'real_augmented': cover(augmented(module, targets, turned), around, protocol.distance),
        }
        usual = bone_lengths(known, BONES).mean(0)
        bones['bones_random'] = bone_error(made, usual, BONES)
    details = {
        'protocol': asdict(protocol),
        'transitions': {**smooth.report(), 'curve': smooth.curve.tolist()},
        'coverage': {name: coverage.report() for name, coverage in covered.items()},
        'sorted': {
            name: np.quantile(coverage.distances, SORTED).tolist()
            for name, coverage in covered.items()
        },
    }
    figures = {
        **_errors(module, tested),
        **_flat('anci', details['transitions']['anci']),
        **_flat('ratio', details['transitions']['ratio']),
    }
    for name, report in details['coverage'].items():
        figures |= _flat(name, report)
    return Report(figures | {name: MILLIMETRES * error for name, error in bones.items()}, details)


def straight_path(starts: np.ndarray, goals: np.ndarray, points: int) -> np.ndarray:
    """
    Straight lines between the joints: what interpolation costs without a model.

    Args:
        starts: poses, shape (B, J, C).
        goals: poses, same shape.
        points: of each line, both ends included.

    Returns:
        Shape (B, points, J, C).
    """
    shares = np.linspace(0, 1, points)[:, None, None]
    return (1 - shares) * starts[:, None] + shares * goals[:, None]


def augmented(
    module: PoseAutoencoder, poses: np.ndarray, generator: torch.Generator
) -> np.ndarray:
    """Poses turned and mirrored as the training did, float32 of the same shape."""
    return module.augmentation(torch.from_numpy(np.float32(poses)), generator).numpy()


def _mixed_lengths(starts: np.ndarray, goals: np.ndarray, path: np.ndarray) -> np.ndarray:
    shares = np.linspace(0, 1, path.shape[1])[:, None]
    first, last = (bone_lengths(ends, BONES)[:, None] for ends in (starts, goals))
    return (1 - shares) * first + shares * last


def evaluate_lines(
    checkpoint: str | Path, bank: LineBank, pairs: int = 256, seed: int = 0
) -> Report:
    """
    The two scores of the line benchmark, on pairs of held-out lines.

    Args:
        checkpoint: of an `ImageAutoencoder`.
        bank: lines at many angles.
        pairs: how many are interpolated.
        seed: of the pairs.

    Returns:
        `reconstruction_loss` (mean squared error of held-out lines), `mean_distance`,
        `smoothness`, and `undefined`, the pairs that have no smoothness.
    """
    check_count('pairs', pairs)
    module = load_module(checkpoint, ImageAutoencoder)
    held_out = load_data(checkpoint).samples('test')
    generator = np.random.default_rng(seed)
    starts, goals = (_choose(held_out, pairs, generator) for _ in range(2))
    path = decoded_path(module, starts, goals, LINE_POINTS)
    details = measure_lines(path[:, :, 0], bank)
    losses = _validation_losses(module, held_out)
    figures = {
        'reconstruction_loss': losses['reconstruction_loss'],
        'mean_distance': details['mean_distance']['mean'],
        'smoothness': details['smoothness']['mean'],
        'undefined': details['undefined'],
    }
    return Report(figures, details)


def evaluate_digits(checkpoint: str | Path) -> Report:
    """
    What the codes of test digits know of them.

    Args:
        checkpoint: of an `ImageAutoencoder` of `Digits`.

    Returns:
        `reconstruction_loss` (mean squared error of test images), and accuracies of a linear
        probe and of clusters, on codes (`probe`, `clusters`) and on pixels (`probe_pixels`,
        `clusters_pixels`).
    """
    module, data = load_module(checkpoint, ImageAutoencoder), load_data(checkpoint)
    parts = data.data_set.labelled(data.hparams.seed)
    known, tested = parts['training'], parts['test']
    figures = {
        'reconstruction_loss': _validation_losses(module, tested.images)['reconstruction_loss']
    }
    for suffix, encode in {'': _of_arrays(module.encode), '_pixels': np.asarray}.items():
        codes, others = (
            encode(part.images).reshape(len(part.images), -1) for part in (known, tested)
        )
        figures |= {
            f'probe{suffix}': probe_accuracy(codes, known.digits, others, tested.digits),
            f'clusters{suffix}': cluster_accuracy(codes, others, tested.digits, DIGITS, seed=0),
        }
    return Report(figures, {})


def decoded_path(
    module: InterpolatingAutoencoder, starts: np.ndarray, goals: np.ndarray, points: int
) -> np.ndarray:
    """
    What is decoded between the codes of two samples, both ends included.

    Args:
        module: trained, in evaluation mode.
        starts: samples, shape (B, …).
        goals: samples, same shape.
        points: of each interpolation.

    Returns:
        Shape (B, points, …).
    """
    encode = _of_arrays(module.encode)
    ends = [encode(samples) for samples in (starts, goals)]
    shape = ends[0].shape[1:]
    is_sphere = isinstance(module, PoseAutoencoder) and module.hparams.space == 'sphere'
    kind = 'spherical' if is_sphere else 'linear'
    first, last = (codes.reshape(len(codes), -1) for codes in ends)
    codes = interpolate(first, last, points, kind).points
    decoded = decoder_of(module)(codes.reshape(-1, *shape))
    return decoded.reshape(len(starts), points, *decoded.shape[1:])


def decoder_of(module: InterpolatingAutoencoder) -> Callable[[np.ndarray], np.ndarray]:
    """The decoder of a module, from codes to samples, both arrays of float32."""
    return _of_arrays(module.decode)


def _of_arrays(function: Callable) -> Callable[[np.ndarray], np.ndarray]:
    return lambda values: in_batches(
        function, torch.from_numpy(np.float32(values)), size=BATCH
    ).numpy()


def _choose(samples: np.ndarray, count: int, generator: np.random.Generator) -> np.ndarray:
    return samples[generator.integers(len(samples), size=count)]


def _errors(module: PoseAutoencoder, held_out: np.ndarray) -> dict[str, float]:
    reconstruct = _of_arrays(lambda poses: mpjpe_mm(module(poses)[1], poses))
    losses = _validation_losses(module, held_out)
    critic = {'critic_loss': losses['critic_loss']} if 'critic_loss' in losses else {}
    return {'mpjpe_mm': float(reconstruct(held_out).mean()), **critic}


def _validation_losses(module: InterpolatingAutoencoder, held_out: np.ndarray) -> dict[str, float]:
    shares = torch.Generator().manual_seed(HELD_OUT_SEED)
    with torch.no_grad():
        losses, critic_batch = module.autoencoder_losses(torch.from_numpy(held_out), shares)
        if critic_batch is not None:
            losses['critic_loss'] = module.critic_loss(critic_batch)
    return {name: float(value) for name, value in losses.items()}


def _flat(name: str, figures: dict[str, float]) -> dict[str, float]:
    return {
        name: figures['mean'],
        f'{name}_variance': figures['variance'],
        f'{name}_median': figures['median'],
    }
