# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""
The node `face_sketcher`: draws the face that the emotional state gives.

Hears:   state (emotion_msgs/EmotionState); human_affect (emotion_msgs/FaceAffectArray), only to
         look at the person.
Says:    face_image (sensor_msgs/Image, mono8, 128x64, 0 or 255). Its stamp is that of the camera
         image whose observation it shows for the first time, otherwise the time of drawing.
Without: a state the face is neutral, breathes and blinks, and after a while falls asleep.
"""

import numpy as np
from builtin_interfaces.msg import Time as TimeMessage
from rclpy.time import Time
from sensor_msgs.msg import Image
from std_msgs.msg import Header

from emotion_agent.animation import AnimatorConfig, FaceAnimator
from emotion_agent.neuromodulation import EMOTIONS
from emotion_msgs.msg import EmotionState, FaceAffectArray
from node_kit import Diagnosis, ManagedNode, Setting, run
from node_kit.diagnostics import LatencyMeter, RateMeter
from node_kit.images import array_to_image
from node_kit.qos import LATCHED, PICTURE, RESULT
from node_kit.time import is_zero, to_seconds

OBSERVED_PERIOD_S = 1.0 / 30.0
STILL_PERIOD_S = 1.0


class FaceSketcherNode(ManagedNode):
    """Tells a `FaceAnimator` what to feel and where to look, and publishes its frames."""

    TABLE = (
        Setting('rate_hz', 25.0, 'frames a second while something moves, Hz', 1.0, 60.0,
                fixed=True),
        Setting('frame_id', 'face_display', 'frame of the images', fixed=True),
        Setting('seed', 0, 'of blinks and glances', 0, 2**31 - 1, fixed=True),
        Setting('gaze_mirrored', True, 'the camera looks at the person as the face does, so '
                'somebody on the left of the image is on the right of the panel'),
    )  # fmt: skip

    def __init__(self, **node_options):
        super().__init__('face_sketcher', **node_options)
        self._rate = RateMeter()
        self._drawing = LatencyMeter()
        self._since_stamp = LatencyMeter()
        self._malformed = 0
        self._last_problem = ''

    def on_prepare(self) -> None:
        """Make the animator."""
        self._animator = FaceAnimator(AnimatorConfig(), seed=self.settings['seed'])
        self._publisher = self.create_lifecycle_publisher(Image, 'face_image', PICTURE)
        self._observation: TimeMessage | None = None
        self._newest_observation = 0.0
        self._drawn_at = -np.inf
        self._next_answer = 0.0
        self._is_dark = False
        self._last_change = TimeMessage()

    def on_start(self) -> None:
        """Listen, and begin to draw."""
        self._inputs = [
            self.create_subscription(EmotionState, 'state', self._on_state, LATCHED),
            self.create_subscription(FaceAffectArray, 'human_affect', self._on_affect, RESULT),
        ]
        self._timer = self.create_timer(1.0 / self.settings['rate_hz'], self._tick)

    def on_stop(self) -> None:
        """Stop drawing."""
        self.destroy_timer(self._timer)
        for subscription in self._inputs:
            self.destroy_subscription(subscription)

    def _on_state(self, state: EmotionState) -> None:
        now = self._now()
        try:
            self._animator.set_emotion(
                np.array([getattr(state, f'visible_{name}') for name in EMOTIONS]),
                arousal=state.arousal,
                intensity=state.intensity,
                dominant=state.dominant,
                now=now,
            )
        except ValueError as problem:
            self._malformed += 1
            self._last_problem = str(problem)
            self.get_logger().warning(f'ignored a state: {problem}', throttle_duration_sec=10.0)
            return
        if state.last_change_stamp != self._last_change:
            # A stimulus keeps the face awake, also where it changes nothing that is to be seen.
            self._last_change = state.last_change_stamp
            self._animator.wake(now)
        stamp = to_seconds(state.observation_stamp)
        if is_zero(state.observation_stamp) or stamp == self._newest_observation:
            return
        self._newest_observation = stamp
        self._observation = state.observation_stamp
        if self._may_answer(now):
            self._draw(now)

    def _may_answer(self, now: float) -> bool:
        """Allow 30 answers a second on average; a camera of 30 Hz may come half a period early."""
        wait = self._next_answer - now
        if 0.0 < wait < STILL_PERIOD_S:
            return False  # The next tick draws it.
        is_steady = -OBSERVED_PERIOD_S / 2 <= wait <= 0.0
        earliest = self._next_answer if is_steady else now - OBSERVED_PERIOD_S / 2
        self._next_answer = earliest + OBSERVED_PERIOD_S
        return True

    def _on_affect(self, message: FaceAffectArray) -> None:
        if not message.faces or not message.image_width or not message.image_height:
            return
        roi = message.faces[0].roi
        x = 2.0 * (roi.x_offset + roi.width / 2) / message.image_width - 1.0
        y = 2.0 * (roi.y_offset + roi.height / 2) / message.image_height - 1.0
        self._animator.look_at(-x if self.settings['gaze_mirrored'] else x, y, self._now())

    def _tick(self) -> None:
        now = self._now()
        still_for = now - self._drawn_at
        if 0.0 <= still_for < 0.9 / self.settings['rate_hz']:
            return  # An observation was answered just now.
        # A dark panel is left alone until something wakes the face.
        is_due = not self._is_dark and not 0.0 <= still_for < STILL_PERIOD_S
        if is_due or self._observation is not None or self._animator.is_moving(now):
            self._draw(now)

    def _draw(self, now: float) -> None:
        started = self.get_clock().now()
        frame = self._animator.frame(now)
        stamp = started.to_msg() if self._observation is None else self._observation
        header = Header(stamp=stamp, frame_id=self.settings['frame_id'])
        self.send(self._publisher, array_to_image(frame, 'mono8', header))
        self._note_drawn(started)
        self._drawn_at = now
        self._is_dark = not frame.any()
        self._observation = None

    def _note_drawn(self, started: Time) -> None:
        ended = self.get_clock().now()
        self._rate.tick()
        self._drawing.add((ended - started).nanoseconds / 1e6)
        if self._observation is not None:
            self._since_stamp.add((to_seconds(ended) - to_seconds(self._observation)) * 1e3)

    def diagnose(self) -> list[Diagnosis]:
        """Report rates and milliseconds."""
        diagnosis = Diagnosis(
            'face',
            values={
                'frames': self._rate.count,
                'rate_hz': self._rate.hz,
                'malformed': self._malformed,
                **self._drawing.percentiles('drawing'),
                **self._since_stamp.percentiles('since_stamp'),
            },
        )
        if self._malformed:
            diagnosis.warn(f'{self._malformed} states ignored; the last: {self._last_problem}')
        return [diagnosis]

    def _now(self) -> float:
        return to_seconds(self.get_clock().now())


def main() -> int:
    """Run the node."""
    return run(FaceSketcherNode)
