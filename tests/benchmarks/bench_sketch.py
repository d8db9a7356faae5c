# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""
What a drawing of the face costs, computed, with Pillow, and by the learned face.

    ./run python tests/benchmarks/bench_sketch.py
"""

import itertools
import time

import numpy as np
from PIL import Image, ImageDraw

from emotion_agent.animation import AnimatorConfig, FaceAnimator
from emotion_models.drawing import (
    HEIGHT,
    WIDTH,
    Identity,
    ParametricFace,
    View,
    blend_action_units,
    sample,
)
from emotion_models.drawing.action_units import ActionUnits
from emotion_models.drawing.geometry import brow_outline, eye_curves, marks, mouth_curves, teeth
from emotion_models.labels.emotions import EMOTIONS, emotion_vad
from emotion_models.runtime.affect import AffectModel
from emotion_models.runtime.artefact import load_artefact
from emotion_models.runtime.drawing_encoder import DrawingEncoder
from emotion_models.runtime.latent_decoder import LatentDecoder
from emotion_models.runtime.parametric_decoder import ParametricDecoder
from emotion_models.runtime.photo_encoder import PhotoEncoder

SUPERSAMPLING = 4


def best_ms(function, repeats=30, calls=20):
    """Least mean time of a call over the repeats, so that a busy machine disturbs little."""
    times = []
    for _ in range(repeats):
        start = time.perf_counter()
        for _ in range(calls):
            function()
        times.append((time.perf_counter() - start) / calls)
    return 1e3 * min(times)


def draw_with_pillow(action_units):
    """The lines of the parametric face through Pillow, the drawing library of luma."""
    units, identity, view = ActionUnits(*action_units.tolist()), Identity.default(), View()
    canvas = Image.new('L', (WIDTH * SUPERSAMPLING, HEIGHT * SUPERSAMPLING))
    pen = ImageDraw.Draw(canvas)

    def at(points):
        return ((points + np.array([WIDTH, HEIGHT]) / 2) * SUPERSAMPLING).ravel().tolist()

    def line(points):
        pen.line(at(points), 255, width=2 * SUPERSAMPLING, joint='curve')

    for side in (-1, 1):
        eye = eye_curves(units, identity, view, side)
        pen.polygon(at(eye.pupil), 255)
        line(eye.upper_lid)
        line(eye.lower_lid)
        pen.polygon(at(brow_outline(units, identity, side)), 255)
    mouth = mouth_curves(units, identity)
    row = teeth(mouth, units)
    if row is not None:
        pen.polygon(at(row), 255)
    line(mouth.upper_lip)
    line(mouth.lower_lip)
    for mark in marks(units, identity, mouth):
        line(mark)
    return np.asarray(canvas.resize((WIDTH, HEIGHT), Image.Resampling.BOX))


def animate(decoder, seconds):
    """Milliseconds per frame and flips per frame of an animated face that keeps changing."""
    animator, pictures = FaceAnimator(AnimatorConfig(), seed=0, decoder=decoder), []
    start = time.perf_counter()
    for tick in range(25 * seconds):
        now_s = tick / 25.0
        if tick % 50 == 0:
            name = EMOTIONS[tick // 50 % len(EMOTIONS)]
            visible = 0.8 * np.array([emotion == name for emotion in EMOTIONS])
            animator.set_emotion(visible, float(emotion_vad(visible)[1]), 0.8, name, now_s)
        pictures.append(animator.frame(now_s))
    spent = time.perf_counter() - start
    flips = [int((a != b).sum()) for a, b in itertools.pairwise(pictures)]
    return 1e3 * spent / len(pictures), float(np.mean(flips))


def print_encoders():
    """Milliseconds and megabytes of the ways into the space, beside the affect network."""
    encoder, affect = PhotoEncoder(), AffectModel('affect')
    crop = np.random.default_rng(0).integers(0, 256, (encoder.size_px,) * 2, np.uint8)
    photo, read = best_ms(lambda: encoder([crop])), best_ms(lambda: affect([crop]))
    drawing, picture = DrawingEncoder(), np.zeros((HEIGHT, WIDTH), np.uint8)
    print(
        f'photograph:  {photo:.3f} ms, {photo / read:.1f} times the affect network '
        f'({read:.3f} ms); drawing {best_ms(lambda: drawing(picture)):.3f} ms'
    )
    sizes = [
        f'{name} {load_artefact(name).model_path.stat().st_size / 1e6:.2f} MB'
        for name in ('sketch', 'sketch/encoder', 'photo_face')
    ]
    print(f'files:       {", ".join(sizes)}')


def main():
    """Print the figures."""
    units, face = blend_action_units(0.8 * np.eye(7)[EMOTIONS.index('joy')]), ParametricFace()
    ours = best_ms(lambda: face.render(units))
    pillow = best_ms(lambda: draw_with_pillow(units))
    print(
        f'render:      {ours:.3f} ms, with Pillow {pillow:.3f} ms, {pillow / ours:.1f} times ours'
    )
    learned = LatentDecoder()
    point = learned.encode(0.8 * np.eye(7)[EMOTIONS.index('joy')])
    decoded = best_ms(lambda: learned.decode(point, View()))
    zoomed = best_ms(lambda: learned.decode(point, View(zoom=1.2)))
    print(
        f'learned:     {decoded:.3f} ms, zoomed {zoomed:.3f} ms, '
        f'{decoded / ours:.1f} times the computed face, one thread'
    )
    print_encoders()
    indices = itertools.count()
    drawn = best_ms(lambda: sample(0, next(indices)))
    with_field = best_ms(lambda: sample(0, next(indices), with_field=True))
    print(
        f'samples:     {1e3 / drawn:.0f} per second, picture and labels; '
        f'{1e3 / with_field:.0f} with the distance field'
    )
    for name, decoder in (('computed', ParametricDecoder()), ('learned', learned)):
        frame_ms, flips = animate(decoder, seconds=56)
        print(
            f'{name + " moves:":<16} {frame_ms:.3f} ms per frame at 25 Hz, '
            f'{flips:.0f} pixels change per frame'
        )


if __name__ == '__main__':
    main()
