# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""
The emotional state, for other nodes.

    from emotion_agent.client import EmotionClient

    class Bumper(Node):
        def __init__(self):
            super().__init__('bumper')
            self.emotion = EmotionClient(self)
            self.emotion.on_state(lambda state: self.get_logger().info(state.dominant))

        def on_bump(self):
            self.emotion.stimulate('collision', intensity=0.5)
"""

import math
from collections.abc import Callable

from rclpy.node import Node
from rclpy.task import Future

from emotion_msgs.msg import EmotionState, Stimulus
from emotion_msgs.srv import ListStimuli
from node_kit.qos import EVENT, LATCHED

OnState = Callable[[EmotionState], None]
DURATION_OF_THE_LIBRARY = -1.0


class EmotionClient:
    """
    Publishes stimuli to the emotional state of one robot, and receives the state.

    Works inside any node that is spun. Every method may be called from any thread, callbacks of
    the node included; none of them blocks.
    """

    def __init__(self, node: Node, namespace: str = 'emotion', source: str = ''):
        """
        Create the publisher, the subscription and the service client.

        Args:
            node: gets the publisher, the subscription and the service client.
            namespace: of the agent; `emotion` is relative to the namespace of the node,
                `/emotion` is absolute, '' is the node's own.
            source: of the stimuli, as `emotion_state/causes` shows it; '' = the name of the node.
        """
        self._node = node
        self._source = source or node.get_fully_qualified_name()
        self._listeners: tuple[OnState, ...] = ()
        self._state: EmotionState | None = None
        place = f'{namespace.rstrip("/")}/' if namespace else ''
        self._states = node.create_subscription(
            EmotionState, f'{place}state', self._on_state, LATCHED
        )
        self._stimuli = node.create_publisher(Stimulus, f'{place}stimulus', EVENT)
        self._library = node.create_client(ListStimuli, f'{place}emotion_state/list_stimuli')

    @property
    def state(self) -> EmotionState | None:
        """The newest state; None before the first. A late client gets the last one at once."""
        return self._state

    @property
    def is_connected(self) -> bool:
        """Whether a node subscribes to the stimuli: a second or so after the start."""
        return self._stimuli.get_subscription_count() > 0

    def stimulate(
        self, name: str, intensity: float = 1.0, duration_s: float | None = None
    ) -> bool:
        """
        Publish a stimulus that counts on arrival.

        Args:
            name: in the library of the state, such as `praise`.
            intensity: share of the library's doses, [0, 1].
            duration_s: how long the doses flow, s; 0 = at once; None = as in the library.

        Returns:
            Whether a node subscribes. Accepted stimuli come back on `emotion_state/causes`.

        Raises:
            ValueError: if a number is out of its range.
        """
        if not 0.0 <= intensity <= 1.0:
            raise ValueError(f'expected an intensity of 0 to 1, got {intensity}')
        if duration_s is None:
            duration_s = DURATION_OF_THE_LIBRARY
        elif not (math.isfinite(duration_s) and duration_s >= 0.0):
            raise ValueError(f'expected a duration of 0 s or more, or None, got {duration_s}')
        is_received = self.is_connected
        self._stimuli.publish(
            Stimulus(
                name=name,
                intensity=float(intensity),
                duration=float(duration_s),
                source=self._source,
            )
        )
        return is_received

    def on_state(self, callback: OnState) -> None:
        """Call `callback` with every state from now on, in the thread that spins the node."""
        self._listeners = (*self._listeners, callback)

    def stimuli(self) -> Future | None:
        """
        Request the stimulus library.

        Returns:
            A future of the answer, whose `stimuli` is a list of `StimulusInfo` sorted by name;
            None if the service is not there.
        """
        if not self._library.service_is_ready():
            return None
        return self._library.call_async(ListStimuli.Request())

    def close(self) -> None:
        """Destroy what was made on the node; the node goes on."""
        self._listeners = ()
        self._node.destroy_subscription(self._states)
        self._node.destroy_publisher(self._stimuli)
        self._node.destroy_client(self._library)

    def _on_state(self, state: EmotionState) -> None:
        self._state = state
        for listener in self._listeners:
            listener(state)
