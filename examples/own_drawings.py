# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""
Two hundred labelled drawings in another style, to train a face on (docs/face.md).

    ./run python examples/own_drawings.py out/own

The style: eyes are discs that grow with arousal, a mouth is one arc that bends with valence, brows
are straight strokes. Replace `draw` by your own style; the table of labels stays the same.
"""

import csv
import sys
from pathlib import Path

import cv2
import numpy as np

from emotion_models.labels.emotions import EMOTIONS, emotion_vad

COUNT = 200
SIZE = (512, 256)  # four times the panel, white lines on black


def draw(emotions, valence, arousal):
    """A face of 512×256 pixels for seven emotions in [0, 1], valence and arousal in [-1, 1]."""
    strength = dict(zip(EMOTIONS, emotions, strict=True))
    page = np.zeros(SIZE[::-1], np.uint8)
    brow = 30 * strength['mad'] - 30 * strength['sad'] - 20 * strength['fear']
    for side in (-1, 1):
        x = 256 + side * 130
        cv2.circle(page, (x, 120), int(30 + 16 * arousal), 255, -1, cv2.LINE_AA)
        inner, outer = (x - side * 45, int(50 + brow)), (x + side * 45, int(50 - brow))
        cv2.line(page, inner, outer, 255, 12, cv2.LINE_AA)
    across = np.linspace(-1, 1, 25)
    width = 70 + 20 * strength['joy'] - 30 * strength['surprise']
    lip = np.stack([256 + width * across, 200 + 34 * valence * (1 - across**2) - 16 * valence], 1)
    if strength['surprise'] > 0.3:
        cv2.ellipse(page, (256, 200), (24, int(34 * strength['surprise'])), 0, 0, 360, 255, 8)
    else:
        cv2.polylines(page, [np.rint(lip).astype(int)], False, 255, 10, cv2.LINE_AA)
    return page


def main(folder: str) -> None:
    """Write the drawings and `drawings.csv`."""
    out = Path(folder)
    out.mkdir(parents=True, exist_ok=True)
    generator = np.random.default_rng(1)
    with (out / 'drawings.csv').open('w', newline='') as file:
        table = csv.writer(file)
        table.writerow(['file', 'valence', 'arousal', *EMOTIONS])
        for number in range(COUNT):
            emotions = np.zeros(len(EMOTIONS))
            emotions[generator.integers(len(EMOTIONS))] = generator.random() if number % 8 else 0
            valence, arousal, _ = emotion_vad(emotions)
            cv2.imwrite(str(out / f'{number:03}.png'), draw(emotions, valence, arousal))
            table.writerow([f'{number:03}.png', valence, arousal, *emotions])
    print(f'{COUNT} drawings in {out}')


if __name__ == '__main__':
    main(*sys.argv[1:])
