# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""The life of a robot without ROS, and what a recorder gets that was started in its middle."""

from random import Random

from bag_maker import START_NS, Line

from emotion_agent.logic import AFFECT, EVENT, PARAMETER_EVENT, STATE, STIMULUS
from emotion_agent.logic.emotion_state import TABLE, StateKeeper
from emotion_agent.logic.events import AT_START
from node_kit.settings import checked

RATE_HZ = 10.0
RECORDED_S = 13.37  # when the recorder is started
NAMES = ('praise', 'insult', 'loud_sound', 'touch_gentle', 'low_battery')


class Life:
    """
    A state node on a clock of nanoseconds, and a recorder that is started in the middle of it.

    Attributes:
        lines: what the recorder got.
        hears: whether observations reach the state node.
    """

    hears = True

    def __init__(self, maker, seed=0, **settings):
        self.lines = []
        self.settings = checked(TABLE, settings)
        self._maker = maker
        self._random = Random(seed)
        self._now_ns = START_NS
        self._has_snapshot = False
        self.start()

    def start(self):
        self._name = AT_START
        self.keeper = StateKeeper(
            self.settings,
            self._maker.messages.make,
            lambda: self._now_ns,
            self._send_state,
            lambda cause: self._record('emotion_state/causes', STIMULUS, cause),
            lambda event: self._record('events', EVENT, event),
            lambda kind, text: None,
        )

    def restart(self, **settings):
        """As a respawned node without a file of its state."""
        self.settings = checked(TABLE, settings)
        self.start()
        self._has_snapshot = False

    def set(self, **settings):
        values = {name.replace('__', '.'): value for name, value in settings.items()}
        self.settings.update(values)
        self.keeper.reconfigure(set(values))

    def go_on(self, seconds, happened=()):
        """Publish at the rate, see somebody now and then, and let things happen: (at s, what)."""
        end_ns = self._now_ns + round(seconds * 1e9)
        waiting = sorted(happened, key=lambda item: item[0])
        start_ns, tick_ns, look_ns = self._now_ns, self._now_ns, self._now_ns
        while self._now_ns < end_ns:
            self._now_ns += self._random.randrange(1_000_000, 40_000_000)
            while waiting and self._now_ns >= start_ns + waiting[0][0] * 1e9:
                self._now_ns += 1_234
                waiting.pop(0)[1](self)
            if self._now_ns >= look_ns:
                look_ns = self._now_ns + 200_000_000
                self.see()
            if self._now_ns >= tick_ns:
                tick_ns += round(1e9 / RATE_HZ)
                self.keeper.tick()
            if self._random.random() < 0.02:
                self.stimulate(self._random.choice(NAMES))

    def see(self):
        at_s = (self._now_ns - START_NS) / 1e9
        if at_s % 15.0 > 6.0:
            affect = self._maker.affect(at_s - 0.02, faces=[])
        else:
            affect = self._maker.affect(at_s - 0.02, 0.8 if at_s % 4 < 2 else -0.7)
        self._record('human_affect', AFFECT, affect)
        self._now_ns += self._random.randrange(1_000, 2_000_000)
        if self.hears:
            self.keeper.observe(self._arrived(AFFECT, affect))

    def stimulate(self, name):
        late_s = self._random.choice([0.0, 0.0, 0.3, 4.0])
        at_s = (self._now_ns - START_NS) / 1e9 - late_s
        stimulus = self._maker.stimulus(name, at_s)
        self._record('stimulus', STIMULUS, stimulus)
        self._now_ns += self._random.randrange(1_000, 1_000_000)
        self.keeper.stimulate(self._arrived(STIMULUS, stimulus))

    @property
    def _is_recorded(self):
        return self._now_ns > START_NS + RECORDED_S * 1e9

    def _send_state(self, state):
        if self._is_recorded and not self._has_snapshot:
            self._has_snapshot = True
            snapshot = self.keeper.snapshot(self._now_ns, self._name)
            self._record('emotion_state/snapshot', EVENT, snapshot)
            self._name = ''
        self._record('state', STATE, state)

    def _record(self, topic, msgtype, message):
        if not self._is_recorded:
            return
        at_s = (self._now_ns - START_NS + 50_000) / 1e9
        self.lines.append(
            Line(f'/emotion/{topic}', msgtype, at_s, self._arrived(msgtype, message))
        )

    def _arrived(self, msgtype, message):
        """A message as a subscriber gets it."""
        messages = self._maker.messages
        return messages.from_bytes(msgtype, messages.to_bytes(msgtype, message))

    def change(self, node, **values):
        """All parameters of another node, after a change of them."""
        make = self._maker.messages.make
        types = {bool: (1, 'bool_value'), int: (2, 'integer_value'), float: (3, 'double_value'),
                 str: (4, 'string_value')}  # fmt: skip
        parameters = []
        for name, value in values.items():
            kind, field = types[type(value)]
            typed = make('rcl_interfaces/msg/ParameterValue', type=kind, **{field: value})
            parameters.append(make('rcl_interfaces/msg/Parameter', name=name, value=typed))
        stamp = self._maker.header((self._now_ns - START_NS) / 1e9).stamp
        message = make(
            PARAMETER_EVENT, stamp=stamp, node=f'/emotion/{node}', new_parameters=parameters
        )
        self._record('parameters', PARAMETER_EVENT, message)
