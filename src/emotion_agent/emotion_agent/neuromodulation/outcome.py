# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""What can become of a stimulus or an observation, and what is counted."""

from dataclasses import dataclass

from emotion_agent.neuromodulation.sections import SPAN_S

HISTORY_S = 10.0  # an event may arrive this late
FUTURE_S = 1.0  # a stamp may be this far ahead of the clock
MOST_EVENTS = 3000  # that are kept of the last `HISTORY_S`, as late ones may come before them
MOST_EFFECTS = 250  # of stimuli that flow, or wait for their delay, at a time
LATE_STEPS_HZ = 1000.0  # so many states a second may be computed again because of late events
LATE_BURST_S = 1.0  # those of so many seconds at once

# What `EmotionEngine.counters` counts, and what to do when a number grows.
COUNTERS = {
    'accepted': 'stimuli that acted or will act',
    'observed': 'observations of a human that were taken',
    'strengthened': 'same name and stamp again, stronger: the stronger one counts',
    'duplicate': 'same name and stamp again: one publisher is enough',
    'crowded': f'more than {MOST_EVENTS} events in {HISTORY_S:g} s or {MOST_EFFECTS} effects at '
    'a time: publish less often, or with a shorter duration',
    'refractory': 'repeated too soon: publish edges, not samples, or lower refractory_s',
    'unknown': 'not in the library: see ~/list_stimuli, or add it under emotion.stimuli',
    'invalid': 'not a number where one is needed: correct the publisher',
    'clipped': 'out of range, clipped: intensity and confidence 0..1, valence and arousal -1..1, '
    f'duration up to {SPAN_S.high:g} s',
    'late': f'older than {HISTORY_S:g} s on arrival: synchronise the clocks or lower the latency',
    'future': f'stamped more than {FUTURE_S:g} s ahead, taken as now: synchronise the clocks',
    'below_gate': 'observation less certain than emotion.empathy.p_min: better light or camera',
    'clock_jumps': 'the clock went backwards: expected when a recording loops',
}


@dataclass(frozen=True)
class Outcome:
    """What became of a stimulus or an observation."""

    accepted: bool
    reason: str  # a key of `COUNTERS`
    stamp_s: float | None = None  # when it counts, s
    intensity: float | None = None  # after clipping; None for an observation
    clipped: bool = False
    future: bool = False  # stamped too far ahead, so it counted as now
    detail: str = ''  # why it was not accepted, and what to do
