# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""A server that speaks to the page as the node does, over an emotion engine without ROS."""

import asyncio
import base64
import json
import threading
import time
from contextlib import suppress
from importlib.resources import files
from typing import Any

import numpy as np
from aiohttp import WSCloseCode, web

from emotion_agent.animation import FaceAnimator
from emotion_agent.neuromodulation import EMOTIONS, MODULATORS, EmotionEngine, load
from emotion_agent.reporting.colours import COLOURS
from emotion_models.drawing.parts import FACIAL_UNITS
from emotion_models.labels.expressions import EXPRESSIONS

PERIOD_S = 0.04
PAGE = files('emotion_agent').joinpath('web/page')
KINDS = {'html': 'text/html', 'css': 'text/css', 'js': 'text/javascript', 'svg': 'image/svg+xml'}
IDLE = {
    'there': True, 'session': '', 'participant': '', 'condition': '', 'folder': '', 'since': 0.0,
    'script': '', 'script_state': '', 'script_at_s': 0.0, 'script_duration_s': 0.0,
    'waits_for': '', 'scripts': ['day', 'greeting'], 'temperaments': ['balanced', 'timid'],
}  # fmt: skip
NODES = ('affect_estimator', 'emotion_state', 'face_sketcher')


class FakeAgent:
    """
    Serves the page and its socket on a free port until `stop`; the clock is the real one.

    Attributes:
        asked: what pages asked for, oldest first.
        session: the message `session`.
        person: valence and arousal of the person that is played.
        camera: a message to be sent with every state.
        token: that pages need.
        is_drawing: whether it sends faces of its own.
        is_silent: whether it sends nothing, as a robot without power.
    """

    def __init__(self):
        self.config = load()
        self.animator = FaceAnimator()
        self.rest()
        self.hello = self._hello()
        self.loop = asyncio.new_event_loop()
        self._sockets: set[web.WebSocketResponse] = set()
        self._ready = threading.Event()
        self._ended = asyncio.Event()
        self.port = 0
        self.start()

    @property
    def url(self) -> str:
        return f'http://127.0.0.1:{self.port}/'

    def rest(self) -> None:
        """Be as at the beginning."""
        self.engine = EmotionEngine(self.config, now_s=time.time())
        self.person: tuple[float, float] | None = None
        self.camera: dict[str, Any] | None = None
        self.token, self.is_drawing, self.is_silent = '', True, False
        self.session = dict(IDLE)
        self.asked: list[dict[str, Any]] = []

    def start(self) -> None:
        """Listen, after `stop` on the same port."""
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()
        assert self._ready.wait(10)

    def stop(self) -> None:
        """End all connections."""
        self.loop.call_soon_threadsafe(self._ended.set)
        self._thread.join()

    def tell(self, **message: Any) -> None:
        """Send a message to every page."""
        asyncio.run_coroutine_threadsafe(self._send_all(message), self.loop).result(5)

    def _run(self) -> None:
        asyncio.set_event_loop(self.loop)
        self.loop.run_until_complete(self._serve())

    async def _serve(self) -> None:
        self._ended.clear()
        application = web.Application()
        application.router.add_get('/socket', self._socket)
        application.router.add_get('/{name:.*}', self._file)
        runner = web.AppRunner(application, shutdown_timeout=0.1)
        await runner.setup()
        site = web.TCPSite(runner, '127.0.0.1', self.port, reuse_address=True)
        await site.start()
        self.port = runner.addresses[0][1]
        self._ready.set()
        ticking = asyncio.create_task(self._tick())
        await self._ended.wait()
        ticking.cancel()
        for socket in list(self._sockets):
            await socket.close(code=WSCloseCode.GOING_AWAY)
        await runner.cleanup()
        self._ready.clear()

    async def _file(self, request: web.Request) -> web.Response:
        name = request.match_info['name'] or 'index.html'
        file = PAGE.joinpath(name)
        if '/' in name or not file.is_file():
            return web.Response(status=404)
        return web.Response(
            body=file.read_bytes(),
            content_type=KINDS[name.rpartition('.')[2]],
            headers={'Content-Security-Policy': "default-src 'self'", 'Cache-Control': 'no-store'},
        )

    async def _socket(self, request: web.Request) -> web.StreamResponse:
        if request.query.get('token', '') != self.token:
            return web.Response(status=403, text='the token is wrong')
        socket = web.WebSocketResponse()
        if not socket.can_prepare(request).ok:
            return web.Response(status=400)
        await socket.prepare(request)
        await socket.send_json(self.hello)
        items = [{'node': n, 'level': 0, 'message': 'runs'} for n in NODES]
        await socket.send_json({'type': 'diagnostics', 'items': items})
        await socket.send_json({'type': 'session', **self.session})
        self._sockets.add(socket)
        try:
            async for message in socket:
                await self._answer(socket, json.loads(message.data))
        finally:
            self._sockets.discard(socket)
        return socket

    async def _answer(self, socket: web.WebSocketResponse, request: dict[str, Any]) -> None:
        self.asked.append(request)
        ok, text, now_s = True, '', time.time()
        match request['do']:
            case 'stimulate':
                outcome = self.engine.stimulate(
                    request['name'], request['intensity'], source='web', now_s=now_s
                )
                ok, text = outcome.accepted, outcome.detail
                cause = {'t': now_s, 'name': request['name'], 'source': 'web'}
                if ok:
                    intensity = request['intensity']
                    await self._send_all({'type': 'cause', **cause, 'intensity': intensity})
            case 'person':
                place = request.get('valence'), request.get('arousal')
                self.person = None if None in place else place
            case 'start_session':
                name = f'20261130_{request["participant"]}'
                kept = {key: request[key] for key in ('participant', 'condition')}
                self.session |= kept | {'session': name, 'since': now_s, 'folder': f'~/{name}'}
            case 'stop_session':
                self.session['session'] = ''
            case 'mark':
                event = {'kind': 'marker', 'name': request['text'], 'value': '', 'source': 'web'}
                await self._send_all({'type': 'event', 't': now_s, **event})
            case 'play':
                self.session |= {'script': request['name'], 'script_state': 'waiting'}
                self.session |= {'script_at_s': 30.0, 'script_duration_s': 90.0}
                self.session['waits_for'] = 'key yes'
            case 'control':
                states = {'pause': 'paused', 'stop': 'ended'}
                self.session['script_state'] = states.get(request['action'], 'playing')
        await socket.send_json({'type': 'answer', 'id': request['id'], 'ok': ok, 'text': text})
        await self._send_all({'type': 'session', **self.session})

    async def _tick(self) -> None:
        while True:
            now_s = time.time()
            if self.person:
                self.engine.observe(*self.person, 1.0, now_s=now_s)
            reading = self.engine.read(now_s)
            self.animator.set_emotion(
                np.asarray(reading.visible), reading.visible_arousal, reading.intensity,
                reading.dominant, now_s, (reading.visible_valence, reading.visible_arousal),
            )  # fmt: skip
            await self._send_all(self._people(now_s))
            await self._send_all(self._state(now_s, reading))
            await self._draw(now_s)
            if self.camera:
                await self._send_all(self.camera)
            await asyncio.sleep(PERIOD_S)

    async def _draw(self, now_s: float) -> None:
        if self.is_drawing:
            lit = self.animator.frame(now_s) > 0
            bits = base64.b64encode(np.packbits(lit).tobytes()).decode()
            size = {'width': lit.shape[1], 'height': lit.shape[0]}
            await self._send_all({'type': 'face', 't': now_s, **size, 'bits': bits})

    async def _send_all(self, message: dict[str, Any]) -> None:
        for socket in () if self.is_silent else list(self._sockets):
            with suppress(ConnectionError):
                await socket.send_json(message)

    def _state(self, now_s: float, reading: Any) -> dict[str, Any]:
        same = ('valence', 'arousal', 'dominance', 'visible_valence', 'visible_arousal')
        return {
            'type': 'state', 't': now_s, **{name: getattr(reading, name) for name in same},
            'modulators': list(reading.levels), 'emotions': list(reading.emotions),
            'visible': list(reading.visible), 'dominant': reading.dominant,
            'attended': 'wizard' if self.person else '', 'since': reading.dominant_since_s,
            'last': reading.last_stimulus, 'by': reading.last_source,
        }  # fmt: skip

    def _people(self, now_s: float) -> dict[str, Any]:
        people = []
        if self.person:
            valence, arousal = self.person
            people.append({
                'id': 'wizard', 'valence': valence, 'arousal': arousal, 'confidence': 1.0,
                'expression': [1 / 8] * 8, 'simulated': True, 'units': [],
            })  # fmt: skip
        return {'type': 'people', 't': now_s, 'people': people}

    def _hello(self) -> dict[str, Any]:
        anchors = self.config.emotions
        return {
            'type': 'hello', 'namespace': '/emotion', 'live': True,
            'stimuli': [
                {'name': name, 'duration_s': stimulus.duration_s,
                 'doses': dict(zip(MODULATORS, map(float, stimulus.doses), strict=True))}
                for name, stimulus in sorted(self.config.stimuli.items())
            ],
            'emotions': [
                {'name': name, 'valence': anchors[name].pad[0], 'arousal': anchors[name].pad[1],
                 'colour': COLOURS[name]}
                for name in EMOTIONS
            ],
            'modulators': list(MODULATORS), 'rest': list(self.engine.read(0.0).levels),
            'expressions': list(map(str.lower, EXPRESSIONS)),
            'units': list(FACIAL_UNITS),
            'colours': dict(COLOURS), 'allowed': {'camera': False},
        }  # fmt: skip
