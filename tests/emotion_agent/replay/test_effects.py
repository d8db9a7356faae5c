# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""A recording is replayed as it was, in whatever order its messages came into the bag."""

import pytest
from bag_maker import START_NS, Line
from life import Life

from emotion_agent.commands.cli import main
from emotion_agent.logic import AFFECT, HEADER
from node_kit.time import to_nanoseconds

LATE_S = {
    'observations after their states': {'human_affect': 0.0031},
    'causes after their states': {'causes': 0.0013},
    'both after their states': {'human_affect': 0.0031, 'causes': 0.0023},
    'states late': {'state': 0.15},
    'causes before the state before theirs': {'causes': -0.12},
}


class JustStarted(Life):
    """Recorded from its first moment; what is seen reaches it only a while after each start."""

    _is_recorded = True

    def start(self):
        super().start()
        self._hears_ns = self._now_ns + 1_300_000_000

    @property
    def hears(self):
        return self._now_ns > self._hears_ns


class Prompt(Life):
    """Its stimuli have no stamps of their own: they happen when they arrive."""

    def stimulate(self, name):
        stimulus = self._maker.stimulus(name, 0.0)
        stimulus.header = self._maker.messages.make(HEADER)
        self._now_ns += 1_000
        self.keeper.stimulate(stimulus)


def late(lines, late_s):
    """The lines as they are recorded where some topics come late."""
    moved = [line._replace(at_s=line.at_s + late_s.get(line.topic.rpartition('/')[2], 0.0))
             for line in lines]  # fmt: skip
    return sorted(moved, key=lambda line: line.at_s)


def differences(bag, out, capfd):
    capfd.readouterr()
    status = main(['compare', str(bag), str(out), '--topics', '/emotion/state'])
    return status, capfd.readouterr().out


@pytest.mark.parametrize('order', LATE_S)
@pytest.mark.parametrize('seed', [1, 2])
def test_states_come_again_in_whatever_order_they_were_recorded(
    maker, replay, capfd, tmp_path, order, seed
):
    life = Prompt(maker, seed, temperament='touchy')
    life.go_on(35.0)
    bag = maker.write(tmp_path / 'life', late(life.lines, LATE_S[order]))

    status, said, out = replay(bag, '--at-recorded-stamps')

    assert status == 0, said
    status, words = differences(bag, out, capfd)
    assert status == 0, words


@pytest.mark.parametrize('order', [{}, {'human_affect': 0.0031}])
def test_what_a_starting_agent_did_not_receive_is_not_played_to_it(
    maker, replay, capfd, tmp_path, order
):
    life = JustStarted(maker, temperament='touchy')
    life.go_on(25.0, [(16.0, lambda life: life.restart(temperament='calm'))])
    bag = maker.write(tmp_path / 'life', late(life.lines, order))

    status, said, out = replay(bag, '--at-recorded-stamps')

    assert status == 0, said
    status, words = differences(bag, out, capfd)
    assert status == 0, words


def test_it_is_not_played_in_the_own_rhythm_either(maker, replay, read, tmp_path):
    life = JustStarted(maker)
    life.go_on(5.0)
    bag = maker.write(tmp_path / 'life', life.lines)

    _, _, out = replay(bag)

    was, again = (
        [cause.header.stamp for cause in read(path, '/emotion/emotion_state/causes')
         if cause.name == 'face_seen']
        for path in (bag, out)
    )  # fmt: skip
    assert to_nanoseconds(was[0]) > START_NS + 1_000_000_000
    assert again == was


def test_what_it_would_not_have_answered_is_played_under_other_parameters(
    maker, replay, read, tmp_path
):
    life = Life(maker)
    life.go_on(14.5)
    unsure = maker.affect(0.0).faces
    unsure[0].confidence = 0.2
    seen = [Line('/emotion/human_affect', AFFECT, at_s, maker.affect(at_s - 0.01, faces=unsure))
            for at_s in (14.6, 14.8, 15.0)]  # fmt: skip
    bag = maker.write(tmp_path / 'life', [*life.lines, *seen])
    bold = tmp_path / 'bold.yaml'
    bold.write_text('emotion: {empathy: {p_min: 0.1}}')

    _, _, usual = replay(bag, out='usual.mcap')
    _, _, other = replay(bag, '--temperament', str(bold), out='other.mcap')

    assert 'face_seen' not in {
        cause.name for cause in read(usual, '/emotion/emotion_state/causes')
    }
    assert 'face_seen' in {cause.name for cause in read(other, '/emotion/emotion_state/causes')}
