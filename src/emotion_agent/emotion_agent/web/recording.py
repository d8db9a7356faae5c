# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""
The page over a recording, without ROS: every browser is at a time of its own.

The server has a thread of its own and passes on what it hears; the recording is read by whoever
calls `run`, and by nobody else.
"""

from __future__ import annotations

import math
import queue
from collections.abc import Iterator
from pathlib import Path
from time import monotonic
from typing import TYPE_CHECKING, Any

from emotion_agent.export.courses import AFFECT, CAUSES, EVENTS, FACE, LASTING, STATE, Recording
from emotion_agent.scripts.people import SCRIPT_FRAME, WIZARD
from emotion_agent.web import protocol
from emotion_agent.web.pages import open_paths, page_routes
from node_kit.images import ImageError, image_to_array
from node_kit.web.server import WebServer
from node_kit.web.sockets import MAX_CLIENTS, Sockets

if TYPE_CHECKING:
    from emotion_agent.export.courses import Message
    from node_kit.web.sockets import Client

SHOW_S = 0.04  # between two pictures while it runs
HELD_S = 1.0  # a person is shown for so long after they were seen
MOST_POINTS = 2000  # of the course of the whole recording
MOST_ENTRIES = 2000  # of causes and events, the first of them


class RecordingServer:
    """
    Serves the page over a bag.

    Args:
        path: folder of a bag, or one .mcap or .db3 file.
        namespace: of the agent; None = the one that was recorded.
        port: on this computer; 0 = any that is free.

    Attributes:
        url: of the page.
        recording: that is shown.
        namespace: of the agent, such as `/emotion`.
        left_out: how many causes and events are not told, as there are too many.

    Raises:
        BagError: if the bag cannot be read.
        NothingToPlay: if it has nothing of this agent.
        OSError: if the port is taken.
    """

    def __init__(self, path: Path, namespace: str | None = None, port: int = 0):
        self.recording = Recording(path, namespace)
        self.namespace = f'/{self.recording.names.namespace}'
        try:
            self._first = [protocol.encode(message) for message in self._whole()]
            self._heard: queue.SimpleQueue[tuple[Client, str | None]] = queue.SimpleQueue()
            self._seats: dict[int, _Seat] = {}
            self._sockets = Sockets(
                lambda client: self._heard.put((client, '')),
                lambda client, text: self._heard.put((client, text)),
                lambda client: self._heard.put((client, None)),
            )
            self._server = WebServer(
                port,
                page_routes() | {'/socket': self._socket},
                without_token=open_paths(),
                streams=MAX_CLIENTS,
            )
        except BaseException:
            self.recording.__exit__()
            raise
        self.url = self._server.url

    def close(self) -> None:
        """Drop the browsers, free the port and close the bag."""
        self._server.close()
        self.recording.__exit__()

    def run(self, seconds: float = math.inf) -> None:
        """Answer the browsers for some time."""
        end_s = monotonic() + seconds
        while (left_s := end_s - monotonic()) > 0.0:
            is_playing = any(seat.runs for seat in self._seats.values())
            try:
                heard = self._heard.get(timeout=min(left_s, SHOW_S if is_playing else 1.0))
            except queue.Empty:
                pass
            else:
                self._take(*heard)
            for seat in self._seats.values():
                seat.advance()

    async def _socket(self, request: Any) -> Any:
        return await self._sockets.serve(self._server, request)

    def _take(self, client: Client, text: str | None) -> None:
        """Take what a browser did: it comes (''), asks, or goes (None)."""
        if text is None:
            self._seats.pop(client.number, None)
        elif client.number not in self._seats:
            for whole in self._first:
                self._server.call(client.send, whole)
            self._seats[client.number] = seat = _Seat(self.recording, self._sender(client))
            seat.seek(self.recording.start_ns)
        else:
            self._answer(self._seats[client.number], text)

    def _answer(self, seat: _Seat, text: str) -> None:
        try:
            request = protocol.parse(text, protocol.OF_RECORDINGS)
        except protocol.BadRequest as error:
            seat.send(protocol.answer(error.id, False, str(error)), '')
            return
        match request.do:
            case 'seek':
                seat.seek(round(request.fields['t'] * 1e9))
            case 'run':
                seat.start(request.fields['speed'])
            case 'stop':
                seat.stop()
        seat.send(protocol.answer(request.id, True), '')

    def _sender(self, client: Client) -> Any:
        def send(message: dict[str, Any], kind: str) -> None:
            self._server.call(client.send, protocol.encode(message), kind)

        return send

    def _whole(self) -> Iterator[dict[str, Any]]:
        """What a page is told first, of the whole recording."""
        recording = self.recording
        yield protocol.hello(
            self.namespace,
            live=False,
            start=recording.start_ns / 1e9,
            end=recording.end_ns / 1e9,
        )
        times_s, series = recording.courses(MOST_POINTS)
        courses = {name: protocol.numbers(values) for name, values in series.items()}
        yield {'type': 'course', 't': [round(t, 3) for t in times_s.tolist()], 'series': courses}
        make = {CAUSES: protocol.cause, EVENTS: protocol.event}
        items = [
            make[message.name](message.content) | {'t': message.time_ns / 1e9}
            for message in recording.between(names=(CAUSES, EVENTS))
        ]
        self.left_out = max(0, len(items) - MOST_ENTRIES)
        yield {'type': 'happened', 'items': items[:MOST_ENTRIES]}


class _Seat:
    """
    Where one browser is in a recording.

    Attributes:
        send: called with a message and the kind of which the newest counts.
        runs: whether it plays.
    """

    def __init__(self, recording: Recording, send: Any):
        self._recording = recording
        self.send = send
        self.runs = False
        self._at_ns = 0
        self._speed, self._from_ns, self._since_s = 1.0, 0, 0.0
        self._coming: Iterator[Message] | None = None
        self._next: Message | None = None

    def seek(self, time_ns: int) -> None:
        """Go to a time, and show what was then."""
        recording = self._recording
        self._at_ns = min(max(recording.start_ns, time_ns), recording.end_ns)
        self._coming = self._next = None
        self._begin()
        found = recording.at(self._at_ns)
        if AFFECT not in found or self._at_ns - found[AFFECT].time_ns > HELD_S * 1e9:
            found.pop(AFFECT, None)
            self.send(protocol.people(self._at_ns / 1e9, []), AFFECT)
        self._show(found)

    def start(self, speed: float) -> None:
        """Play at a multiple of the speed of life, from the beginning where it is at the end."""
        self.runs, self._speed = True, speed
        if self._at_ns >= self._recording.end_ns:
            self.seek(self._recording.start_ns)
        self._begin()
        self._show({})

    def stop(self) -> None:
        """Stay where it is."""
        self.runs = False
        self._show({})

    def advance(self) -> None:
        """Show what has come by now, if it plays."""
        if not self.runs:
            return
        elapsed_s = (monotonic() - self._since_s) * self._speed
        end_ns = self._recording.end_ns
        now_ns = min(end_ns, self._from_ns + round(elapsed_s * 1e9))
        newest: dict[str, Message] = {}
        for message in self._until(now_ns):
            newest[message.name] = message
        self._at_ns, self.runs = now_ns, now_ns < end_ns
        self._show(newest)

    def _begin(self) -> None:
        self._from_ns, self._since_s = self._at_ns, monotonic()

    def _until(self, time_ns: int) -> Iterator[Message]:
        """Yield what was recorded since the last call, up to a time."""
        if self._coming is None:
            self._coming = self._recording.between(self._at_ns + 1, None, LASTING)
            self._next = next(self._coming, None)
        while self._next is not None and self._next.time_ns <= time_ns:
            yield self._next
            self._next = next(self._coming, None)

    def _show(self, newest: dict[str, Message]) -> None:
        for name, message in newest.items():
            if (told := _TELL[name](message)) is not None:
                self.send(told, name)
        self.send({'type': 'at', 't': self._at_ns / 1e9, 'runs': self.runs}, 'at')


def _state(message: Message) -> dict[str, Any]:
    told, t = protocol.state(message.content), message.time_ns / 1e9
    # By the time of recording, as all of the page; the robot may have had a clock of its own.
    return told | {'t': t, 'since': told['since'] + t - told['t']}


def _people(message: Message) -> dict[str, Any]:
    content = message.content
    is_played = content.header.frame_id in (WIZARD, SCRIPT_FRAME)
    return protocol.people(message.time_ns / 1e9, [(face, is_played) for face in content.faces])


def _face(message: Message) -> dict[str, Any] | None:
    try:
        pixels = image_to_array(message.content)
    except ImageError:
        return None  # the page keeps the last one
    return protocol.face(message.time_ns / 1e9, pixels) if pixels.ndim == 2 else None


_TELL = {STATE: _state, AFFECT: _people, FACE: _face}
