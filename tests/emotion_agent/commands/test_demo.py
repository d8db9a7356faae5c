# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""What happens in the demo, and that each thing is to be seen on the face."""

import socket

import cv2
import numpy as np
import pytest
import yaml

from emotion_agent.commands import demo
from emotion_agent.commands.demo_script import DURATION_S, PERSON_SHARE, SCRIPT, open_script
from emotion_agent.neuromodulation import EMOTIONS, EmotionEngine, load
from emotion_agent.scripts.script import Script
from emotion_msgs.msg import Stimulus
from node_kit.qos import EVENT
from node_kit.web.access import LOOPBACK

SHOWN = ('mad', 'sad', 'surprise', 'power', 'fear', 'love')
# As the network reads the built-in photograph.
SMILE = (0.66, 0.07, 0.99)


@pytest.fixture
def engine(repository):
    everything = yaml.safe_load((repository / 'config/agent.yaml').read_text())
    parameters = everything['/**']['emotion_state']['ros__parameters']
    config = load()
    empathy = {
        'gain': config.empathy.gain * parameters['empathy.gain'],
        'attack': config.empathy.attack * parameters['empathy.attack'],
    }
    return EmotionEngine(config.with_changes({'emotion': {'empathy': empathy}}), now_s=0.0)


def test_every_emotion_of_the_demo_is_clearly_visible(engine):
    person_s = PERSON_SHARE * DURATION_S
    for frame in range(int(30 * person_s)):
        engine.observe(*SMILE, now_s=frame / 30)
    shown = [engine.read(person_s).dominant]
    assert max(engine.read(person_s).visible) > 0.8

    slot_s = (DURATION_S - person_s) / len(SCRIPT)
    for number, names in enumerate(SCRIPT):
        start = person_s + number * slot_s
        for name in names:
            engine.stimulate(name, now_s=start)
        reading = engine.read(start + 0.8)
        shown.append(reading.dominant)
        assert reading.visible[EMOTIONS.index(reading.dominant)] > 0.5, names

    assert tuple(shown) == ('joy', *SHOWN)


def test_default_script_is_six_scenes_after_the_person():
    script = open_script(None, None)

    times = sorted({stimulus.at_s for stimulus in script.stimuli})
    assert script.duration_s == DURATION_S
    assert len(times) == len(SCRIPT)
    assert times[0] == pytest.approx(PERSON_SHARE * DURATION_S)
    assert times[-1] < DURATION_S


def test_no_script_is_no_stimulus():
    assert open_script('none', None) == Script(DURATION_S)
    assert open_script('none', 7.0) == Script(7.0)


def test_script_of_ones_own(tmp_path):
    file = tmp_path / 'mine.yaml'
    file.write_text(
        'duration_s: 9\nstimuli:\n'
        '- {at_s: 4, name: praise, intensity: 0.5}\n- {at_s: 1, name: win}\n'
    )

    script = open_script(str(file), None)

    assert script.duration_s == 9.0
    assert [(stimulus.at_s, stimulus.name, stimulus.intensity) for stimulus in script.stimuli] == [
        (1.0, 'win', 1.0),
        (4.0, 'praise', 0.5),
    ]
    assert open_script(str(file), 3.0).duration_s == 3.0


def test_every_shipped_script_can_be_followed(repository):
    for file in (repository / 'config/scripts').glob('*.yaml'):
        script = open_script(str(file), None)
        assert script.stimuli
        assert not script.waits
    assert open_script('study', None).people


@pytest.mark.parametrize(
    ('text', 'words'),
    [
        ('duration_s: 9\nstimuli: [{at_s: 1, name: prase}]\n', 'did you mean praise'),
        ('duration_s: 9\nstimuli: [{at_s: 10, name: praise}]\n', 'at_s'),
        ('stimuli: []\n', 'duration_s'),
    ],
)
def test_mistake_in_a_script_ends_the_demo_before_it_starts(tmp_path, text, words):
    file = tmp_path / 'mine.yaml'
    file.write_text(text)
    picture = tmp_path / 'grey.png'
    cv2.imwrite(str(picture), np.full((48, 64, 3), 127, np.uint8))

    arguments = ['--video', str(picture), '--script', str(file), '--out', str(tmp_path / 'out')]
    with pytest.raises(ValueError, match=words) as refusal:
        demo.main(arguments)

    assert '\n' not in str(refusal.value)
    assert not (tmp_path / 'out').exists()


def test_a_port_that_is_taken_ends_the_demo_before_it_starts(monkeypatch, tmp_path):
    with socket.create_server((LOOPBACK, 0)) as taken:
        monkeypatch.setattr(demo, 'PORT', taken.getsockname()[1])

        with pytest.raises(OSError, match=rf'^WEB: port {demo.PORT}: Address already in use; '):
            demo.main(['--web', '--script', 'none', '--out', str(tmp_path / 'out')])

    assert not (tmp_path / 'out').exists()


def test_the_demo_begins_only_when_all_that_it_counts_is_connected(ros):
    observer = demo.Observer(lambda line: None)
    topics = {'human_affect', 'state', 'emotion_state/causes', 'face_image', '/diagnostics'}
    assert topics | {'stimulus'} <= set(observer.missing)

    agent = ros.create_node('emotion_state', namespace='emotion')
    for topic, subscription in observer._heard:
        agent.create_publisher(subscription.msg_type, topic, subscription.qos_profile)
    agent.create_subscription(Stimulus, 'stimulus', lambda _: None, EVENT)

    demo.spin_until(observer, 30.0, lambda: observer.missing == observer.recording.missing())
    assert observer.missing == observer.recording.missing() != []
    agent.destroy_node()
    observer.destroy_node()
