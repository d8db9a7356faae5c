# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""A script that somebody plays live from a terminal, and what arrives at the robot."""

import json
import os
import subprocess
import sys
import threading

from geometry_msgs.msg import Point

from emotion_agent.logic.emotion_state import FROM_FACES
from emotion_agent.scripts.reading import read_script
from emotion_msgs.msg import Event
from node_kit.qos import EVENT, RESULT

COMMAND = [sys.executable, '-m', 'emotion_agent.commands.cli', 'play']
SCRIPT = """
duration_s: 3
stimuli: [{at_s: 0.3, name: praise, intensity: 0.5}, {at_s: 2.2, name: scold}]
people:
  - {from_s: 0.5, to_s: 2, course: [{at_s: 0.5, valence: 0.0, arousal: 0.0},
                                    {at_s: 1.5, valence: 1.0, arousal: 0.5}]}
gaze: [{at_s: 0.2, x: 0.25, y: -0.5}, {at_s: 2.5, look: about}]
markers: [{at_s: 1, text: half}]
waits: [{at_s: 1, for: key, key: yes}]
"""
# Lets the terminal be that of the session, and runs the command in it.
TAKE_TERMINAL = (
    'import fcntl, os, sys, termios; fcntl.ioctl(0, termios.TIOCSCTTY, 0); '
    'os.execv(sys.argv[1], sys.argv[1:])'
)


class Terminal:
    """A program in a pseudo-terminal, and what it writes."""

    def __init__(self, *command):
        self._ours, theirs = os.openpty()
        self.shown = ''
        self.process = subprocess.Popen(
            [sys.executable, '-c', TAKE_TERMINAL, *command],
            stdin=theirs,
            stdout=theirs,
            stderr=theirs,
            start_new_session=True,
        )
        os.close(theirs)
        self._reader = threading.Thread(target=self._read)
        self._reader.start()

    @property
    def is_over(self):
        return self.process.poll() is not None

    def shows(self, words):
        return words in self.shown

    def press(self, keys):
        os.write(self._ours, keys)

    def end(self):
        if not self.is_over:
            self.process.kill()
        status = self.process.wait()
        self._reader.join()
        os.close(self._ours)
        return status

    def _read(self):
        try:
            while data := os.read(self._ours, 4096):
                self.shown += data.decode()
        except OSError:  # nobody writes any more
            pass


def test_a_script_arrives_as_it_is_written_and_a_key_answers(start_nodes, listener, tmp_path):
    path = tmp_path / 'visit.yaml'
    path.write_text(SCRIPT)
    script = read_script(path)
    listener.listen(Point, 'gaze', RESULT)
    listener.listen(Event, 'events', EVENT)
    start_nodes().start('emotion_agent', 'emotion_state')
    listener.wait_until(lambda: listener.last('state'), 'the state')
    terminal = Terminal(*COMMAND, str(path))
    try:
        listener.spin_until(lambda: terminal.shows('waits for key yes') or terminal.is_over, 60.0)
        assert terminal.shows('next: praise 0.5'), terminal.shown
        assert terminal.shows('waits for key yes'), terminal.shown
        terminal.press(b'y')
        listener.wait_until(lambda: terminal.is_over, 'the end')
    finally:
        status = terminal.end()

    assert status == 0, terminal.shown
    causes = listener.heard['emotion_state/causes']
    # The state itself says that a face came, and went some seconds after the end.
    assert [(c.name, c.intensity) for c in causes if c.source != FROM_FACES] == [
        (stimulus.name, stimulus.intensity) for stimulus in script.stimuli
    ]
    valences = [m.faces[0].valence for m in listener.heard['human_affect'] if m.faces]
    assert valences == sorted(valences)
    # Where the machine is busy the listener loses some: only the newest five wait for it.
    assert valences[0] <= 0.51
    assert valences[-1] == 1.0
    assert {(p.x, p.y, p.z) for p in listener.heard['gaze']} == {script.gaze[0].point}
    events = [(e.kind, e.name, json.loads(e.value or '{}')) for e in listener.heard['events']]
    assert events == [
        ('script', 'visit', {'state': 'playing', 'at_s': 0.0}),
        ('marker', 'half', {'script': 'visit', 'at_s': 1.0}),
        ('script', 'visit', {'state': 'waiting', 'at_s': 1.0}),
        ('key', 'yes', {}),
        ('script', 'visit', {'state': 'playing', 'at_s': 1.0}),
        ('script', 'visit', {'state': 'ended', 'at_s': 3.0}),
    ]


def test_what_is_wrong_is_said_before_anything_is_played(start_nodes, listener, tmp_path):
    path = tmp_path / 'visit.yaml'
    path.write_text('duration_s: 9\nstimuli: [{at_s: 0, name: praise}, {at_s: 8, name: scald}]\n')
    start_nodes().start('emotion_agent', 'emotion_state')
    listener.wait_until(lambda: listener.last('state'), 'the state')

    done = subprocess.run([*COMMAND, str(path)], capture_output=True, text=True, check=False)

    assert done.returncode == 2
    assert "got 'scald'; did you mean scold?" in done.stderr
    assert 'Traceback' not in done.stderr
    assert not listener.heard['emotion_state/causes']
