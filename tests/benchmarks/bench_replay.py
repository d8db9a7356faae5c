# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""
How fast a recording is replayed without ROS, on one core.

    ./run python tests/benchmarks/bench_replay.py

Times are those of the processor, so that other work on the machine does not count.
"""

import contextlib
import io
import os
import sys
import tempfile
from pathlib import Path
from time import process_time

os.environ['OMP_NUM_THREADS'] = '1'
sys.path.insert(0, str(Path(__file__).parents[1]))

import cv2
from bag_maker import STORY, BagMaker, Line

from emotion_agent.commands.cli import main
from emotion_agent.logic import STIMULUS

TEN_MINUTES_S = 600.0
MOST_S = 60.0


def seconds_of(*arguments: str) -> float:
    """Return the processor time of one replay, s."""
    started = process_time()
    with contextlib.redirect_stdout(io.StringIO()):
        status = main(['replay', *arguments, '--no-plot'])
    assert status == 0
    return process_time() - started


def ten_minutes(maker: BagMaker) -> list[Line]:
    """Stimuli all the time, and somebody seen ten times a second in every other minute."""
    stimuli = [
        Line('/emotion/stimulus', STIMULUS, at_s, maker.stimulus(name, at_s))
        for minute in range(10)
        for offset_s, name in STORY
        for at_s in (60.0 * minute + offset_s,)
    ]
    seen = [line for line in maker.observations(TEN_MINUTES_S) if line.at_s // 60 % 2 == 0]
    return sorted([*stimuli, *seen], key=lambda line: line.at_s)


def bench() -> int:
    """Print the figures; 1 if the budget is not kept."""
    cv2.setNumThreads(1)
    maker = BagMaker()
    with tempfile.TemporaryDirectory() as folder:
        bag = maker.write(Path(folder, 'ten'), ten_minutes(maker))
        took_s = seconds_of(str(bag), '--out', f'{folder}/ten.mcap')
        print(
            f'10 minutes of state and face, without images: {took_s:.1f} s '
            f'(budget {MOST_S:.0f} s), {TEN_MINUTES_S / took_s:.0f} times faster than it was'
        )
        images = maker.pictures()
        bag = maker.write(Path(folder, 'images'), images)
        images_s = seconds_of(str(bag), '--out', f'{folder}/images.mcap')
        print(
            f'{len(images)} camera images 320x240 (JPEG) with state and face of a minute: '
            f'{images_s:.1f} s, {len(images) / images_s:.0f} images a second'
        )
    return 0 if took_s < MOST_S else 1


if __name__ == '__main__':
    sys.exit(bench())
