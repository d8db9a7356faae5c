# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""What the node `face_sketcher` draws, and when."""

from collections.abc import Callable, Mapping, Sequence
from time import perf_counter
from typing import Any, NamedTuple

import numpy as np

from emotion_agent.animation import AnimatorConfig, Decoder, FaceAnimator
from emotion_agent.animation.decoders import DECODERS, make_decoder
from emotion_agent.logic import HEADER, IMAGE, TIME, Clock, Make
from emotion_agent.neuromodulation import EMOTIONS
from emotion_models.drawing import Identity
from node_kit.images import image_fields
from node_kit.settings import Setting
from node_kit.time import stamp_fields, to_nanoseconds

OBSERVED_PERIOD_S = 1.0 / 30.0
STILL_PERIOD_S = 1.0
IDENTITY = 'identity.'
_UNITS = {'eye_roundness': 'exponent: 2 is an ellipse', 'nose': '0 = none'}
GAZE_HOLD_S = 2.0  # after a gaze was given the face does not look at people for so long
ATTENDED_S = 2.0  # a state says for so long whom to look at
_NEAR, _NEAREST = 0.3, 0.7  # height of a face, relative to the image, at which the eyes converge
RECENT_S = 1.0  # a state that is older, or ahead of the clock, counts from its arrival

TABLE = (
    Setting('rate_hz', 25.0, 'frames a second while something moves, Hz', 1.0, 60.0,
            fixed=True),
    Setting('frame_id', 'face_display', 'frame of the images', fixed=True),
    Setting('seed', 0, 'of blinks and glances', 0, 2**31 - 1, fixed=True),
    Setting('decoder', 'latent', 'what draws: the learned face, the computed one, or pictures '
            'of your own', choices=DECODERS, fixed=True),
    Setting('model', 'sketch', 'the learned face: name of a shipped model, or path of a folder',
            fixed=True),
    Setting('folder', '', 'your own pictures: neutral.png, joy.png, fear.png, …', fixed=True),
    Setting('gaze_mirrored', True, 'the camera looks at the person as the face does, so '
            'somebody on the left of the image is on the right of the panel'),
    *(
        Setting(IDENTITY + name, getattr(Identity.default(), name),
                f'{name.replace("_", " ")} of the face, {_UNITS.get(name, "px")}', low, high)
        for name, (low, high) in Identity.ranges().items()
    ),
)  # fmt: skip


class Drawn(NamedTuple):
    """
    One picture of the face.

    Args:
        image: the message.
        is_answer: whether it shows an observation for the first time.
        took_ms: how long the drawing took, ms.
    """

    image: Any
    is_answer: bool
    took_ms: float


class Sketcher:
    """
    Gives a `FaceAnimator` the state and a point to look at, and draws what is due.

    A new observation is answered at once, at most 30 times a second; everything else is drawn by
    `tick`, often while something moves and once a second while nothing does.

    Attributes:
        drawn_by: the decoder that draws, `parametric` where the one asked for cannot be loaded.
        decoder_problem: why the one asked for cannot be loaded; '' = it is.
        malformed: states and gazes that were ignored.
        last_problem: what was wrong with the newest of them.
    """

    def __init__(
        self,
        settings: Mapping[str, Any],
        make: Make,
        clock: Clock,
        send: Callable[[Drawn], None],
        warn: Callable[[str, str], None],
    ):
        """
        Start with a neutral face.

        Args:
            settings: of `TABLE`.
            make: makes messages.
            clock: the time, ns.
            send: gets every picture.
            warn: gets the kind of everything that is ignored, and a line about it.
        """
        self._settings = settings
        self._make = make
        self._clock = clock
        self._send = send
        self._warn = warn
        self._identity = identity_of(settings)
        self._animator = FaceAnimator(
            AnimatorConfig(), seed=settings['seed'], decoder=self._make_decoder()
        )
        self.malformed = 0
        self.last_problem = ''
        self._gaze_given_s = -np.inf
        self._attended, self._attended_s = '', -np.inf  # face_id, and since when it is attended to
        self._observation_ns: int | None = None  # that no drawing has answered yet
        self._newest_observation_ns = 0
        self._frame: np.ndarray | None = None  # the newest picture
        self._drawn_s = -np.inf
        self._next_answer_s = 0.0
        self._last_change_ns = 0

    def take_state(self, state: Any) -> None:
        """Leave for the expression of a new state; answer the observation in it, if it is new."""
        now_ns = self._effect_ns(state)
        now_s = now_ns / 1e9
        try:
            self._animator.set_emotion(
                np.array([getattr(state, f'visible_{name}') for name in EMOTIONS]),
                arousal=state.arousal,
                intensity=state.intensity,
                dominant=state.dominant,
                now_s=now_s,
                affect=(state.visible_valence, state.visible_arousal),
            )
        except ValueError as error:
            self._ignore('state', f'ignored a state: {error}')
            return
        self._attended, self._attended_s = state.attended_face, now_s
        if (change_ns := to_nanoseconds(state.last_change_stamp)) != self._last_change_ns:
            # A stimulus keeps the face awake, also where it changes nothing that is to be seen.
            self._last_change_ns = change_ns
            self._animator.wake(now_s)
        observation_ns = to_nanoseconds(state.observation_stamp)
        if observation_ns in (0, self._newest_observation_ns):
            return
        self._newest_observation_ns = self._observation_ns = observation_ns
        if self._may_answer(now_s):
            started_s = perf_counter()
            self._show(self._animator.frame(now_s), now_ns, started_s)

    def change_face(self) -> None:
        """Turn into the face that the settings describe by now."""
        self._identity = identity_of(self._settings)
        self._animator.change_face(self._identity, self._now_s())

    def take_gaze(self, point: Any) -> None:
        """Look at a point of the panel's plane: x to the right and y down, [-1, 1]; z nearness."""
        now_s = self._now_s()
        try:
            self._animator.look_at(point.x, point.y, now_s, point.z)
        except ValueError as error:
            self._ignore('gaze', f'ignored a gaze: {error}')
            return
        self._gaze_given_s = now_s

    def take_faces(self, affect: Any) -> None:
        """
        Look at the person whom the state answers, or at the largest face where it names nobody.

        While that person is out of view, and for a while after a gaze was given, at nobody else.
        """
        if not affect.faces or not affect.image_width or not affect.image_height:
            return
        now_s = self._now_s()
        if 0.0 <= now_s - self._gaze_given_s < GAZE_HOLD_S:
            return
        face = self._face_to_look_at(affect.faces, now_s)
        if face is None:
            return
        roi = face.roi
        x = 2.0 * (roi.x_offset + roi.width / 2) / affect.image_width - 1.0
        y = 2.0 * (roi.y_offset + roi.height / 2) / affect.image_height - 1.0
        nearness = (roi.height / affect.image_height - _NEAR) / (_NEAREST - _NEAR)
        self._animator.look_at(-x if self._settings['gaze_mirrored'] else x, y, now_s, nearness)

    def tick(self) -> None:
        """Draw if something is to be seen that the last drawing does not show."""
        now_ns = self._clock()
        now_s = now_ns / 1e9
        still_s = now_s - self._drawn_s
        if 0.0 <= still_s < 0.9 / self._settings['rate_hz']:
            self._animator.plan(now_s)  # An observation was answered just now.
            return
        is_due = self._is_lit() and not 0.0 <= still_s < STILL_PERIOD_S
        started_s = perf_counter()
        frame = self._animator.frame(now_s)
        if is_due or self._observation_ns is not None or frame is not self._frame:
            self._show(frame, now_ns, started_s)

    def _make_decoder(self) -> Decoder:
        """What is asked for, or the computed face, which needs no file, with a warning."""
        name, settings = self._settings['decoder'], self._settings
        self.drawn_by, self.decoder_problem = name, ''
        try:
            return make_decoder(name, settings['model'], settings['folder'], self._identity)
        except ValueError as error:
            self.decoder_problem = f'no {name} face: {error}'
            self._warn('decoder', f'{self.decoder_problem}; drawing the parametric one')
            self.drawn_by = 'parametric'
            return make_decoder('parametric', identity=self._identity)

    def _ignore(self, kind: str, problem: str) -> None:
        self.malformed += 1
        self.last_problem = problem
        self._warn(kind, problem)

    def _face_to_look_at(self, faces: Sequence[Any], now_s: float) -> Any:
        """The attended face, the largest where nobody is attended to; none if it is not there."""
        is_attending = self._attended and 0.0 <= now_s - self._attended_s < ATTENDED_S
        if not is_attending:
            return faces[0]
        return next((face for face in faces if face.face_id == self._attended), None)

    def _is_lit(self) -> bool:
        """Whether there is a picture to repeat; a dark panel is left alone."""
        return self._frame is None or bool(self._frame.any())

    def _effect_ns(self, state: Any) -> int:
        """
        When the state takes effect: at its own stamp, not when its message was taken.

        So the movement depends on the stamps alone, and a recording of them moves alike.
        """
        now_ns, stamp_ns = self._clock(), to_nanoseconds(state.header.stamp)
        return stamp_ns if 0 <= now_ns - stamp_ns <= RECENT_S * 1e9 else now_ns

    def _may_answer(self, now_s: float) -> bool:
        """Allow 30 answers a second on average; a camera of 30 Hz may come half a period early."""
        wait_s = self._next_answer_s - now_s
        if 0.0 < wait_s < STILL_PERIOD_S:
            return False  # The next tick draws it.
        is_steady = -OBSERVED_PERIOD_S / 2 <= wait_s <= 0.0
        earliest_s = self._next_answer_s if is_steady else now_s - OBSERVED_PERIOD_S / 2
        self._next_answer_s = earliest_s + OBSERVED_PERIOD_S
        return True

    def _show(self, frame: np.ndarray, now_ns: int, started_s: float) -> None:
        is_answer = self._observation_ns is not None
        stamp_ns = now_ns if self._observation_ns is None else self._observation_ns
        header = self._make(
            HEADER,
            stamp=self._make(TIME, **stamp_fields(stamp_ns)),
            frame_id=self._settings['frame_id'],
        )
        picture = self._make(IMAGE, header=header, **image_fields(frame, 'mono8'))
        self._frame, self._drawn_s = frame, now_ns / 1e9
        self._observation_ns = None
        self._send(Drawn(picture, is_answer, (perf_counter() - started_s) * 1e3))

    def _now_s(self) -> float:
        return self._clock() / 1e9


def identity_of(settings: Mapping[str, Any]) -> Identity:
    """The face that the settings describe."""
    return Identity(**{name: settings[IDENTITY + name] for name in Identity.ranges()})
