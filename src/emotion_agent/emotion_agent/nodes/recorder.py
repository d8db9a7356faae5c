# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""
The node `recorder`: writes the topics of the agent into a bag (mcap, with definitions).

Subscribes: human_affect, state, emotion_state/causes, stimulus, stimulus_text, gaze, mouth,
            show_expression, face_image, /diagnostics, and the camera images only if
            `record_images` is true; for an exact replay events, emotion_state/snapshot, parameters
            and /parameter_events. Of human_affect never the proportions of faces, and their action
            units only if `record_action_units` is true.
Publishes:  nothing.
No input:   the bag is empty; without state and human_affect the diagnostics and the end of the
            log name the namespaces that have an agent (`-r __ns:=/emotion` records that
            one). A recorder that is killed, or whose power is cut, loses a second at most and
            leaves a bag without its end, which `emotion-agent replay` reads all the same.
"""

if __name__ == '__main__':  # before the imports, of which one may fail
    from emotion_agent import programs

    raise SystemExit(programs.recorder())

import time

from emotion_agent.logic import recorder
from emotion_agent.ros.recording import Recording, known_messages, usual_folder
from node_kit import Diagnosis, ManagedNode, Setting, run
from node_kit.paths import expanded


class Recorder(ManagedNode):
    """Records while it is active; each activation begins a bag of its own."""

    TABLE = (
        Setting('folder', '', 'of the new bag; empty = ROS_HOME/emotion_agent/bags/DATE_TIME; a '
                'number is added where it is there already', fixed=True),
        *recorder.TABLE,
    )  # fmt: skip

    def __init__(self, **node_options):
        super().__init__('recorder', **node_options)
        self.recording: Recording | None = None

    def check_settings(self, values: dict, given: set[str]) -> None:
        """Refuse a folder that cannot be one."""
        expanded(values['folder'])

    def on_prepare(self) -> None:
        """Read the message definitions."""
        self._messages = known_messages(self.settings['image_topic'])

    def on_start(self) -> None:
        """Begin a bag and subscribe."""
        chosen = self.settings['folder']
        today = time.strftime('%Y-%m-%d_%H-%M-%S')
        folder = expanded(chosen) if chosen else usual_folder('bags') / today
        self.recording = Recording(self, folder, self._messages)

    def on_stop(self) -> None:
        """Unsubscribe and end the bag."""
        if self.recording is not None:
            self.recording.close()

    def diagnose(self) -> list[Diagnosis]:
        """Report how much was written."""
        if self.recording is None:
            return [Diagnosis('bag', values={'messages': 0})]
        return [self.recording.diagnosis()]


def main() -> int:
    """Run the node."""
    return run(Recorder)
