# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""
The node `emotion_web`: shows the agent on a page for browsers, and does what the page asks.

The page is at http://HOST:PORT/, docs/web.md says what it sends and gets. While nobody looks at
it, nothing is subscribed to.

Subscribes: state, human_affect, face_image, emotion_state/causes, events, session/status and
            /diagnostics; annotated_image/compressed where `allow_camera_image` is set and a page
            shows it.
Publishes:  stimulus, human_affect (a person who is played), mouth, gaze.
Calls:      emotion_state/list_stimuli, emotion_state/get_parameters, and the services of session.
No input:   the page says that no agent is there.
"""

if __name__ == '__main__':  # before the imports, of which one may fail
    from emotion_agent import programs

    raise SystemExit(programs.emotion_web())

import errno
import os
from collections.abc import Callable, Iterable
from functools import partial
from time import monotonic
from typing import TYPE_CHECKING, Any

from rclpy.clock import Clock, ClockType
from rclpy.task import Future

from emotion_agent.panels.plane import Affect
from emotion_agent.ros.requests import SENT, StimulusResult
from emotion_agent.web import protocol
from emotion_agent.web.hands import Hands
from emotion_agent.web.pages import open_paths, page_routes
from emotion_agent.web.protocol import BadRequest, Request
from emotion_agent.web.watch import Watch
from node_kit import Diagnosis, ManagedNode, Setting, Unavailable, run
from node_kit.limits import shown
from node_kit.suggestions import did_you_mean
from node_kit.web.access import LOOPBACK, Access

if TYPE_CHECKING:
    from node_kit.web.sockets import Client

LAST_PORT = 0xFFFF
SHOW_S = 0.04  # as often as a face is drawn
HOLD_S = 0.1  # between two messages of what is held by hand
LINGER_S = 5.0  # a page that is loaded again finds what it had
REASONS = {
    errno.EADDRINUSE: 'already in use, mostly by the page of another robot on this computer',
    errno.EACCES: 'no permission',
}


class EmotionWeb(ManagedNode):
    """
    Serves the page.

    The server has a thread of its own. What it hears is passed to the executor, and what it is to
    send comes from there as text, so that neither waits for the other.
    """

    TABLE = (
        Setting('host', LOOPBACK, 'name or address on which the page is served; 127.0.0.1 = for '
                'this computer alone, 0.0.0.0 = for everybody who knows the token', fixed=True),
        Setting('port', 8066, 'of the page; 0 = any that is free', 0, LAST_PORT, fixed=True),
        Setting('token', '', 'that browsers have to give as ?token=, at least 16 characters; '
                'empty = none, which only this computer may have', fixed=True),
        Setting('allow_camera_image', False, 'show the annotated picture of the camera; it shows '
                'people, and affect_estimator has to allow it too', fixed=True),
    )  # fmt: skip

    def __init__(self, **node_options):
        super().__init__('emotion_web', **node_options)
        self._browsers: dict[int, Client] = {}
        self._watch: Watch | None = None

    def check_settings(self, values: dict, given: set[str]) -> None:
        """Refuse a page that others reach without a token."""
        Access(values['host'], values['token'])

    def on_prepare(self) -> None:
        """Load the server, which takes longer than all else here."""
        import node_kit.web.sockets  # noqa: F401

    def on_start(self) -> None:
        """Serve the page."""
        from node_kit.web.server import WebServer
        from node_kit.web.sockets import MAX_CLIENTS, Sockets

        self._hands = Hands()
        self._newest: dict[str, str] = {}  # kind -> text, for those who come
        self._camera: set[int] = set()  # browsers that show it
        self._left_s = 0.0  # when a browser left last
        self._told: dict[int, str] = {}  # browser -> who plays the person, as it was told
        self._sockets = Sockets(
            lambda client: self._soon(partial(self._come, client)),
            lambda client, text: self._soon(partial(self._hear, client, text)),
            lambda client: self._soon(partial(self._leave, client)),
        )

        async def socket(request):
            return await self._sockets.serve(self._server, request)

        host, port = self.settings['host'], self.settings['port']
        try:
            self._server = WebServer(
                port,
                {**page_routes(), '/socket': socket},
                host,
                self.settings['token'],
                open_paths(),
                MAX_CLIENTS,
            )
        except OSError as error:
            raise Unavailable(unusable(host, port, error)) from None
        token = ', with ?token= and the token' if self.settings['token'] else ''
        self.get_logger().info(f'page: {self._server.url}{token}')

    def on_stop(self) -> None:
        """End the page, and what it did by hand."""
        self._server.close()
        self._browsers.clear()
        self._end_watch()

    def diagnose(self) -> list[Diagnosis]:
        """Report who looks at the page."""
        if not self.is_active:
            return []
        dropped = [client.dropped for client in self._browsers.values()]
        values = {
            'url': self._server.url,
            'browsers': len(self._browsers),
            'refused': self._sockets.refused,
            'replaced': sum(count.replaced for count in dropped),
            'lost': sum(count.lost for count in dropped),
        }
        return [Diagnosis('page', values=values)]

    def _soon(self, call: Callable[[], None]) -> None:
        """Call in the executor; from the thread of the server."""
        if (executor := self.executor) is not None:
            executor.create_task(call)

    # Browsers

    def _come(self, client: 'Client') -> None:
        if not self.is_active:
            return
        self._browsers[client.number] = client
        if self._watch is None:
            self._begin_watch()
        self._show()
        for kind, text in self._newest.items():
            self._server.call(client.send, text, kind)
        self._say_who_plays([client])

    def _leave(self, client: 'Client') -> None:
        if self._browsers.pop(client.number, None) is None or self._watch is None:
            return
        self._camera.discard(client.number)
        self._watch.watch_camera(bool(self._camera))
        self._told.pop(client.number, None)
        self._hands.leave(client.number)
        self._take_hands()
        self._left_s = monotonic()

    def _begin_watch(self) -> None:
        self._watch = Watch(self, self.settings['allow_camera_image'])
        steady = Clock(clock_type=ClockType.STEADY_TIME)
        self._beats = [
            self.create_timer(SHOW_S, self._show, clock=steady),
            self.create_timer(HOLD_S, self._move, clock=steady),
        ]

    def _end_watch(self) -> None:
        if self._watch is None:
            return
        for timer in self._beats:
            self.destroy_timer(timer)
        self._watch.close()
        self._watch = None
        self._newest.clear()

    def _show(self) -> None:
        """Tell all browsers what is new; nobody is left to be told, after a while, it ends."""
        if self._watch is None:
            return
        if not self._browsers and monotonic() - self._left_s > LINGER_S:
            self._end_watch()
            return
        news = [(protocol.encode(message), kind) for kind, message in self._watch.news()]
        if news:
            self._newest.update((kind, text) for text, kind in news if kind)
            self._server.call(self._send_all, news)

    def _send_all(self, news: Iterable[tuple[str, str]]) -> None:
        """Send texts, each with its kind; in the thread of the server."""
        for text, kind in news:
            self._sockets.send(text, kind)

    def _move(self) -> None:
        if self._watch is not None:
            self._watch.move(self._hands)

    def _take_hands(self) -> None:
        """Do what is held by hand, and tell everybody who plays the person."""
        assert self._watch is not None
        self._watch.view.simulate_person(self._hands.person)
        self._watch.move(self._hands)
        self._say_who_plays(self._browsers.values())

    def _say_who_plays(self, clients: Iterable['Client']) -> None:
        for client in clients:
            line = self._hands.player_line(client.number)
            if self._told.get(client.number, '') != line:
                self._told[client.number] = line
                self._send(client, protocol.player(line), 'player')

    def _send(self, client: 'Client', message: dict[str, Any], kind: str = '') -> None:
        self._server.call(client.send, protocol.encode(message), kind)

    # What they ask

    def _hear(self, client: 'Client', text: str) -> None:
        if self._watch is None or client.number not in self._browsers:
            return
        try:
            request = protocol.parse(text)
        except BadRequest as error:
            self._send(client, protocol.answer(error.id, False, str(error)))
            return
        answered = partial(self._answer, client, request)
        try:
            said = self._do(client, request, self._watch)
        except ValueError as error:
            answered(False, str(error))
            return
        if isinstance(said, Future):
            said.add_done_callback(lambda future: answered(*outcome(future.result())))
        else:
            answered(True, said)

    def _answer(self, client: 'Client', request: Request, is_ok: bool, text: str) -> None:
        if client.number in self._browsers:
            self._send(client, protocol.answer(request.id, is_ok, text))

    def _do(self, client: 'Client', request: Request, watch: Watch) -> Future | str:
        """
        Do what is asked for.

        Returns:
            A line about it, or a future of one.

        Raises:
            ValueError: if it cannot be done, with the reason.
        """
        fields, sessions = request.fields, watch.sessions
        match request.do:
            case 'stimulate':
                return self._stimulate(watch, **fields)
            case 'person':
                return self._play(client, Affect(**fields) if fields else None)
            case 'mouth':
                self._hands.open_mouth(client.number, fields.get('open'))
            case 'gaze':
                gaze = (fields['x'], fields['y']) if fields else None
                self._hands.look(client.number, gaze)
            case 'camera':
                return self._show_camera(client, fields['on'], watch)
            case 'temperament':
                return sessions.set_temperament(fields['name'])
            case 'reset':
                return sessions.reset()
            case 'mark':
                return sessions.mark(fields['text'])
            case 'start_session':
                return sessions.start(**fields)
            case 'stop_session':
                return sessions.stop()
            case 'play':
                return sessions.play(fields['name'])
            case 'control':
                return sessions.control(fields['action'], fields['value'])
        self._take_hands()
        return ''

    def _stimulate(self, watch: Watch, name: str, intensity: float) -> Future:
        known = [info.name for info in watch.view.stimuli]
        if known and name not in known:
            raise ValueError(f'no stimulus {shown(name)}{did_you_mean(name, known)}')
        return watch.view.client.stimulate(name, intensity)

    def _play(self, client: 'Client', person: Affect | None) -> str:
        who = f'browser {client.number} at {client.address}'
        refusal = self._hands.play(client.number, who, person)
        self._take_hands()
        if refusal:
            raise ValueError(refusal)
        return ''

    def _show_camera(self, client: 'Client', is_on: bool, watch: Watch) -> str:
        if is_on and not self.settings['allow_camera_image']:
            raise ValueError('camera: not allowed; set allow_camera_image of emotion_web to true')
        (self._camera.add if is_on else self._camera.discard)(client.number)
        watch.watch_camera(bool(self._camera))
        return ''


def outcome(result: Any) -> tuple[bool, str]:
    """
    Return whether something was done, and a line about it.

    Args:
        result: a `StimulusResult`, or the response of a service of `session`.
    """
    if isinstance(result, StimulusResult):
        return result.outcome == SENT, result.problem
    return result.success, result.message


def unusable(host: str, port: int, error: OSError) -> str:
    """Return why a page cannot be served, naming the parameter."""
    number = error.errno or 0
    known = os.strerror(number) if number > 0 else error.strerror  # Python adds to it
    reason = REASONS.get(number) or known
    if error.errno in REASONS:
        another = 'set port to another number above 1023, or to 0 for any that is free'
        return f'port {port}: {reason}; {another}'
    return f'host {host}: {reason}; set host to {LOOPBACK}, or to an address of this computer'


def main() -> int:
    """Run the node."""
    return run(EmotionWeb)
