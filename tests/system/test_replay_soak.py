# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""A bag that loops to the real nodes: each loop acts on the state, and nothing grows."""

import re
from pathlib import Path

import numpy as np
import pytest
from bag_maker import START_NS, BagMaker
from rosbags.rosbag2 import StoragePlugin

from node_kit.time import to_seconds

NODES = ('affect_estimator', 'emotion_state', 'face_sketcher')
LENGTH_S = 30.0
KIB = 1024
WARM_UP_LOOPS, MOST_GROWTH_MIB = 3, 4.0


@pytest.fixture
def bag(tmp_path):
    """Half a minute of camera images and stimuli."""
    maker = BagMaker()
    lines = [line for line in (*maker.pictures(), *maker.story()) if line.at_s < LENGTH_S]
    lines.sort(key=lambda line: line.at_s)
    return maker.write(tmp_path / 'bag', lines, StoragePlugin.MCAP)


def memory_mib(pid: int) -> float:
    status = Path(f'/proc/{pid}/status').read_text()
    return int(re.search(r'VmRSS:\s+(\d+) kB', status).group(1)) / KIB


def play_loops(start_nodes, listener, bag, loops, rate):
    """Play a bag in a loop; returns the memory of the nodes after each loop, MiB, (loops, 3)."""
    nodes = start_nodes()
    processes = [
        nodes.start('emotion_agent', name, {'use_sim_time': True}) for name in NODES
    ]  # fmt: skip
    listener.wait_until(
        lambda: all(listener.diagnostics(name).get('state') == 'active' for name in NODES),
        'all nodes',
        90.0,
    )
    nodes.start('emotion_agent', 'play_bag', arguments=[str(bag), '--loop', f'--rate={rate}'])
    memory = []
    for loop in range(loops):
        if loop:
            listener.wait_until(
                lambda loop=loop: min(jumps(listener), steps_back(listener)) >= loop,
                f'loop {loop}',
                30 + LENGTH_S / rate * 3,
            )
        memory.append([memory_mib(process.pid) for process in processes])
        del listener.heard['/diagnostics'][:-20]
    nodes.stop('play_bag')
    return np.array(memory)


def jumps(listener) -> int:
    return int(listener.diagnostics('emotion_state').get('clock_jumps', 0))


def steps_back(listener) -> int:
    """How often the states that were heard began again."""
    stamps = np.array([to_seconds(state.header.stamp) for state in listener.heard['state']])
    stamps = stamps[stamps > START_NS / 1e9]
    return int(np.count_nonzero(np.diff(stamps) < -LENGTH_S / 2))


def test_each_loop_acts_on_the_state(start_nodes, listener, bag):
    play_loops(start_nodes, listener, bag, loops=3, rate=16)

    # A step in the clock, and a state from after it, for each loop.
    assert min(jumps(listener), steps_back(listener)) >= 2
    praised = [cause for cause in listener.heard['emotion_state/causes'] if cause.name == 'praise']
    assert len(praised) >= 2
    assert len({to_seconds(cause.header.stamp) for cause in praised}) == 1


@pytest.mark.soak
def test_ten_loops_leave_no_growth(start_nodes, listener, bag):
    memory = play_loops(start_nodes, listener, bag, loops=11, rate=2)

    print('\nMiB after each loop:')
    for name, values in zip(NODES, memory.T, strict=True):
        print(f'  {name:<17}', ' '.join(f'{value:.1f}' for value in values))
    growth = memory[-1] - memory[WARM_UP_LOOPS]
    assert np.all(growth < MOST_GROWTH_MIB), dict(zip(NODES, growth.round(1), strict=True))
