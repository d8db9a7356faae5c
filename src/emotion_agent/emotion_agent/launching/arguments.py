# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""The arguments of agent.launch.py, and which parameter each of them sets."""

from dataclasses import dataclass

from emotion_agent.launching.nodes import NODES

BOOLEAN = ('true', 'false')
LOG_LEVELS = ('debug', 'info', 'warn', 'error', 'fatal')
NOT_GIVEN = ''
EVERY_NODE = tuple(NODES)
MIRROR, ACTION_UNITS = 'mirror', 'action_units'


@dataclass(frozen=True)
class Argument:
    """
    One argument of the launch file.

    Attributes:
        name: as it is given, NAME:=VALUE.
        meaning: for --show-args.
        default: value where it is not given; `NOT_GIVEN` leaves the parameter to the files.
        choices: allowed values; empty = any.
        parameter: that it sets where it is given; '' = it decides in the launch file itself.
        nodes: whose parameter that is.
        unset: what the parameter is where neither this nor a file says so.
        limits: of a number; none = it is none.
    """

    name: str
    meaning: str
    default: str = NOT_GIVEN
    choices: tuple[str, ...] = ()
    parameter: str = ''
    nodes: tuple[str, ...] = ()
    unset: str = ''
    limits: tuple[float, float] | None = None

    def value_of(self, text: str) -> bool | float | str:
        """
        The value of the parameter that a text stands for.

        Raises:
            ValueError: if it is no number where one is expected.
        """
        if self.choices == BOOLEAN:
            return text == BOOLEAN[0]
        return text if self.limits is None else float(text)

    @property
    def description(self) -> str:
        """What `--show-args` says."""
        if not self.parameter:
            return self.meaning
        whom = 'every node' if self.nodes == EVERY_NODE else ', '.join(self.nodes)
        choices = f'; {" or ".join(self.choices)}' if self.choices else ''
        return (
            f'{self.meaning}{choices}; sets {self.parameter} of {whom}; where it is not given, as '
            f'params_file says, otherwise {self.unset}'
        )


ARGUMENTS = (
    Argument('namespace', 'namespace of all nodes and topics', 'emotion'),
    Argument(
        'params_file',
        'YAML file of parameters; several with commas, of which the last counts most; '
        'config/agent.yaml of this package has what holds without one',
    ),
    Argument(
        'image_topic',
        'camera topic, relative to the namespace',
        parameter='image_topic',
        nodes=('camera', 'affect_estimator', 'recorder', 'session'),
        unset='camera/image_raw',
    ),
    Argument('camera', 'run our own camera node too', 'false', BOOLEAN),
    Argument(
        'source',
        'of our camera: webcam number, picture, folder, video, or astronaut',
        parameter='source',
        nodes=('camera',),
        unset='0',
    ),
    Argument(
        'display',
        'panel or its driver, such as ssd1306 or sh1106; terminal, web (a page on localhost), '
        'window; emulator = count what a panel would be sent; several with commas; none = no '
        'display node',
        parameter='output',
        nodes=('oled_face',),
        unset='emulator',
    ),
    Argument(
        'use_sim_time',
        'take the time from /clock',
        choices=BOOLEAN,
        parameter='use_sim_time',
        nodes=EVERY_NODE,
        unset='false',
    ),
    Argument(
        'temperament',
        'name of a shipped temperament or a YAML file',
        parameter='temperament',
        nodes=('emotion_state',),
        unset='balanced',
    ),
    Argument(
        'detector',
        'auto, haar, yunet, or the path of a YuNet model file',
        parameter='detector',
        nodes=('affect_estimator',),
        unset='auto',
    ),
    Argument(
        MIRROR,
        'how much of what the face of the person does is added to the face of the robot, 0 to 1; '
        'above 0 it switches on action_units of affect_estimator',
        parameter='mirror',
        nodes=('face_sketcher',),
        unset='0.0',
        limits=(0.0, 1.0),
    ),
    Argument(
        ACTION_UNITS,
        'say the action units of faces in human_affect',
        choices=BOOLEAN,
        parameter='action_units',
        nodes=('affect_estimator',),
        unset='false',
    ),
    Argument(
        'share_proportions',
        'say the proportions of faces in human_affect, for face_sketcher/draw_me',
        choices=BOOLEAN,
        parameter='share_proportions',
        nodes=('affect_estimator',),
        unset='false',
    ),
    Argument(
        'life_preset',
        'how lively the face is',
        choices=('lively', 'calm', 'minimal'),
        parameter='life.preset',
        nodes=('face_sketcher',),
        unset='lively',
    ),
    Argument(
        'identity_from',
        'file with the point of a face whose proportions the robot has',
        parameter='identity_from',
        nodes=('face_sketcher',),
        unset='point of a face',
    ),
    Argument(
        'snapshot',
        'file that carries the state over a restart; none = no file',
        parameter='snapshot_path',
        nodes=('emotion_state',),
        unset='ROS_HOME/emotion_agent/NAMESPACE.json, and none with use_sim_time',
    ),
    Argument(
        'perception',
        'look at camera images; false = human_affect comes from elsewhere',
        'true',
        BOOLEAN,
    ),
    Argument('record', 'record the topics of the agent', 'false', BOOLEAN),
    Argument(
        'record_images',
        'record the camera images too; they show people',
        choices=BOOLEAN,
        parameter='record_images',
        nodes=('recorder', 'session'),
        unset='false',
    ),
    Argument(
        'record_action_units',
        'record the action units of faces too',
        choices=BOOLEAN,
        parameter='record_action_units',
        nodes=('recorder', 'session'),
        unset='false',
    ),
    Argument(
        'record_to',
        'folder of the recording',
        parameter='folder',
        nodes=('recorder',),
        unset='ROS_HOME/emotion_agent/bags/DATE_TIME',
    ),
    Argument(
        'session',
        'run sessions of a study and scripts; also with rqt and web',
        'false',
        BOOLEAN,
    ),
    Argument(
        'sessions_to',
        'folder of the sessions',
        parameter='folder',
        nodes=('session',),
        unset='ROS_HOME/emotion_agent/sessions',
    ),
    Argument(
        'script_folder',
        'folder of your own scripts',
        parameter='script_folder',
        nodes=('session',),
        unset='none',
    ),
    Argument('rqt', 'open the panel, plots and images in rqt', 'false', BOOLEAN),
    Argument('web', 'serve the panel to browsers, at http://127.0.0.1:8066/', 'false', BOOLEAN),
    Argument(
        'autostart',
        'let the nodes activate themselves',
        choices=BOOLEAN,
        parameter='autostart',
        nodes=EVERY_NODE,
        unset='true',
    ),
    Argument(
        'private_memory',
        'take shared memory and new files from other users of the computer',
        choices=BOOLEAN,
        parameter='private_memory',
        nodes=EVERY_NODE,
        unset='false',
    ),
    Argument(
        'respawn',
        'start a node again when it dies; not one that refuses its parameters',
        'false',
        BOOLEAN,
    ),
    Argument('log_level', 'of every node', 'info', LOG_LEVELS),
)
