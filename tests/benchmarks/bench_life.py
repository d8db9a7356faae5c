# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""
What a living face costs, how often it blinks and looks elsewhere, and faults of its pixels.

    ./run python tests/benchmarks/bench_life.py [--minutes N] [--json FILE]
        [--faces FACE…] [--presets PRESET…]

The day of the demo, N minutes of rest awake and N random minutes (3 each), by every preset and
either face. Bytes are those that the driver sends over I2C: the mean of a tick, the mean of the
costliest minute, and the costliest frame; the time is that of the processor, mean and 99th
percentile of a frame. Faults are counted in every picture.
"""

import argparse
import json
import time
from collections import Counter
from dataclasses import replace
from pathlib import Path

import numpy as np
from luma.core.interface.serial import noop

from emotion_agent.animation import AnimatorConfig, FaceAnimator
from emotion_agent.animation.config import PRESETS
from emotion_agent.animation.decoders import make_decoder
from emotion_agent.commands.face_courses import (
    EXPRESSIONS,
    RATE_HZ,
    day,
    drawn_by,
    eventful,
    faults_of,
    play,
    rest,
    there_and_back,
)
from emotion_models.drawing import (
    ActionUnits,
    View,
    blend_action_units,
    to_one_bit,
)
from emotion_models.drawing.geometry import PARALLAX_PX, brow_outline, mouth_curves
from emotion_models.drawing.hygiene import Drawn, count_faults, highlight_mask, mirror_difference
from oled_face import PanelDriver

TRAVEL_PX = 3.0 * PARALLAX_PX
GLANCE_PX = 2.0
MINUTE = round(60 * RATE_HZ)
SHUT = 0.4  # a blink begins where the lids are farther down than this
DECODERS = ('latent', 'parametric')
STILL = {'anticipation': 0.0, 'exchange': 0.0} | dict.fromkeys(
    (
        *('blink_rate', 'glances', 'head_px', 'breath_px', 'drift_px', 'laughter', 'tears'),
        *('trembling', 'heartbeat', 'scowling', 'smirking', 'sighing', 'dozing'),
    ),
    0.0,
)
STRENGTHS = (0.35, 0.65, 1.0)


def starts(flags):
    """Where flags go on."""
    return np.flatnonzero(np.diff(np.concatenate([[0], np.asarray(flags, int)])) > 0)


def glance_starts(views):
    """Where pupils begin to move by at least 2 px within 4 frames."""
    at = np.array([(view.gaze_x, view.gaze_y) for view in views]) * TRAVEL_PX
    moved = np.hypot(*(at[4:] - at[:-4]).T) >= GLANCE_PX
    return starts(moved)


def worst_minute(sent):
    """The greatest mean of a tick over a minute, or over all where it is shorter."""
    sums = np.convolve(sent, np.ones(min(MINUTE, len(sent))), 'valid')
    return float(sums.max()) / min(MINUTE, len(sent))


def measure(course, config, decoder):
    """Figures of one course by their names."""
    animator = FaceAnimator(config, seed=1, decoder=decoder)
    panel = PanelDriver(noop(), refresh_s=0.0)
    took, sent, views, faults, last, pictures = [], [], [], Counter(), None, 0
    for now_s in play(animator, course):
        begin = time.process_time()  # of this process alone, however busy the machine is
        picture = animator.frame(now_s)
        took.append(time.process_time() - begin)
        sent.append(panel.show(picture))
        latent, view = animator.pose(now_s)
        views.append(view)
        if picture is not last and picture.any():
            pictures += 1
            faults.update(faults_of(picture, drawn_by(decoder, latent, view)))
            last = picture
    blinks = starts([view.blink >= SHUT for view in views]) / RATE_HZ
    gaps = np.diff(np.concatenate([[0.0], blinks, [course.duration_s]]))
    minutes = course.duration_s / 60.0
    return {
        'ms': 1e3 * float(np.mean(took)),
        'ms_p99': 1e3 * float(np.percentile(took, 99)),
        'bytes': float(np.mean(sent[1:])),
        'bytes_minute': worst_minute(sent[1:]),
        'bytes_most': max(sent[1:]),
        'blinks': len(blinks) / minutes,
        'gap_s': float(gaps.max()),
        'glances': len(glance_starts(views)) / minutes,
        'pictures': pictures,
        'faults': dict(faults),
    }


def key_points(drawn):
    """Corners of the mouth, middles of the upper lids and inner ends of the brows, (6, 2) px."""
    mouth = mouth_curves(drawn.units, drawn.identity, drawn.view)
    points = [mouth.upper_lip[0], mouth.upper_lip[-1]]
    for side in (-1, 1):
        points.append(drawn.eye(side).upper_lid[14])
        points.append(brow_outline(drawn.units, drawn.identity, side, drawn.view)[0])
    return drawn.on_panel(np.array(points))


def timing_of(points):
    """Frames to 90 % and overshoot in % of the points (T, 6, 2) that go 2 px or more."""
    way = points[-1] - points[0]
    length = np.hypot(*way.T)
    done = ((points - points[0]) * way).sum(axis=-1)[:, length >= 2.0] / length[length >= 2.0] ** 2
    first = np.argmax((np.abs(points - points[0]) > 0.1).any(axis=(1, 2)))
    frames = np.argmax(done >= 0.9, axis=0) - first + 1
    return {'frames': int(frames.max()), 'over': 100.0 * float(done.max() - 1.0)}


def changes(decoder):
    """Timing of each change from neutral and back, without anticipation and blinks."""
    rows = {}
    for name in EXPRESSIONS[1:]:
        animator = FaceAnimator(AnimatorConfig.preset('lively', **STILL), decoder=decoder)
        course = there_and_back(name, begin_s=1.0, stay_s=4.0, back_s=4.0)
        points = np.array(
            [key_points(drawn_by(decoder, *animator.pose(s))) for s in play(animator, course)]
        )
        rows[name] = {'in': timing_of(points[24:124]), 'back': timing_of(points[124:])}
    return rows


def still_faults(decoder):
    """Faults of expressions at rest, and how far their halves differ, for symmetric faces."""
    rows = {}
    decoder.identity = replace(decoder.identity, asymmetry=0.0)
    for name in EXPRESSIONS:
        for strength in STRENGTHS if name != 'neutral' else (0.0,):
            visible = strength * np.array([name == other for other in EXPRESSIONS[1:]], float)
            picture = to_one_bit(decoder.decode(decoder.encode(visible), View()))
            drawn = Drawn(ActionUnits(*blend_action_units(visible)), decoder.identity)
            faults = count_faults(picture, drawn)
            differing = mirror_difference(picture, left_out=highlight_mask(drawn))
            rows[f'{name} {strength:g}'] = {'mirror': differing, 'faults': faults}
    return rows


def faults_in_words(faults):
    """Those that are there."""
    return ', '.join(f'{count} {name}' for name, count in faults.items() if count) or 'none'


def print_row(face, preset, course, row):
    """A line of the table."""
    print(
        f'{face:<11}{preset:<9}{course:<9}{row["ms"]:6.2f}{row["ms_p99"]:7.2f}'
        f'{row["bytes"]:7.0f}{row["bytes_minute"]:8.0f}{row["bytes_most"]:6d}'
        f'{row["blinks"]:8.1f}{row["gap_s"]:6.1f}{row["glances"]:9.1f}{row["pictures"]:9d}  '
        f'{faults_in_words(row["faults"])}',
        flush=True,
    )


def main():
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[1])
    parser.add_argument('--minutes', type=float, default=3.0)
    parser.add_argument('--faces', nargs='+', choices=DECODERS, default=DECODERS)
    parser.add_argument('--presets', nargs='+', choices=PRESETS, default=PRESETS)
    parser.add_argument('--json', type=Path)
    options = parser.parse_args()
    courses = {
        'day': day(),
        'rest': rest(options.minutes),
        'random': eventful(options.minutes),
    }
    results = {'minutes': options.minutes, 'courses': {}, 'stills': {}}
    print('face       preset   course      ms    p99  bytes  minute  most  blinks   gap  glances '
          'pictures  faults')  # fmt: skip
    for face in options.faces:
        for preset in options.presets:
            for name, course in courses.items():
                row = measure(course, AnimatorConfig.preset(preset), make_decoder(face))
                results['courses'][f'{face} {preset} {name}'] = row
                print_row(face, preset, name, row)
    for face in options.faces:
        rows = results['stills'][face] = still_faults(make_decoder(face))
        differing = [
            row['mirror'] for name, row in rows.items() if name.split()[0] not in ('power', 'sad')
        ]
        faults = sum((Counter(row['faults']) for row in rows.values()), Counter())
        print(
            f'{face} stills: halves differ by {min(differing)} to {max(differing)} px; faults: '
            f'{faults_in_words(faults)}'
        )
    results['changes'] = changes(make_decoder('parametric'))
    for name, row in results['changes'].items():
        print(
            f'to {name:<9}{row["in"]["frames"]:3d} frames, {row["in"]["over"]:4.1f} % past the '
            f'goal; back {row["back"]["frames"]:3d}'
        )
    if options.json:
        options.json.write_text(json.dumps(results, indent=1) + '\n')


if __name__ == '__main__':
    main()
