# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""
The node `face_sketcher`: draws the face that the emotional state gives.

Subscribes: state (emotion_msgs/EmotionState); human_affect (emotion_msgs/FaceAffectArray), to look
            at the person whom the state answers, or at the largest face where it names nobody;
            gaze (geometry_msgs/Point), to look elsewhere: x to the right and y down in the plane
            of the panel, from -1 to 1, z how near, from 0 to 1;
            mouth (std_msgs/Float32), as a voice opens it: from 0, shut, to 1, open;
            show_expression (hri_msgs/Expression), to show it for a while above the state, where
            hri_msgs is installed.
Offers:     ~/draw_me (std_srvs/Trigger): take on the proportions of the person it looks at.
Publishes:  face_image (sensor_msgs/Image, mono8, 128x64, 0 or 255). Its stamp is that of the
            camera image whose observation it shows for the first time, otherwise the time of
            drawing.
No input:   without a state the face is neutral, breathes and blinks, and after a while falls
            asleep.
"""

if __name__ == '__main__':  # before the imports, of which one may fail
    from emotion_agent import programs

    raise SystemExit(programs.face_sketcher())

from geometry_msgs.msg import Point
from sensor_msgs.msg import Image
from std_msgs.msg import Float32
from std_srvs.srv import Trigger

from emotion_agent.logic.face_sketcher import IDENTITY_FROM, TABLE, Drawn, Sketcher
from emotion_agent.logic.hri import EXPRESSION
from emotion_agent.logic.identity_file import IdentityFileError
from emotion_agent.logic.life_settings import life_of
from emotion_agent.ros.messages import is_installed, make_message, message_class
from emotion_msgs.msg import EmotionState, FaceAffectArray
from node_kit import Diagnosis, ManagedNode, run
from node_kit.diagnostics import LatencyMeter, RateMeter
from node_kit.paths import expanded
from node_kit.qos import EVENT, LATCHED, PICTURE, RESULT
from node_kit.time import to_seconds


class FaceSketcherNode(ManagedNode):
    """Gives a `Sketcher` its messages and the time, and publishes its pictures."""

    TABLE = TABLE

    def __init__(self, **node_options):
        super().__init__('face_sketcher', **node_options)
        self._rate = RateMeter()
        self._drawing = LatencyMeter()
        self._since_stamp = LatencyMeter()

    def on_prepare(self) -> None:
        """Make the sketcher."""
        self._publisher = self.create_lifecycle_publisher(
            Image, 'face_image', PICTURE, is_alone=True
        )
        self._sketcher = Sketcher(
            self.settings,
            make_message,
            lambda: self.get_clock().now().nanoseconds,
            self._send_face,
            self.warn,
        )

    def on_start(self) -> None:
        """Listen, and begin to draw."""
        sketcher = self._sketcher
        self._inputs = [
            self.create_subscription(EmotionState, 'state', sketcher.take_state, LATCHED),
            self.create_subscription(FaceAffectArray, 'human_affect', sketcher.take_faces, RESULT),
            self.create_subscription(Point, 'gaze', sketcher.take_gaze, RESULT),
            self.create_subscription(Float32, 'mouth', sketcher.take_mouth, EVENT),
        ]
        if is_installed(EXPRESSION):
            self._inputs.append(
                self.create_subscription(
                    message_class(EXPRESSION), 'show_expression', sketcher.take_expression, EVENT
                )
            )
        else:
            self.get_logger().info(
                'show_expression is not there: it needs hri_msgs (sudo apt install '
                'ros-$ROS_DISTRO-hri-msgs)'
            )
        self._draw_me = self.create_service(Trigger, '~/draw_me', self._answer_draw_me)
        self._rhythm = self.every(1.0 / self.settings['rate_hz'], sketcher.tick)

    def on_stop(self) -> None:
        """Stop drawing."""
        self._rhythm.close()
        self.destroy_service(self._draw_me)
        for subscription in self._inputs:
            self.destroy_subscription(subscription)

    def check_settings(self, values: dict, given: set[str]) -> None:
        """
        Refuse what contradicts itself, and a point of a face that is none.

        At run time a path, and any word of a file, is refused, too.
        """
        life_of(values)
        expanded(values['identity_folder'])
        expanded(values[IDENTITY_FROM])
        if not (self.is_prepared and IDENTITY_FROM in given):
            return
        is_other = values[IDENTITY_FROM] != self.settings[IDENTITY_FROM]
        try:
            self._sketcher.read_proportions(values, only_names=is_other)
        except IdentityFileError as error:
            raise ValueError(error.without_content) from None

    def on_settings(self, given: set[str]) -> None:
        """Turn into another face, mirror more or less of people, or move otherwise."""
        if self.is_prepared:
            self._sketcher.reconfigure(given)

    def _answer_draw_me(
        self, request: Trigger.Request, response: Trigger.Response
    ) -> Trigger.Response:
        response.success, response.message = self._sketcher.draw_me()
        return response

    def _send_face(self, drawn: Drawn) -> None:
        self.send(self._publisher, drawn.image)
        self._rate.tick()
        self._drawing.add(drawn.took_ms)
        if drawn.is_answer:
            age_s = to_seconds(self.get_clock().now()) - to_seconds(drawn.image.header.stamp)
            self._since_stamp.add(age_s * 1e3)

    def diagnose(self) -> list[Diagnosis]:
        """Report rates and milliseconds."""
        if not self.is_prepared:
            return []
        malformed = self._sketcher.malformed
        diagnosis = Diagnosis(
            'face',
            values={
                'decoder': self._sketcher.drawn_by,
                'frames': self._rate.count,
                'rate_hz': self._rate.hz,
                'states': self._sketcher.states,
                'spoken': self._sketcher.spoken,
                'expressions': self._sketcher.expressions,
                'malformed': malformed,
                **self._drawing.percentiles('drawing'),
                **self._since_stamp.percentiles('since_stamp'),
            },
        )
        if self._sketcher.drawn_by != self.settings['decoder']:
            diagnosis.warn(f'no {self.settings["decoder"]} face could be loaded')
        if self._sketcher.identity_problem:
            diagnosis.warn(self._sketcher.identity_problem)
        if malformed:
            problem = self._sketcher.last_problem
            diagnosis.warn(f'{malformed} messages ignored; the last: {problem}')
        return [diagnosis]


def main() -> int:
    """Run the node."""
    return run(FaceSketcherNode)
