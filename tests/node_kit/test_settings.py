# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""Tables of settings are read without a node as a node would read them, and without ROS."""

import subprocess
import sys

import pytest

from node_kit.settings import Setting, checked

TABLE = (
    Setting('rate_hz', 10.0, 'of the state, Hz', 0.1, 200.0),
    Setting('threads', 1, 'of the network', 1, 16),
    Setting('mode', 'keep', 'what to do', choices=('keep', 'reset')),
    Setting('loop', True, 'start over'),
    Setting('rate', -1.0, 'of blinks; -1 = as usual', 2.0, 30.0, special=-1.0),
)


def test_what_is_not_given_is_the_default():
    assert checked(TABLE, {'threads': 2, 'of_another_node': 1}) == {
        'rate_hz': 10.0, 'threads': 2, 'mode': 'keep', 'loop': True, 'rate': -1.0,
    }  # fmt: skip


@pytest.mark.parametrize(
    ('given', 'problem'),
    [
        ({'rate_hz': 10}, 'rate_hz: expected a number with a decimal point, got 10; write 10.0'),
        ({'rate_hz': '5'}, "rate_hz: expected a number with a decimal point, got '5'; write 5.0"),
        ({'rate_hz': 'fast'}, "rate_hz: expected .*, got 'fast'; write it as 10.0"),
        ({'rate_hz': [1.0]}, r'rate_hz: expected .*, got \[1.0\]; write one value$'),
        ({'threads': (1, 2)}, r'threads: expected .*, got \(1, 2\); write one value$'),
        ({'loop': [True]}, r'loop: expected .*, got \[True\]; write one value$'),
        ({'mode': ['keep', 'reset']}, r'mode: expected text, got \[.*\]; write one value$'),
        ({'mode': {'keep': 1}}, r'mode: expected text, got \{.*\}; write one value$'),
        ({'mode': None}, 'mode: expected text, got None; write a text, or leave it out$'),
        ({'rate_hz': None}, 'rate_hz: expected .*, got None; write it as 10.0'),
        ({'rate_hz': 300.0}, 'rate_hz: expected 0.1 to 200, got 300.0'),
        ({'rate_hz': 10**400}, 'rate_hz: expected .*, got 10{78}…; write it as 10.0'),
        ({'threads': 10**400}, 'threads: expected 1 to 16, got 10{78}…$'),
        ({'rate_hz': float('nan')}, 'rate_hz: expected a finite number, got nan'),
        ({'threads': True}, 'threads: expected a whole number, got True; write 1'),
        ({'threads': 2.0}, 'threads: expected a whole number, got 2.0; write 2'),
        ({'threads': 2.5}, 'threads: expected a whole number, got 2.5; write it as 1'),
        ({'mode': 'forget'}, "mode: expected one of 'keep', 'reset', got 'forget'"),
        ({'mode': 0}, "mode: expected text, got 0; write '0'"),
        ({'mode': False}, "mode: expected text, got False; write 'false'"),
        ({'loop': 'yes'}, "loop: expected true or false, got 'yes'; write true"),
        ({'loop': 1}, 'loop: expected true or false, got 1; write true'),
        ({'loop': 0.0}, 'loop: expected true or false, got 0.0; write false'),
        ({'rate': -0.5}, 'rate: expected 2 to 30, or -1, got -0.5'),
        ({'rate': 0.0}, 'rate: expected 2 to 30, or -1, got 0.0'),
        ({'rate': 31.0}, 'rate: expected 2 to 30, or -1, got 31.0'),
        ({'loop': 'perhaps'}, "loop: expected true or false, got 'perhaps'; write it as true"),
    ],
)
def test_what_a_node_would_refuse_is_refused_in_words(given, problem):
    with pytest.raises(ValueError, match=problem):
        checked(TABLE, given)


def test_settings_arguments_times_and_images_need_no_ros():
    loaded = subprocess.run(
        [
            sys.executable,
            '-c',
            'import sys, node_kit.settings, node_kit.time, node_kit.images, node_kit.arguments\n'
            'print("rclpy" in sys.modules)',
        ],
        capture_output=True,
        text=True,
        check=True,
    )

    assert loaded.stdout.strip() == 'False'
