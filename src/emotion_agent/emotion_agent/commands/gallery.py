# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""
Every expression of the face as pictures.

    make gallery [DECODER=latent|parametric]

Writes every emotion at three strengths, three identities, for each expression a GIF of the changes
from it to all the others and back, GIFs of a face that rests, talks with two people and lives
through the day of the demo, and a GIF of faces that do each other's motions.
"""

from __future__ import annotations

if __name__ == '__main__':  # before the imports, of which one may fail
    from emotion_agent import programs

    raise SystemExit(programs.gallery())

import argparse
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from pathlib import Path

import cv2
import numpy as np

from emotion_agent.animation import AnimatorConfig, Decoder, FaceAnimator
from emotion_agent.animation.decoders import make_decoder
from emotion_agent.commands.face_courses import (
    EXPRESSIONS,
    RATE_HZ,
    FaceCourse,
    conversation,
    day,
    drawn_by,
    faults_of,
    feel,
    play,
    rest,
)
from emotion_models.data.face_clips import FaceClips, panel_field
from emotion_models.drawing import Identity, View
from emotion_models.drawing.face import to_one_bit
from emotion_models.drawing.fields import field_to_grey
from emotion_models.drawing.sheets import contact_sheet
from emotion_models.figures.gif import save_gif
from emotion_models.figures.tiles import MARGIN_PX, captioned, tile
from emotion_models.imaging.files import write_picture
from emotion_models.labels.emotions import EMOTIONS
from emotion_models.runtime.video_model import VideoModel, as_clip, as_network_input

STRENGTHS = (0.35, 0.65, 1.0)
COURSES: dict[str, Callable[[], FaceCourse]] = {
    'rest': partial(rest, 0.5),
    'conversation': conversation,
    'day': day,
}
_SHOWN = 0.8
_CHANGE_S = 3.0  # a sign comes after the pose, and the first loop after that
_GROUND = 70
_STRANGERS = 4
_CLIP_RATE_HZ, _CLIP_SEED = 8.0, 12
_LOOKING_AHEAD = AnimatorConfig.preset(glances=0.0, head_px=0.0, drift_px=0.0)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command and return an exit status."""
    parser = argparse.ArgumentParser(prog='gallery', description=__doc__.splitlines()[1])
    parser.add_argument('folder', type=Path, help='made if it is not there')
    parser.add_argument('decoder', nargs='?', choices=('latent', 'parametric'), default='latent')
    options = parser.parse_args(arguments)
    write_gallery(options.folder, options.decoder)
    return 0


def write_gallery(out: Path, decoder_name: str) -> None:
    """Write the pictures into a folder, made if it is not there."""

    def make(identity: Identity | None = None) -> Decoder:
        return make_decoder(decoder_name, identity=identity)

    out.mkdir(parents=True, exist_ok=True)
    for name, sheet in (
        ('strengths', strengths_sheet(make())),
        ('identities', identities_sheet(make)),
    ):
        write_picture(out / f'{name}.png', sheet)
    for start in EXPRESSIONS:
        save_gif(out / f'from_{start}.gif', transitions(make(), start), RATE_HZ)
    for name, course in COURSES.items():
        faults: Counter[str] = Counter()
        save_gif(out / f'{name}.gif', course_frames(make(), course(), faults), RATE_HZ)
        found = ', '.join(f'{count} {rule}' for rule, count in faults.items() if count)
        print(f'{name}.gif: faults of pixels: {found or "none"}')
    save_gif(out / 'who_and_what.gif', identities_and_actions(), _CLIP_RATE_HZ)


def single_emotion(name: str, strength: float = _SHOWN) -> np.ndarray:
    """The visibility of each emotion, (7,), where one alone shows; all 0 for `neutral`."""
    return np.array([strength * (name == other) for other in EMOTIONS])


def strengths_sheet(decoder: Decoder) -> np.ndarray:
    """Every emotion at three strengths, a row each."""
    return contact_sheet(
        [
            {
                f'{name} {strength:g}': _still(decoder, single_emotion(name, strength))
                for strength in STRENGTHS
            }
            for name in EMOTIONS
        ]
    )


def identities_sheet(make: Callable[[Identity], Decoder]) -> np.ndarray:
    """Three random identities, eight expressions of each."""
    generator = np.random.default_rng(3)
    decoders = [make(Identity.random(generator)) for _ in range(3)]
    return contact_sheet(
        [
            {name: _still(decoder, single_emotion(name)) for name in names}
            for decoder in decoders
            for names in (EXPRESSIONS[:4], EXPRESSIONS[4:])
        ]
    )


def transitions(decoder: Decoder, start: str) -> Iterator[np.ndarray]:
    """Frames of the changes from one expression to all eight and back, uint8 (H, W)."""
    animators = {
        goal: FaceAnimator(_LOOKING_AHEAD, seed, decoder) for seed, goal in enumerate(EXPRESSIONS)
    }
    for animator in animators.values():
        feel(start)(animator, -_CHANGE_S)
    for tick in range(-round(_CHANGE_S * RATE_HZ), round(2 * _CHANGE_S * RATE_HZ)):
        now_s = tick / RATE_HZ
        if now_s in (0.0, _CHANGE_S):
            for goal, animator in animators.items():
                feel(start if now_s else goal)(animator, now_s)
        pictures = [_frame(goal, animator, now_s) for goal, animator in animators.items()]
        if tick >= 0:
            yield tile(pictures, 4)


def course_frames(
    decoder: Decoder, course: FaceCourse, faults: Counter[str] | None = None
) -> Iterator[np.ndarray]:
    """
    Frames of one face to which something happens, uint8 (H, W).

    Args:
        decoder: of the face.
        course: what happens.
        faults: counts the faults of pixels of its pictures by their rules.
    """
    animator, last = FaceAnimator(seed=1, decoder=decoder), None
    for now_s in play(animator, course):
        picture = animator.frame(now_s)
        if faults is not None and picture is not last and picture.any():
            faults.update(faults_of(picture, drawn_by(decoder, *animator.pose(now_s))))
        last = picture
        yield _enlarged(picture)


def identities_and_actions(model: str | Path = 'vdsm_faces') -> Iterator[np.ndarray]:
    """
    Frames of faces, none of the training, that do the motions of the robot's own, uint8 (H, W).

    The top row are the clips that the motions are read from, the left column frames of those that
    the faces are read from; all else is generated from these two codes.
    """
    network = VideoModel(model)
    data = FaceClips(identities=1 + _STRANGERS, clips_each=1, side=network.side)
    videos = data.load_videos(_CLIP_SEED)
    codes = [network.read(as_network_input(clip)) for clip in videos.clips]
    clips_of = [np.flatnonzero(videos.labels[:, 0] == who) for who in range(1 + _STRANGERS)]
    acted = [codes[clip] for clip in clips_of[0]]
    poses = [network.move(seen.poses[0], seen.dynamics, data.frames) for seen in acted]
    rows = [[np.zeros_like(videos.clips[0]), *(videos.clips[int(clip)] for clip in clips_of[0])]]
    for clips in clips_of[1:]:
        face = np.mean([codes[clip].static for clip in clips], 0)
        given = np.repeat(videos.clips[clips[0]][:1], data.frames, 0)
        rows.append([given, *(as_clip(network.show(motion, face)) for motion in poses)])
    cells = [clip for row in rows for clip in row]
    for frame in range(data.frames):
        pictures = [_on_panel(clip[frame]) for clip in cells]
        yield tile(pictures, len(rows[0]), gap=MARGIN_PX, ground=_GROUND)


def _still(decoder: Decoder, visible: np.ndarray) -> np.ndarray:
    return decoder.decode(decoder.encode(visible), View())


def _frame(goal: str, animator: FaceAnimator, now_s: float) -> np.ndarray:
    # Letters without smoothing: with few greys most frames store only what changed.
    return captioned(
        animator.frame(now_s), goal, ground=_GROUND, caption_px=14, line_type=cv2.LINE_8
    )


def _enlarged(picture: np.ndarray) -> np.ndarray:
    return cv2.resize(picture, None, fx=2, fy=2, interpolation=cv2.INTER_NEAREST)


def _on_panel(frame: np.ndarray) -> np.ndarray:
    return to_one_bit(field_to_grey(panel_field(frame / 255)))
