# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""
Contact sheets of the face, as the panel shows it.

    ./run python -m emotion_models.drawing.sheets docs/images
"""

from __future__ import annotations

if __name__ == '__main__':  # before the imports, of which one may fail
    from emotion_models import programs

    raise SystemExit(programs.sheets())

import argparse
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np

from emotion_models.drawing.action_units import blend_action_units
from emotion_models.drawing.face import ParametricFace, to_one_bit
from emotion_models.drawing.identity import Identity
from emotion_models.drawing.samples import FRAMES_PER_IDENTITY, sample
from emotion_models.drawing.view import View
from emotion_models.figures.tiles import captioned, tile
from emotion_models.imaging.files import write_picture
from emotion_models.labels.emotions import EMOTIONS


def contact_sheet(rows: Sequence[Mapping[str, np.ndarray]], scale: int = 2) -> np.ndarray:
    """
    Pictures in rows with their captions.

    Args:
        rows: caption to picture, grey (64, 128) in [0, 1]; as many in each row.
        scale: how many times the pixels are enlarged.

    Returns:
        uint8 (H, W).
    """
    pictures = [item for row in rows for item in row.items()]
    tiles = [captioned(to_one_bit(grey), caption, scale) for caption, grey in pictures]
    return tile(tiles, len(rows[0]))


def _mixture(**strengths: float) -> np.ndarray:
    return blend_action_units([strengths.get(name, 0.0) for name in EMOTIONS])


def emotions_sheet() -> np.ndarray:
    """Every emotion at three strengths."""
    face = ParametricFace()
    return contact_sheet(
        [
            {f'{name} {s}': face.render(_mixture(**{name: s})) for s in (0.3, 0.6, 1.0)}
            for name in EMOTIONS
        ]
    )


def styles_sheet() -> np.ndarray:
    """From outlined to filled eyes."""
    faces = {
        fill: ParametricFace(replace(Identity.default(), eye_fill=fill))
        for fill in (0.0, 0.5, 1.0)
    }
    return contact_sheet(
        [
            {
                f'{name}, eye_fill {fill:g}': face.render(_mixture(**{name: 0.8}))
                for fill, face in faces.items()
            }
            for name in ('neutral', *EMOTIONS)
        ]
    )


def parts_sheet() -> np.ndarray:
    """Strangers whose parts move independently."""
    numbers = range(0, 12 * FRAMES_PER_IDENTITY, FRAMES_PER_IDENTITY)
    drawn = [sample(1, number, is_framed=False, mixed=1.0) for number in numbers]
    pictures = [
        {str(number): d.image / 255.0 for number, d in enumerate(drawn[k : k + 4], k)}
        for k in range(0, len(drawn), 4)
    ]
    return contact_sheet(pictures)


def identities_sheet() -> np.ndarray:
    """Four strangers, four expressions of each."""
    rng = np.random.default_rng(3)
    return contact_sheet(
        [
            {
                name: face.render(_mixture(**{name: 0.8}))
                for name in ('neutral', 'joy', 'mad', 'sad')
            }
            for face in (ParametricFace(Identity.random(rng)) for _ in range(4))
        ]
    )


def views_sheet() -> np.ndarray:
    """Blends, lids, gaze and framing."""
    face = ParametricFace()
    rest, joy = _mixture(), _mixture(joy=0.2)
    return contact_sheet(
        [
            {
                'fear + surprise': face.render(_mixture(fear=0.6, surprise=0.6)),
                'joy + surprise': face.render(_mixture(joy=0.6, surprise=0.6)),
                'mad + sad': face.render(_mixture(mad=0.6, sad=0.5)),
                'joy + power': face.render(_mixture(joy=0.6, power=0.5)),
            },
            {
                'half a blink': face.render(rest, View(blink=0.5)),
                'asleep': face.render(rest, View(blink=1.0)),
                'glance': face.render(rest, View(gaze_x=-1.0)),
                'down': face.render(joy, View(gaze_x=0.4, gaze_y=1.0)),
            },
            {
                'narrow pupils': face.render(rest, View(pupil_size=-1.0)),
                'wide pupils': face.render(rest, View(pupil_size=1.0)),
                'near': face.render(rest, View(vergence=1.0)),
                'a tear falls': face.render(_mixture(sad=0.8), View(tear_fall=0.8)),
            },
            {
                'fear, zoom 0.8': face.render(_mixture(fear=1.0), View(zoom=0.8)),
                'mad, zoom 1.3': face.render(_mixture(mad=1.0), View(zoom=1.3)),
                'surprise, zoom 1.6': face.render(_mixture(surprise=1.0), View(zoom=1.6)),
                'tilted': face.render(_mixture(love=0.8), View(zoom=0.92, tilt=0.1)),
            },
        ]
    )


def main(arguments: Sequence[str] | None = None) -> int:
    """Write the sheets as PNG files and return an exit status."""
    parser = argparse.ArgumentParser(prog='sheets', description=__doc__.splitlines()[1])
    parser.add_argument('folder', type=Path, help='made if it is not there')
    folder = parser.parse_args(arguments).folder
    for name, sheet in (
        ('face_emotions', emotions_sheet()),
        ('face_styles', styles_sheet()),
        ('face_parts', parts_sheet()),
        ('face_identities', identities_sheet()),
        ('face_views', views_sheet()),
    ):
        path = folder / f'{name}.png'
        path.parent.mkdir(parents=True, exist_ok=True)
        write_picture(path, sheet)
    return 0
