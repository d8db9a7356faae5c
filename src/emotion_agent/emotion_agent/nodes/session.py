# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""
The node `session`: sessions of a study, each with a recording of its own, and scripts.

Services:   ~/start (emotion_msgs/StartSession) puts the state to rest and begins a recording,
            ~/stop (std_srvs/Trigger) ends both, ~/mark (emotion_msgs/Mark), ~/reset
            (std_srvs/Trigger), ~/set_temperament (emotion_msgs/SetTemperament), ~/play
            (emotion_msgs/PlayScript), ~/control (emotion_msgs/ControlScript).
Publishes:  events (emotion_msgs/Event): the begin and the end of a session, marks, and what
            happens in a script; ~/status (emotion_msgs/SessionStatus, latched); what a script does
            on stimulus, human_affect, gaze and mouth.
Subscribes: parameters, for the names of temperaments; what scripts wait for; during a session
            whatever the node `recorder` does, with the same parameters.
No agent:   a session does not start, and says why.
"""

if __name__ == '__main__':  # before the imports, of which one may fail
    from emotion_agent import programs

    raise SystemExit(programs.session())

import time
from collections.abc import Callable
from copy import deepcopy
from functools import partial
from typing import TYPE_CHECKING, Any, NoReturn

from rclpy.callback_groups import ReentrantCallbackGroup
from rclpy.service import Service
from std_srvs.srv import Trigger

from emotion_agent.logic import recorder
from emotion_agent.logic.session import (
    TABLE,
    Session,
    SessionKeeper,
    SessionRefused,
    checked_name,
)
from emotion_agent.neuromodulation import ConfigError
from emotion_agent.resources.scripts import script_file, script_names
from emotion_agent.ros.agents import AGENT, nobody_listens
from emotion_agent.ros.messages import make_message
from emotion_agent.ros.state_client import ANSWER_S, NoState, StateClient
from emotion_agent.script_runner import ScriptRunner
from emotion_agent.scripts.reading import read_script
from emotion_msgs.msg import Event, SessionStatus
from emotion_msgs.srv import ControlScript, Mark, PlayScript, SetTemperament, StartSession
from node_kit import Diagnosis, ManagedNode, Unavailable, run
from node_kit.calls import until
from node_kit.limits import shown
from node_kit.paths import expanded
from node_kit.programs import what_to_install
from node_kit.qos import EVENT, LATCHED

if TYPE_CHECKING:
    from emotion_agent.ros.recording import Recording

STATUS_S = 0.5
SNAPSHOT_S = 5.0  # the state is found, and tells where it stands, within this time
REFUSALS = (ValueError, NoState, Unavailable)
ACTIONS = ('pause', 'resume', 'skip', 'stop', 'key')


class SessionNode(ManagedNode):
    """Gives a `SessionKeeper` its requests, and records what happens in its sessions."""

    TABLE = (*TABLE, *recorder.TABLE)

    def __init__(self, **node_options):
        super().__init__('session', **node_options)
        self.recording: Recording | None = None

    def check_settings(self, values: dict, given: set[str]) -> None:
        """Refuse folders that cannot be ones."""
        expanded(values['folder'])
        script_names(values['script_folder'])

    def on_prepare(self) -> None:
        """Read the message definitions, and offer the status."""
        self._record = self._recordings()
        self._events = self.create_lifecycle_publisher(Event, 'events', EVENT)
        self._statuses = self.create_lifecycle_publisher(
            SessionStatus, '~/status', LATCHED, is_alone=True
        )

    def on_start(self) -> None:
        """Offer the services."""
        self.keeper = SessionKeeper(
            make_message,
            lambda: self.get_clock().now().nanoseconds,
            self._send_event,
            self.get_name(),
        )
        self._state = StateClient(self)
        self._runner = ScriptRunner(self, '', send_event=self.keeper.tell)
        self._said: SessionStatus | None = None
        services = {
            '~/start': (StartSession, self._start),
            '~/stop': (Trigger, self._answering(lambda _: self._end())),
            '~/mark': (Mark, self._answering(self._mark)),
            '~/reset': (Trigger, self._reset),
            '~/set_temperament': (SetTemperament, self._set_temperament),
            '~/play': (PlayScript, self._play),
            '~/control': (ControlScript, self._answering(self._control)),
        }
        # A coroutine keeps its group to itself until it ends.
        group = ReentrantCallbackGroup()
        self._own_services: list[Service] = [
            self.create_service(kind, name, answer, callback_group=group)
            for name, (kind, answer) in services.items()
        ]
        self._rhythm = self.every(STATUS_S, self._say_status)

    def on_stop(self) -> None:
        """End the session that runs, and the services."""
        self._rhythm.close()
        for service in self._own_services:
            self.destroy_service(service)
        if self.keeper.running is not None:
            self._end()
        elif self.recording is not None:  # it was about to begin
            self._discard(self.recording)
        self._runner.close()
        self._state.close()

    def diagnose(self) -> list[Diagnosis]:
        """Report which session runs, and how much of it was recorded."""
        running = self.keeper.running if self.is_active else None
        diagnosis = Diagnosis('session', values={'session': running.name if running else ''})
        if running is None or self.recording is None:
            return [diagnosis]
        return [diagnosis, self.recording.diagnosis()]

    # Sessions

    def _recordings(self) -> Callable[[str], 'Recording']:
        """Return what begins a recording of a name; it needs what is not installed everywhere."""
        try:
            from emotion_agent.ros.recording import Recording, known_messages, usual_folder
        except ModuleNotFoundError as error:
            if (remedy := what_to_install(error)) is None:
                raise
            self.get_logger().warning(f'no session can be recorded: {remedy}')
            return partial(_raise, Unavailable(remedy))
        messages = known_messages(self.settings['image_topic'])

        def begin(name: str) -> Recording:
            chosen = self.settings['folder']
            folder = expanded(chosen) if chosen else usual_folder('sessions')
            return Recording(self, folder / name, messages)

        return begin

    async def _start(self, request: Any, response: Any) -> Any:
        try:
            session = await self._begin(request)
        except REFUSALS as error:
            return self._refused(response, error)
        response.success, response.session, response.folder = True, session.name, session.folder
        begun = 'goes on as it is' if request.keep_state else 'begins at rest'
        response.message = f'session {session.name} {begun}, recorded to {session.folder}'
        self._say_status()
        return response

    async def _begin(self, request: Any) -> Session:
        today = time.strftime('%Y-%m-%d_%H-%M-%S')
        keeper = self.keeper
        prepared = keeper.prepare(request.participant, request.condition, request.notes, today)
        try:
            self._stop_script()
            if not request.keep_state:
                await self._state.reset()
            return await self._begin_recorded(keeper, prepared.name)
        finally:
            keeper.give_up()

    async def _begin_recorded(self, keeper: SessionKeeper, name: str) -> Session:
        """Begin a recording, and with it the session once the recording can be replayed."""
        bag = self.recording = self._record(name)
        if not await until(self, lambda: bag.can_be_replayed or bag.is_over, SNAPSHOT_S):
            self._discard(bag)
            raise NoState(f'{AGENT} does not say where it stands: is it active? see its log')
        if bag.is_over:
            self._discard(bag)
            raise Unavailable(bag.problem or 'the node was stopped')
        return keeper.begin(bag.folder.name, str(bag.folder))

    def _discard(self, bag: 'Recording') -> None:
        bag.discard()
        self.recording = None

    def _end(self) -> str:
        """End the session, and say what was recorded; the recording is closed in any case."""
        if self.keeper.running is not None:
            self._stop_script()
        session, bag = self.keeper.end(), self.recording
        assert bag is not None
        self.recording = None
        bag.close()
        ended = f'session {session.name} has ended'
        if bag.problem:
            raise Unavailable(f'{ended}; {bag.problem}')
        return f'{ended}, {bag.count} messages in {session.folder}'

    def _mark(self, request: Any) -> str:
        text = self.keeper.mark(request.text, self._runner.status)
        unheard = '' if self.keeper.running else '; no session runs, so none records it'
        return f'marked {text}{unheard}'

    async def _reset(self, _: Any, response: Any) -> Any:
        return await self._asking(response, self._state.reset, 'at rest')

    async def _set_temperament(self, request: Any, response: Any) -> Any:
        async def set_it() -> None:
            name = checked_name('temperament', request.name, self._state.temperaments)
            await self._state.set_temperament(name)

        return await self._asking(response, set_it, f'temperament {request.name}')

    # Scripts

    async def _play(self, request: Any, response: Any) -> Any:
        async def play() -> None:
            folder = self.settings['script_folder']
            name = checked_name('script', request.name, script_names(folder))
            script = read_script(script_file(name, folder, only_names=True))
            script.check_stimuli(await self._stimuli(), f'the library of {AGENT}')
            self._runner.play(script, request.from_s)
            self._say_status()

        return await self._asking(response, play, f'plays {request.name}')

    async def _stimuli(self) -> list[str]:
        """The names in the library of the state."""
        asked = self._runner.client.stimuli()
        if not await until(self, asked.done, ANSWER_S) or asked.result().problem:
            raise NoState(nobody_listens(self, self.get_namespace()))
        return [stimulus.name for stimulus in asked.result().stimuli]

    def _control(self, request: Any) -> str:
        action = checked_name('action', request.action, ACTIONS)
        if not self._runner.status.is_running:
            raise SessionRefused('no script is played')
        given = (request.value,) if action == 'key' else ()
        if not getattr(self._runner, action)(*given):
            raise SessionRefused(f'{self._runner.status.name} is {self._runner.status.state}')
        return f'{action} {shown(request.value)}' if given else action

    def _stop_script(self) -> None:
        if self._runner.status.is_running:
            self._runner.stop()

    # Answers

    def _answering(self, do: Callable[[Any], str]) -> Callable[[Any, Any], Any]:
        """A service that does something at once, and says what or why not."""

        def answer(request: Any, response: Any) -> Any:
            try:
                response.success, response.message = True, do(request)
            except REFUSALS as error:
                return self._refused(response, error)
            self._say_status()
            return response

        return answer

    async def _asking(self, response: Any, ask: Callable[[], Any], done: str) -> Any:
        """The response to what the state is asked for."""
        try:
            await ask()
        except REFUSALS as error:
            return self._refused(response, error)
        response.success, response.message = True, done
        return response

    def _refused(self, response: Any, error: Exception) -> Any:
        # Whoever may ask is not to learn what stands in a file.
        response.success = False
        response.message = error.without_content if isinstance(error, ConfigError) else str(error)
        self.warn('refused', str(error))
        return response

    # Output

    def _send_event(self, event: Event) -> None:
        if self.recording is not None:
            self.recording.add('events', event)
        self.send(self._events, event)

    def _say_status(self) -> None:
        """Publish the status, if it is another one."""
        names = script_names(self.settings['script_folder'])
        status = self.keeper.status(self._runner.status, names, self._state.temperaments)
        if status != self._said:
            self._said = deepcopy(status)
            status.header.stamp = self.get_clock().now().to_msg()
            self.send(self._statuses, status)


def _raise(error: Exception, _: Any) -> NoReturn:
    raise error


def main() -> int:
    """Run the node."""
    return run(SessionNode)
