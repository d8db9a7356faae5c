# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""A real node, recorded in the middle of its life: the bag gives its states again, to the bit."""

from rclpy.parameter import Parameter
from sensor_msgs.msg import RegionOfInterest
from std_srvs.srv import Trigger

from emotion_agent.commands.cli import main
from emotion_agent.nodes.emotion_state import EmotionStateNode
from emotion_agent.nodes.recorder import Recorder
from emotion_agent.replay.bag import Bag
from emotion_msgs.msg import FaceAffect, FaceAffectArray, Stimulus
from node_kit.qos import EVENT, RESULT


class Life:
    """Stimuli and faces for a node, until a number of states was recorded."""

    def __init__(self, world, state):
        self._world = world
        self.state = state
        self._stimuli = world.publisher(Stimulus, 'stimulus', EVENT)
        self._affect = world.publisher(FaceAffectArray, 'human_affect', RESULT)

    def go_on(self, *stimuli):
        """Let each stimulus happen, with a face before and after it."""
        for name in stimuli:
            for valence in (0.8, -0.6):
                self.see(valence)
            accepted = self.state._keeper.counters['accepted']
            self._stimuli.publish(Stimulus(name=name, intensity=0.9, duration=-1.0, source='test'))
            self._world.wait_until(
                lambda before=accepted: self.state._keeper.counters['accepted'] > before, name
            )
            self.tick(3)

    def see(self, valence):
        roi = RegionOfInterest(width=50, height=50)
        face = FaceAffect(face_id='anna', roi=roi, valence=valence, arousal=0.3, confidence=0.9)
        affect = FaceAffectArray(faces=[face], image_width=640, image_height=480)
        affect.header.stamp = self._world.now()
        self._affect.publish(affect)
        self._wait_for(self.state._keeper.counters['observed'] + 1)

    def _wait_for(self, observed):
        self._world.wait_until(
            lambda: self.state._keeper.counters['observed'] >= observed, 'an observation'
        )

    def tick(self, times):
        """Wait for further states."""
        count = self.state._rate.count + times
        self._world.wait_until(lambda: self.state._rate.count >= count, 'states')


def test_a_touchy_robot_in_the_middle_of_its_life(world, tmp_path, capfd):
    state = world.start(EmotionStateNode, temperament='touchy', snapshot_path='none')
    life = Life(world, state)
    life.go_on('insult', 'praise', 'low_battery')
    recorder = world.start(Recorder, folder=str(tmp_path / 'life'))
    # Inputs come from another node: the recorder is to have found it, too.
    world.wait_until(lambda: state._snapshots_to, 'the recorder')
    world.wait_until(
        lambda: all(p.get_subscription_count() > 1 for p in (life._stimuli, life._affect)),
        'the recorder at the inputs',
    )

    life.go_on('insult', 'touch_gentle')
    assert world.call(Trigger, 'emotion_state/reset', Trigger.Request()).success
    life.go_on('loud_sound', 'praise')
    for name, value in (('temperament', 'timid'), ('time_scale', 2.0), ('offset.dopamine', 0.2)):
        assert state.set_parameters([Parameter(name, value=value)])[0].successful
        life.go_on('threat_near', 'praise')
    recorded = recorder.recording.count
    world.wait_until(lambda: recorder.recording.count > recorded + 5, 'the last messages')
    recorder.close()

    live, again = str(tmp_path / 'life'), str(tmp_path / 'again.mcap')
    status = main(['replay', live, '--out', again, '--no-plot', '--at-recorded-stamps'])
    said = capfd.readouterr()
    assert status == 0, said.err
    assert "recorded emotion_state: temperament 'touchy'" in said.out
    for change in ('reset', 'temperament timid', 'time_scale 2.0', 'offset.dopamine 0.2'):
        assert f'emotion_state: {change}' in said.out
    status = main(['compare', live, again, '--topics', '/emotion/state'])
    assert status == 0, capfd.readouterr().out
    with Bag(tmp_path / 'life') as bag:
        assert bag.topics['/emotion/state'].messages > 50
