# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""What the node `face_sketcher` draws, and when."""

from collections.abc import Callable, Collection, Mapping, Sequence
from time import perf_counter
from typing import Any, NamedTuple

import numpy as np

from emotion_agent.animation import Decoder, FaceAnimator
from emotion_agent.animation.decoders import DECODERS, make_decoder
from emotion_agent.logic import HEADER, IMAGE, TIME, Clock, Make
from emotion_agent.logic.identity_file import IdentityFileError, read_proportions
from emotion_agent.logic.life_settings import LIFE, LIFE_TABLE, life_of
from emotion_agent.logic.shown_expression import (
    NO_FEELING,
    Feeling,
    feeling_of_expression,
    feeling_of_state,
)
from emotion_models.drawing import Identity
from emotion_models.drawing.parts import FACIAL_UNITS, PROPORTIONS
from node_kit.images import image_fields
from node_kit.settings import Setting
from node_kit.time import stamp_fields, to_nanoseconds

OBSERVED_PERIOD_S = 1.0 / 30.0
STILL_PERIOD_S = 1.0
IDENTITY = 'identity.'
MIRROR, IDENTITY_FROM = 'mirror', 'identity_from'
_UNITS = {
    'eye_roundness': 'exponent: 2 is an ellipse',
    'nose': '0 = none',
    'eye_fill': '0 = outlines, 1 = filled',
}
GAZE_HOLD_S = 2.0  # after a gaze was given the face does not look at people for so long
ATTENDED_S = 2.0  # a state says for so long whom to look at
_NEAR, _NEAREST = 0.3, 0.7  # height of a face, relative to the image, at which the eyes converge
SEEN_S = 1.0  # somebody who was seen by so long ago can be drawn
WITHOUT_UNITS_S = 2.0  # faces without action units come for so long until that is said
STARTLE_PAUSE_S = 0.5  # a startle that comes sooner after another one waits for the tick
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
    Setting(MIRROR, 0.0, 'how much of the action units of the person whom it looks at is added to '
            'the face; needs action_units of affect_estimator', 0.0, 1.0),
    Setting('expression_s', 2.0, 'an expression of show_expression is shown for so long, s', 0.1,
            3600.0),
    Setting(IDENTITY_FROM, '', 'point of a face (emotion-models sketch --save-z) whose '
            'proportions the face has: name of NAME.json in identity_folder; at start also a '
            'file. Setting it ends draw_me, too'),
    Setting('identity_folder', '', 'folder of points of faces, NAME.json', fixed=True),
    *(
        Setting(IDENTITY + name, getattr(Identity.default(), name),
                f'{name.replace("_", " ")} of the face, {_UNITS.get(name, "px")}', low, high)
        for name, (low, high) in Identity.ranges().items()
    ),
    *LIFE_TABLE,
)  # fmt: skip


_OTHER_SIDE = {'left': 'right', 'right': 'left'}
_EXCHANGED = np.array(
    [
        FACIAL_UNITS.index(f'{stem}_{_OTHER_SIDE[side]}' if side in _OTHER_SIDE else name)
        for name in FACIAL_UNITS
        for stem, _, side in [name.rpartition('_')]
    ]
)
"""Columns of action units with left and right exchanged."""


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

    A new observation is answered at once, at most 30 times a second, and so is a startle;
    everything else is drawn by `tick`, often while something moves and once a second while nothing
    does.

    Attributes:
        drawn_by: the decoder that draws, `parametric` where the one asked for cannot be loaded.
        decoder_problem: why the one asked for cannot be loaded; '' = it is.
        states: that were taken.
        spoken: openings of the mouth that came.
        expressions: that came to be shown.
        malformed: states, gazes, expressions, openings of the mouth, action units and proportions
            that were ignored.
        last_problem: what was wrong with the newest of them.
        identity_problem: why `identity_from` could not be read at the start; '' = it could.
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

        Raises:
            ValueError: if settings of `life.*` contradict each other.
        """
        self._settings = settings
        self._make = make
        self._clock = clock
        self._send = send
        self._warn = warn
        self._identity = identity_of(settings)
        self._decoder = self._make_decoder()
        self._own = self._chosen_proportions()  # of a file; none = those of the settings
        self._decoder.identity = self._identity = self._own_identity()
        self._animator = FaceAnimator(
            life_of(settings), settings['seed'], self._decoder, mirror=settings[MIRROR]
        )
        self._seen: tuple[Any, float] | None = None  # the newest face attended to, and when
        self._without_units_s: float | None = None  # since when faces come without them
        self._says_units_are_missing = False
        self._mirrored = settings[MIRROR]  # share that the animator knows
        self._begin_mirror()
        self.states = self.spoken = self.expressions = self.malformed = 0
        self.last_problem = ''
        self._gaze_given_s = -np.inf
        self._attended, self._attended_s = '', -np.inf  # face_id, and since when it is attended to
        self._observation_ns: int | None = None  # that no drawing has answered yet
        self._newest_observation_ns = 0
        self._frame: np.ndarray | None = None  # the newest picture
        self._drawn_s = -np.inf
        self._next_answer_s = 0.0
        self._felt = NO_FEELING  # of the newest state
        self._shown_s: tuple[float, float] | None = None  # an expression outranks it: from, to
        self._dominant, self._startled_s = '', -np.inf
        self._goes_on_with_tick = False  # a startle was drawn between two ticks; it takes no pause
        self._last_change_ns = 0

    def take_state(self, state: Any) -> None:
        """Leave for the expression of a new state; answer the observation in it, if it is new."""
        self.states += 1
        now_ns = self._effect_ns(state)
        now_s = now_ns / 1e9
        try:
            self._felt = feeling_of_state(state)
        except ValueError as error:
            self._ignore('state', f'ignored a state: {error}')
            return
        if self._shown_s is None:
            self._feel(self._felt, now_s)
        self._attended, self._attended_s = state.attended_face, now_s
        if (change_ns := to_nanoseconds(state.last_change_stamp)) != self._last_change_ns:
            # A stimulus keeps the face awake, also where it changes nothing that is to be seen.
            self._last_change_ns = change_ns
            self._animator.wake(now_s)
        is_startled = self._is_startled_by(state, now_s)
        if self._shown_s is not None:
            return
        observation_ns = to_nanoseconds(state.observation_stamp)
        is_new = observation_ns not in (0, self._newest_observation_ns)
        if is_new:
            self._newest_observation_ns = self._observation_ns = observation_ns
        if is_startled or (is_new and self._may_answer(now_s)):
            started_s = perf_counter()
            frame = self._animator.frame(now_s)
            if is_new or frame is not self._frame:
                self._show(frame, now_ns, started_s)
            self._goes_on_with_tick = is_startled

    def reconfigure(self, given: Collection[str]) -> None:
        """Follow the settings that were set: another face, mirror or way of moving."""
        if any(name.startswith(IDENTITY) or name == IDENTITY_FROM for name in given):
            self.change_face()
        if MIRROR in given:
            self._begin_mirror()
        if any(name.startswith(LIFE) for name in given):
            self._live_otherwise()

    def change_face(self) -> None:
        """Turn into the face that the settings describe by now, also where it was somebody's."""
        try:
            self._own = self.read_proportions(self._settings)
        except IdentityFileError as error:
            self._ignore('identity', error.without_content)
        self._turn_into(self._own_identity())

    def read_proportions(
        self, settings: Mapping[str, Any], only_names: bool = False
    ) -> np.ndarray | None:
        """The proportions of `identity_from`, see `identity_file.read_proportions`."""
        return read_proportions(settings, getattr(self._decoder, 'space', None), only_names)

    def draw_me(self) -> tuple[bool, str]:
        """
        Turn into the person who is attended to; into the own face where nobody is there.

        Returns:
            Whether it was done, and what, or why not. Nothing of the person is kept but the face
            that is drawn.
        """
        now_s = self._now_s()
        if not self._animator.has_parts:
            return False, f'the {self.drawn_by} face cannot change; set decoder to parametric'
        self._forget_whom_it_saw(now_s)
        if self._seen is None:
            self._turn_into(self._own_identity())
            return True, 'nobody is seen: the own face'
        proportions = self._seen[0].proportions
        if not len(proportions):
            return False, (
                'the face comes without proportions: set share_proportions of affect_estimator '
                'to true'
            )
        try:
            identity = self._identity_with(proportions)
        except ValueError as error:
            self._ignore('proportions', f'ignored proportions: {error}')
            return False, f'the proportions are none: {error}'
        self._turn_into(identity)
        return True, 'the face of the person who is attended to'

    def take_gaze(self, point: Any) -> None:
        """Look at a point of the panel's plane: x to the right and y down, [-1, 1]; z nearness."""
        now_s = self._now_s()
        try:
            self._animator.look_at(point.x, point.y, now_s, point.z)
        except ValueError as error:
            self._ignore('gaze', f'ignored a gaze: {error}')
            return
        self._gaze_given_s = now_s

    def take_expression(self, message: Any) -> None:
        """Show an `Expression` above the states for `expression_s`; an empty one ends that."""
        now_s = self._now_s()
        self.expressions += 1
        try:
            feeling = feeling_of_expression(message)
        except ValueError as error:
            self._ignore('expression', f'ignored an expression: {error}')
            return
        if feeling is None:
            self._end_expression(now_s)
            return
        self._shown_s = now_s, now_s + self._settings['expression_s']
        self._feel(feeling, now_s)
        self._animator.wake(now_s)

    def take_mouth(self, message: Any) -> None:
        """Open the mouth as a voice does: `data` from 0 = shut to 1 = open."""
        self.spoken += 1
        try:
            self._animator.speak(message.data, self._now_s())
        except ValueError as error:
            self._ignore('mouth', f'ignored speech: {error}')
            return
        if not self._animator.has_parts:
            self._warn('speech', f'mouth: ignored, as the {self.drawn_by} face has no parts')

    def take_faces(self, affect: Any) -> None:
        """
        Look at the person whom the state answers, or at the largest face where it names nobody.

        While that person is out of view, and for a while after a gaze was given, at nobody else.
        Of the same person as much is mirrored as the settings say.
        """
        now_s = self._now_s()
        face = self._face_to_look_at(affect.faces, now_s) if affect.faces else None
        if face is None:
            return
        self._seen = face, now_s
        if self._settings[MIRROR] > 0.0 and self._animator.has_parts:
            self._mirror(face.action_units, now_s)
        if not affect.image_width or not affect.image_height:
            return
        if 0.0 <= now_s - self._gaze_given_s < GAZE_HOLD_S:
            return
        roi = face.roi
        x = 2.0 * (roi.x_offset + roi.width / 2) / affect.image_width - 1.0
        y = 2.0 * (roi.y_offset + roi.height / 2) / affect.image_height - 1.0
        nearness = (roi.height / affect.image_height - _NEAR) / (_NEAREST - _NEAR)
        self._animator.look_at(-x if self._settings['gaze_mirrored'] else x, y, now_s, nearness)

    def tick(self) -> None:
        """Draw if something is to be seen that the last drawing does not show."""
        now_ns = self._now_ns()
        now_s = now_ns / 1e9
        self._forget_whom_it_saw(now_s)
        still_s = now_s - self._drawn_s
        pause_s = 0.0 if self._goes_on_with_tick else 0.9 / self._settings['rate_hz']
        if still_s == 0.0 or 0.0 <= still_s < pause_s:
            return  # An observation was answered just now.
        self._goes_on_with_tick = False
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

    def _chosen_proportions(self) -> np.ndarray | None:
        """Those of `identity_from`, or none with a warning: the own face is drawn."""
        self.identity_problem = ''
        try:
            return self.read_proportions(self._settings)
        except IdentityFileError as error:
            self.identity_problem = str(error)
            self._warn('identity', f'{error}; drawing the own face')
            return None

    def _own_identity(self) -> Identity:
        own = identity_of(self._settings)
        return own if self._own is None else own.with_proportions(self._own)

    def _identity_with(self, proportions: Sequence[float]) -> Identity:
        """The own style with somebody's proportions, which no message tells."""
        if len(proportions) != len(PROPORTIONS):
            raise ValueError(f'expected {len(PROPORTIONS)} numbers, got {len(proportions)}')
        values = np.asarray(proportions, float)
        if not ((values >= 0.0) & (values <= 1.0)).all():
            raise ValueError(f'expected {len(PROPORTIONS)} numbers in [0, 1], some are not')
        return identity_of(self._settings).with_proportions(values)

    def _turn_into(self, identity: Identity) -> None:
        self._identity = identity
        self._animator.change_face(identity, self._now_s())

    def _begin_mirror(self) -> None:
        """Take on as much of people as the settings say by now."""
        amount = self._settings[MIRROR]
        self._without_units_s, self._says_units_are_missing = None, amount > 0.0
        if amount != self._mirrored:
            self._mirrored = amount
            self._animator.set_mirror(amount, self._now_s())
        if amount > 0.0 and not self._animator.has_parts:
            self._warn(MIRROR, f'mirror: ignored, as the {self.drawn_by} face has no parts')

    def _live_otherwise(self) -> None:
        """Move as the settings say by now; in a replay they may contradict what was given."""
        try:
            self._animator.reconfigure(life_of(self._settings), self._now_s())
        except ValueError as error:
            self._ignore('life', f'ignored a change of {error}')

    def _mirror(self, units: Sequence[float], now_s: float) -> None:
        """Take on the action units of a person; left and right as the panel has them."""
        if not len(units):
            self._miss_units(now_s)
            return
        self._without_units_s = None
        if len(units) != len(FACIAL_UNITS):
            problem = f'expected {len(FACIAL_UNITS)} action units, got {len(units)}'
            self._ignore('units', f'ignored action units: {problem}')
            return
        values = np.asarray(units, float)
        try:
            values = values[_EXCHANGED] if self._settings['gaze_mirrored'] else values
            self._animator.mirror(values, now_s)
        except ValueError as error:
            self._ignore('units', f'ignored action units: {error}')

    def _miss_units(self, now_s: float) -> None:
        """Say once that faces have no units; one that hardly shows may have none for a while."""
        if self._without_units_s is None or now_s < self._without_units_s:
            self._without_units_s = now_s
        elif self._says_units_are_missing and now_s - self._without_units_s >= WITHOUT_UNITS_S:
            self._says_units_are_missing = False
            self._warn(
                MIRROR,
                'mirror: the faces come without action units: set action_units of '
                'affect_estimator to true; where it is, the log of that node says what is missing',
            )

    def _forget_whom_it_saw(self, now_s: float) -> None:
        if self._seen is not None and not 0.0 <= now_s - self._seen[1] <= SEEN_S:
            self._seen = None

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
        now_ns, stamp_ns = self._now_ns(), to_nanoseconds(state.header.stamp)
        return stamp_ns if 0 <= now_ns - stamp_ns <= RECENT_S * 1e9 else now_ns

    def _is_startled_by(self, state: Any, now_s: float) -> bool:
        """Whether surprise takes over, which does not wait for the next tick."""
        was, self._dominant = self._dominant, state.dominant
        if state.dominant != 'surprise' or was == 'surprise':
            return False
        is_again = 0.0 <= now_s - self._startled_s < STARTLE_PAUSE_S
        if not is_again:
            self._startled_s = now_s
        return not is_again

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
        return self._now_ns() / 1e9

    def _now_ns(self) -> int:
        """
        Read the clock; an expression that is over by now has ended when it was.

        So it does not matter when somebody looks, and a recording moves alike.
        """
        now_ns = self._clock()
        if self._shown_s is not None:
            start_s, end_s = self._shown_s
            if not start_s <= now_ns / 1e9 < end_s:
                self._end_expression(min(end_s, now_ns / 1e9))
        return now_ns

    def _end_expression(self, now_s: float) -> None:
        if self._shown_s is not None:
            self._shown_s = None
            self._feel(self._felt, now_s)

    def _feel(self, feeling: Feeling, now_s: float) -> None:
        self._animator.set_emotion(**feeling._asdict(), now_s=now_s)


def identity_of(settings: Mapping[str, Any]) -> Identity:
    """The face that the settings describe."""
    return Identity(**{name: settings[IDENTITY + name] for name in Identity.ranges()})
