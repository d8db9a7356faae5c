# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""The topics and services of every node, as docs/interfaces.md has them."""

from dataclasses import dataclass

RAW_IMAGES = 'camera/image_raw'


@dataclass(frozen=True)
class Interfaces:
    """
    What a node uses; names are relative to its namespace, `~/` to the node itself.

    Attributes:
        publishes: topics.
        subscribes: topics.
        serves: services that it offers.
        calls: services of others.
    """

    publishes: tuple[str, ...] = ()
    subscribes: tuple[str, ...] = ()
    serves: tuple[str, ...] = ()
    calls: tuple[str, ...] = ()

    def __add__(self, other: 'Interfaces') -> 'Interfaces':
        return Interfaces(
            self.publishes + other.publishes,
            self.subscribes + other.subscribes,
            self.serves + other.serves,
            self.calls + other.calls,
        )


@dataclass(frozen=True)
class Choices:
    """
    The parameters that decide which topics there are.

    Attributes:
        image_topic: of the camera.
        use_sim_time: the nodes read /clock.
        hri: the parameters `use_hri` and `publish_expression` are set.
        record_images: as the parameter of the recorder.
    """

    image_topic: str = RAW_IMAGES
    use_sim_time: bool = False
    hri: bool = False
    record_images: bool = False


OF_ROS = Interfaces(
    publishes=('/rosout', '/parameter_events'),
    serves=tuple(
        f'~/{name}'
        for name in (
            *('describe_parameters', 'get_parameter_types', 'get_parameters', 'list_parameters'),
            *('set_parameters', 'set_parameters_atomically', 'get_type_description'),
        )
    ),
)
"""Of every node of ROS."""

OF_EVERY_NODE = OF_ROS + Interfaces(
    publishes=('/diagnostics', 'parameters', '~/transition_event'),
    serves=tuple(
        f'~/{name}'
        for name in (
            *('change_state', 'get_state', 'get_available_states', 'get_available_transitions'),
            *('get_transition_graph', 'get_logger_levels', 'set_logger_levels'),
        )
    ),
)
"""Of every node of ours."""

SERVICES_OF_SESSION = (*('start', 'stop', 'mark', 'reset', 'set_temperament', 'play', 'control'),)
CLIENT = 'stimulate'
"""Stands for whoever stimulates the robot and listens to it: the command, an EmotionClient."""


def interfaces(choices: Choices | None = None) -> dict[str, Interfaces]:
    """
    Return what each node uses beyond `OF_EVERY_NODE`; `CLIENT` beyond `OF_ROS`.

    Args:
        choices: default: as without parameters.
    """
    choices = choices or Choices()
    images = (choices.image_topic, f'{choices.image_topic}/compressed')
    state = Interfaces(
        publishes=('state', '~/causes', '~/snapshot', 'events'),
        subscribes=('stimulus', 'stimulus_text', 'human_affect'),
        serves=('~/list_stimuli', '~/reset', '~/save'),
    )
    faces = Interfaces(publishes=('human_affect', 'annotated_image/compressed'))
    if choices.hri:
        state += Interfaces(publishes=('expression',))
        faces += Interfaces(
            publishes=('/humans/faces/*/expression', '/humans/faces/*/facs'),
            subscribes=('/humans/faces/tracked', '/humans/faces/*/cropped'),
        )
    else:
        faces += Interfaces(subscribes=images)
    recorded = (
        *('human_affect', 'state', 'emotion_state/causes', 'emotion_state/snapshot', 'events'),
        *('parameters', 'stimulus', 'stimulus_text', 'gaze', 'mouth', 'face_image'),
        *('show_expression', '/diagnostics', '/parameter_events'),
        *(images if choices.record_images else ()),
    )
    found = {
        'camera': Interfaces(publishes=(choices.image_topic,)),
        'affect_estimator': faces,
        'emotion_state': state,
        'face_sketcher': Interfaces(
            publishes=('face_image',),
            subscribes=('state', 'human_affect', 'gaze', 'mouth', 'show_expression'),
            serves=('~/draw_me',),
        ),
        'oled_face': Interfaces(
            subscribes=('face_image', 'show_text', 'show_image'),
            serves=('~/sleep', '~/wake', '~/test_pattern', '~/invert'),
        ),
        'recorder': Interfaces(subscribes=recorded),
        'session': Interfaces(
            publishes=('events', '~/status', 'stimulus', 'human_affect', 'gaze', 'mouth'),
            subscribes=recorded,
            serves=tuple(f'~/{name}' for name in SERVICES_OF_SESSION),
            calls=(
                *('emotion_state/reset', 'emotion_state/set_parameters_atomically'),
                'emotion_state/list_stimuli',
            ),
        ),
        'emotion_web': Interfaces(
            publishes=('stimulus', 'human_affect', 'mouth', 'gaze'),
            subscribes=(
                *('state', 'human_affect', 'face_image', 'emotion_state/causes', 'events'),
                *('session/status', '/diagnostics', 'annotated_image/compressed'),
            ),
            calls=(
                *('emotion_state/list_stimuli', 'emotion_state/get_parameters'),
                *(f'session/{name}' for name in SERVICES_OF_SESSION),
            ),
        ),
        CLIENT: Interfaces(
            publishes=('stimulus', 'mouth'),
            subscribes=('state', 'emotion_state/causes'),
            calls=('emotion_state/list_stimuli',),
        ),
    }
    clock = Interfaces(subscribes=('/clock',)) if choices.use_sim_time else Interfaces()
    return {name: found[name] + clock for name in found}
