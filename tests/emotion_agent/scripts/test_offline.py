# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""A script played to the engine does what the calls that it stands for would do."""

import pytest

from emotion_agent.neuromodulation import ConfigError, EmotionEngine, load
from emotion_agent.scripts.offline import run_script
from emotion_agent.scripts.script import Feeling, PlayedPerson, Script, ScriptedStimulus


def test_a_script_plays_in_the_order_of_time():
    script = Script(
        20.0,
        (
            ScriptedStimulus(3.0, 'praise', 0.5, None),
            ScriptedStimulus(3.1, 'praise', 1.0, None),
            ScriptedStimulus(5.0, 'charging', 1.0, 4.0),
            ScriptedStimulus(12.05, 'picked_up', 1.0, None),
        ),
    )

    readings, stimuli, people = run_script(load(), script, step_s=0.5)

    # The second praise is within the refractory time of the first.
    assert stimuli == [(3.0, 'praise'), (5.0, 'charging'), (12.05, 'picked_up')]
    assert [reading.stamp_s for reading in readings] == sorted(r.stamp_s for r in readings)
    assert (readings[0].stamp_s, readings[-1].stamp_s) == (0.0, 20.0)
    engine = EmotionEngine(load(), now_s=0.0)
    engine.stimulate('praise', 0.5, now_s=3.0)
    engine.stimulate('praise', now_s=3.1)
    engine.stimulate('charging', duration_s=4, now_s=5.0)
    engine.stimulate('picked_up', now_s=12.05)
    assert readings[-1] == engine.read(20.0)
    assert not any(people)


def test_a_script_with_an_unknown_stimulus_is_refused():
    script = Script(9.0, (ScriptedStimulus(1.0, 'prase', 1.0, None),))

    with pytest.raises(ConfigError, match="at 1 s: .* got 'prase'; did you mean praise?"):
        run_script(load(), script)


def test_a_played_person_acts_on_the_state_as_on_the_node():
    smile = (Feeling(2.0, 0.0, 0.0), Feeling(4.0, 0.8, 0.2))
    script = Script(30.0, people=(PlayedPerson(2.0, 12.0, 'anna', smile),))

    readings, stimuli, people = run_script(load(), script)

    assert stimuli == [(2.0, 'face_seen'), (pytest.approx(17.0, abs=0.11), 'face_lost')]
    stamps = [reading.stamp_s for reading in readings]
    assert stamps == sorted(stamps)
    seen = [one.valence for one in people if one]
    assert (seen[0], seen[-1]) == (0.0, 0.8)
    at_its_end = readings[max(n for n, one in enumerate(people) if one)]
    assert at_its_end.dominant == 'joy'
    alone, *_ = run_script(load(), Script(30.0))
    assert at_its_end.valence > alone[-1].valence + 0.2
