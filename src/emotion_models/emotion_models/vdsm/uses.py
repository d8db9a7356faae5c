# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""What one does with a trained model of videos: show, exchange, sample, encode, perform."""

from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import NamedTuple

import numpy as np
import torch
from torch import Tensor

from emotion_models.data.data_module import DataModule
from emotion_models.data.face_clips import FaceClips, panel_field
from emotion_models.data.video_clips import ACTION, VideoPart
from emotion_models.drawing.face import to_one_bit
from emotion_models.drawing.fields import field_to_grey
from emotion_models.figures.gif import save_gif
from emotion_models.latent.routes import Route
from emotion_models.training.loading import data_of_experiment, load_data, load_module
from emotion_models.vdsm.judge import real_clips
from emotion_models.vdsm.module import SequenceModule
from emotion_models.vdsm.pictures import (
    animation,
    as_pictures,
    clips_at,
    exchange_grid,
    save_picture,
    side_by_side,
    some_clips,
    swap_all,
)
from emotion_models.vdsm.procedure import Codes, VideoModule

MOST_CLIPS = 32
"""In a row; its square is drawn together."""
STEPS = 5
"""Clips from one end of an interpolation to the other."""


class Scene(NamedTuple):
    """
    A model and the clips that it is used on.

    Args:
        module: of either phase.
        part: of its data.
        data: whose part it is.
        folder: for what is written.
        most: clips in a row.
        seed: of what is drawn.
    """

    module: VideoModule
    part: VideoPart
    data: DataModule
    folder: Path
    most: int
    seed: int

    def clips(self) -> Tensor:
        """Some clips, evenly spread."""
        return some_clips(self.part, self.most, self.module.window)

    def clips_at(self, places: Iterable[int]) -> Tensor:
        """The clips at these places."""
        return clips_at(self.part, places, self.module.window)

    def save(self, name: str, clips: np.ndarray, columns: int) -> Path:
        """An animation of clips side by side."""
        path = self.folder / f'{name}.gif'
        save_gif(path, animation(clips, columns), self.part.rate_hz)
        return path

    def save_still(self, name: str, picture: np.ndarray) -> Path:
        """A picture."""
        path = self.folder / f'{name}.png'
        save_picture(path, picture)
        return path


def open_scene(
    checkpoint: Path, folder: Path, experiment: Path | None, count: int, seed: int
) -> Scene:
    """
    Load a model and its data.

    Args:
        checkpoint: of either phase.
        folder: made if it is not there.
        experiment: whose data is used; none = that of the checkpoint.
        count: clips in a picture.
        seed: of what is drawn.

    Raises:
        FileNotFoundError: if something is not there.
        ValueError: if the checkpoint is none of a model of videos, or the data does not fit.
    """
    if not 1 <= count <= MOST_CLIPS:
        raise ValueError(f'--count must be 1 to {MOST_CLIPS}, got {count}')
    module = load_module(checkpoint, VideoModule)
    data = data_of_experiment(experiment) if experiment else load_data(checkpoint)
    module.check_clips(data)
    folder.mkdir(parents=True, exist_ok=True)
    return Scene(module, data.part('test'), data, folder, count, seed)


def reconstruct(scene: Scene) -> list[Path]:
    """`reconstructed.png`: rows of frames, each clip above what becomes of it; and a GIF."""
    frames = scene.clips()
    real, made = as_pictures(frames), as_pictures(scene.module.show(scene.module.read(frames)))
    both = np.concatenate([real, made])
    return [
        scene.save_still('reconstructed', side_by_side(real, made)),
        scene.save('reconstructed', both, len(real)),
    ]


def swap_identity(scene: Scene) -> list[Path]:
    """`swap_identity`: clips in whose row i is the motion of clip i, in column j identity j."""
    frames = scene.clips()
    real = as_pictures(frames)
    swapped = as_pictures(scene.module.show(swap_all(scene.module.read(frames))))
    grid = exchange_grid(real[:, 0], swapped[:, 0])
    return [
        scene.save_still('swap_identity', grid),
        scene.save('swap_identity', swapped, len(real)),
    ]


def swap_action(scene: Scene) -> list[Path]:
    """`swap_action.gif`: a wall with an identity in each row and an action in each column."""
    labels = scene.part.labels()
    rows, columns = _one_each(labels[:, 0], scene.most), _one_each(labels[:, 1], scene.most)
    whole, moving = (scene.module.read(scene.clips_at(places)) for places in (rows, columns))
    who = torch.arange(len(rows)).repeat_interleave(len(columns))
    what = torch.arange(len(columns)).repeat(len(rows))
    codes = Codes(whole.static[who], moving.dynamics[what], moving.poses[what])
    return [scene.save('swap_action', as_pictures(scene.module.show(codes)), len(columns))]


def sample(scene: Scene) -> list[Path]:
    """`sampled_T.gif`: clips that are drawn from the priors, at three temperatures T."""
    module = _of_sequences(scene.module)
    with torch.random.fork_rng():
        torch.manual_seed(scene.seed)
        codes = module.sample(scene.most**2, module.window)
    paths = []
    for warmth in (1.0, module.test_temperature, 3 * module.test_temperature):
        clips = as_pictures(module.show(codes, warmth))
        paths.append(scene.save(f'sampled_{warmth:g}', clips, scene.most))
    return paths


def interpolate(scene: Scene) -> list[Path]:
    """`between_actions.gif` at one identity, `between_identities.gif` with one action."""
    module = _of_sequences(scene.module)
    labels = scene.part.labels()
    actions, identities = _one_each(labels[:, 1], 2), _one_each(labels[:, 0], 2)
    moving, whole = (module.read(scene.clips_at(places)) for places in (actions, identities))
    motions, codes = _between(moving.dynamics), _between(whole.static)
    rows = len(motions)
    acted = module.move(whole.static[:1].expand(rows, -1), motions, module.window)
    changed = module.move(codes, moving.dynamics[:1].expand(rows, -1), module.window)
    return [
        scene.save(name, as_pictures(module.show(found)), rows)
        for name, found in (('between_actions', acted), ('between_identities', changed))
    ]


def encode(scene: Scene) -> list[Path]:
    """One .npz each for codes, labels, clips and what becomes of them, for others' classifiers."""
    frames, labels = real_clips(scene.part, scene.module.window, len(scene.part))
    codes = scene.module.read(frames)
    arrays: dict[str, np.ndarray] = {
        'id': codes.static.numpy(),
        'dynamics': codes.dynamics.numpy(),
        'poses': codes.poses.numpy(),
        'labels': labels,
        'test_images': as_pictures(frames),
        'recon_images': as_pictures(scene.module.show(codes)),
    }
    if isinstance(scene.module, SequenceModule):
        with torch.random.fork_rng():
            torch.manual_seed(scene.seed)
            drawn = scene.module.sample(len(frames), scene.module.window)
        arrays['sampled_images'] = as_pictures(scene.module.show(drawn))
    for name, array in arrays.items():
        np.savez_compressed(scene.folder / f'{name}.npz', array)
    return [scene.folder / f'{name}.npz' for name in arrays]


def perform(scene: Scene) -> list[Path]:
    """
    `performed_ACTION.gif`: the robot's own drawn face in the motion of each action, as the panel
    shows it.

    Raises:
        ValueError: if the data is no clips of drawn faces.
    """
    if not isinstance(scene.data.data_set, FaceClips):
        raise ValueError('perform needs a model of drawn faces (vdsm_sequence_faces.yaml)')
    module = _of_sequences(scene.module)
    part = scene.data.part('training')
    own = np.flatnonzero(part.labels()[:, 0] == 0)
    if not len(own):
        raise ValueError("the robot's own face, identity 0, is not among the clips of training")
    static = module.read(scene._replace(part=part).clips_at(own)).static.mean(0, keepdim=True)
    labels = scene.part.labels()
    paths = []
    for place in _one_each(labels[:, 1], part.factors[ACTION]):
        motion = module.read(scene.clips_at([place])).dynamics
        clip = module.show(module.move(static, motion, module.window))[0]
        panel = [
            to_one_bit(field_to_grey(panel_field(frame)))
            for frame in clip.permute(0, 2, 3, 1).numpy()
        ]
        path = scene.folder / f'performed_{labels[place, 1]}.gif'
        save_gif(path, panel, scene.part.rate_hz)
        paths.append(path)
    return paths


VERBS: Mapping[str, Callable[[Scene], list[Path]]] = {
    'reconstruct': reconstruct,
    'sample': sample,
    'swap-identity': swap_identity,
    'swap-action': swap_action,
    'interpolate': interpolate,
    'encode': encode,
    'perform': perform,
}


def _of_sequences(module: VideoModule) -> SequenceModule:
    if not isinstance(module, SequenceModule):
        raise ValueError(
            'the checkpoint is of the first phase, which knows no motions; give one of the second'
        )
    return module


def _one_each(values: np.ndarray, most: int) -> list[int]:
    """The place of the first clip of each of the first values."""
    return [int(np.flatnonzero(values == value)[0]) for value in np.unique(values)[:most]]


def _between(codes: Tensor) -> Tensor:
    """Evenly from the first code to the last, (STEPS, D)."""
    route = Route(codes[0].numpy(), codes[-1].numpy())
    points = np.stack([route.at(share) for share in np.linspace(0, 1, STEPS)])
    return torch.from_numpy(points.astype(np.float32))
