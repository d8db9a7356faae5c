# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""Who holds what by hand, and until when."""

from emotion_agent.panels.plane import Affect
from emotion_agent.web.hands import Hands

GLAD, SAD = Affect(0.5, 0.0), Affect(-0.5, 0.0)


def test_one_browser_plays_the_person_until_it_ends_it():
    hands = Hands()

    assert hands.play(1, 'browser 1', GLAD) == ''
    assert hands.play(2, 'browser 2', SAD) == 'browser 1 plays the person: one at a time'
    assert hands.play(2, 'browser 2', None) == ''
    assert hands.person == GLAD
    assert [hands.player_line(number) for number in (1, 2)] == [
        'you play the person',
        'browser 1 plays the person',
    ]
    hands.play(1, 'browser 1', None)
    assert hands.play(2, 'browser 2', SAD) == ''
    assert (hands.person, hands.player_line(1)) == (SAD, 'browser 2 plays the person')


def test_what_a_browser_holds_ends_with_it():
    hands = Hands()
    hands.play(1, 'browser 1', GLAD)
    hands.open_mouth(1, 0.5)
    hands.look(1, (0.5, 0.0))
    hands.look(2, (-0.5, 0.0))

    hands.leave(1)

    assert (hands.person, hands.mouth, hands.gaze) == (None, None, (-0.5, 0.0))
    assert hands.player_line(2) == ''
    hands.leave(2)
    assert hands.gaze is None
