# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""A script that is played live from a terminal: its keys, and where it is."""

import os
import shutil
import sys
from time import monotonic

import rclpy
from rclpy.executors import ExternalShutdownException
from rclpy.logging import LoggingSeverity
from rclpy.node import Node
from rclpy.signals import SignalHandlerOptions

from emotion_agent.client import usual_player
from emotion_agent.commands.keys import SPACE, Keys
from emotion_agent.commands.stimulate import AT_ONCE_S, THERE_S, spin_until
from emotion_agent.ros.agents import AGENT, check_namespace, nobody_listens
from emotion_agent.script_runner import ScriptRunner, ScriptStatus
from emotion_agent.scripts.player import PAUSED, WAITING, Action, StateChange
from emotion_agent.scripts.script import KEY, Script
from emotion_agent.scripts.words import in_words
from emotion_agent.speaking.player import USUAL
from node_kit.discovery import use_profile
from node_kit.log_folder import log_arguments
from node_kit.ros_environment import require_usable_environment
from node_kit.text import printable

LOOK_S = 0.05
SETTLED_S = 3.0  # nobody new was found for so long; others find us by DDS's next heartbeat
LAST_WORDS_S = 0.3  # until what was published last is with those who listen
PAUSE, SKIP, STOP = SPACE, 'n', 'q'
_CLEAR = '\r\x1b[K'


class NoAgent(Exception):
    """Nothing was played. The message says why."""


def play_live(script: Script, namespace: str, from_s: float, is_heard: bool) -> int:
    """
    Play a script to an agent, with the keys of the terminal.

    Args:
        script: from `read_script`.
        namespace: of the agent, with or without a slash before it.
        from_s: where to begin.
        is_heard: whether its WAV files are played here.

    Returns:
        An exit status: 0, or 1 if there is no agent.

    Raises:
        ConfigError: for a stimulus that the agent does not know.
        ValueError: if the namespace is none, the script is not that long, or nothing plays sound.
    """
    place = f'/{namespace.strip("/")}'
    check_namespace(place)
    sound = usual_player() if is_heard else None
    if is_heard and sound is None:
        names = ', '.join(command[0] for command in USUAL)
        raise ValueError(f'--sound: expected one of {names} to be installed, found none')
    require_usable_environment()
    use_profile()
    # Signals end it by a KeyboardInterrupt, so that the end of the script is still told.
    rclpy.init(args=log_arguments(), signal_handler_options=SignalHandlerOptions.NO)
    node = rclpy.create_node(f'play_{os.getpid()}', namespace=place)
    try:
        return _play(node, script, from_s, sound)
    except NoAgent as problem:
        print(f'emotion-agent play: {printable(str(problem))}', file=sys.stderr)
        return 1
    except ExternalShutdownException:
        return 130
    finally:
        node.destroy_node()
        rclpy.try_shutdown()


def _play(node: Node, script: Script, from_s: float, sound: tuple[str, ...] | None) -> int:
    display = Display(script.name)
    runner = ScriptRunner(node, '', sound, lambda action: display.add(action, runner.status))
    try:
        _find_agent(node, runner, script)
        with Keys() as keys:
            runner.play(script, from_s)
            display.explain(keys)
            while (status := runner.status).is_running:
                display.show(status)
                rclpy.spin_once(node, timeout_sec=LOOK_S)
                # Lines that came early answer the waits, one after the other.
                if keys.is_terminal or is_awaited(runner.status):
                    for key in keys.pressed():
                        press(runner, key)
                    display.warn(keys, runner.status)
    finally:
        runner.stop()
        display.end()
        spin_until(node, lambda: False, LAST_WORDS_S)
        runner.close()
    return 0


def _find_agent(node: Node, runner: ScriptRunner, script: Script) -> None:
    """
    Find an agent that knows all stimuli.

    Raises:
        NoAgent: if none is there.
        ConfigError: for a stimulus that it does not know.
    """
    place = node.get_namespace()
    node.get_logger().set_level(LoggingSeverity.ERROR)  # what is missing is said here
    if not spin_until(node, lambda: runner.is_connected, AT_ONCE_S):
        awaited = f'{AGENT} in {place}, at most {THERE_S:g} s'
        print(f'emotion-agent play: waiting for {awaited}', file=sys.stderr, flush=True)
        if not spin_until(node, lambda: runner.is_connected, THERE_S):
            raise NoAgent(nobody_listens(node, place))
    asked = runner.client.stimuli()
    spin_until(node, asked.done, 2 * THERE_S)
    library = asked.result()
    if library is None or library.problem:
        raise NoAgent(library.problem if library else f'{AGENT} in {place} does not answer')
    node.get_logger().set_level(LoggingSeverity.INFO)
    _await_others(node, runner)
    script.check_stimuli({info.name for info in library.stimuli}, f'{AGENT} in {place}')


def _await_others(node: Node, runner: ScriptRunner) -> None:
    """Wait until all who listen are found, so that the beginning is not lost to them."""
    known, since_s, end_s = runner.listeners, monotonic(), monotonic() + THERE_S
    while monotonic() < min(since_s + SETTLED_S, end_s):
        rclpy.spin_once(node, timeout_sec=LOOK_S)
        if (now := runner.listeners) != known or not runner.is_connected:
            known, since_s = now, monotonic()


def is_awaited(status: ScriptStatus) -> bool:
    """Whether a key is waited for, whatever key."""
    return status.state == WAITING and status.wait is not None and status.wait.on == KEY


def press(runner: ScriptRunner, key: str) -> None:
    """Do what a key means: what is awaited goes before what the key does otherwise."""
    status = runner.status
    awaited = status.wait.name if status.wait and is_awaited(status) else ''
    if key.lower() in (awaited.lower(), awaited[:1].lower()):
        runner.key(awaited)
    elif key == PAUSE:
        _ = runner.resume() or runner.pause()
    elif key == SKIP:
        runner.skip()
    elif key == STOP:
        runner.stop()
    else:
        runner.key(key)


class Display:
    """One line in a terminal that says where a script is; elsewhere a line for what happens."""

    def __init__(self, name: str):
        self._name = name
        self._is_terminal = sys.stdout.isatty()
        self._shown, self._shown_s = '', 0.0
        self._is_warned = False

    def add(self, action: Action, status: ScriptStatus) -> None:
        """Something happens."""
        if not self._is_terminal:
            begins_to_wait = isinstance(action, StateChange) and action.state == WAITING
            words = in_words(status.wait if begins_to_wait and status.wait else action)
            print(printable(f'{action.at_s:8.1f} s  {words}'), flush=True)

    def explain(self, keys: Keys) -> None:
        """Say which keys there are."""
        if keys.is_terminal:
            print('space = pause   n = next   q = stop   others answer waits')

    def show(self, status: ScriptStatus) -> None:
        """Say where it is."""
        if not self._is_terminal:
            return
        line = line_of(status)[: shutil.get_terminal_size().columns - 1]
        if line != self._shown:
            self._shown = line
            print(f'{_CLEAR}{printable(line)}', end='', flush=True)

    def warn(self, keys: Keys, status: ScriptStatus) -> None:
        """Say once that nobody can press the key that is awaited."""
        if keys.is_over and is_awaited(status) and not self._is_warned:
            self._is_warned = True
            line = (
                f'{self._name} waits for {status.waits_for}, and nothing comes on standard input'
            )
            print(f'emotion-agent play: {printable(line)}', file=sys.stderr, flush=True)

    def end(self) -> None:
        """Leave the line as it is."""
        if self._shown:
            print()


def line_of(status: ScriptStatus) -> str:
    """Return where a script is, what it waits for and what comes next, in a line."""
    where = f'{status.name}  {status.at_s:.1f} of {status.duration_s:g} s'
    if status.waits_for:
        paused = f'{PAUSED}, ' if status.state == PAUSED else ''
        return f'{where}  {paused}waits for {status.waits_for}'
    coming = status.next
    following = f'{in_words(coming)} at {coming.at_s:g} s' if coming else 'the end'
    return f'{where}  {status.state}  next: {following}'
