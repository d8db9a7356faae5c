# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""A headless browser, driven by its DevTools protocol."""

import asyncio
import base64
import json
import os
import shutil
import subprocess
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import aiohttp

START_S, WAIT_S = 30.0, 15.0


def find_browser() -> str | None:
    """The program of Chromium, None = not installed."""
    names = ('chromium', 'chromium-browser', 'google-chrome')
    return next(filter(None, map(shutil.which, names)), None)


class Browser:
    """One process with any number of pages. Not to be used from several threads."""

    def __init__(self, folder: Path):
        self.loop = asyncio.new_event_loop()
        self._process = subprocess.Popen(
            [
                find_browser() or 'chromium', '--headless', '--no-sandbox', '--disable-gpu',
                '--remote-debugging-port=0', f'--user-data-dir={folder}', '--no-first-run',
                '--disable-background-networking', '--force-device-scale-factor=1',
                'about:blank',
            ],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            env={**os.environ, 'HOME': str(folder)},
        )  # fmt: skip
        self._answers: dict[int, asyncio.Future] = {}
        self._pages: dict[str, Page] = {}
        self._id = 0
        port_file = folder / 'DevToolsActivePort'
        wait_for(lambda: port_file.exists() and '\n' in port_file.read_text(), START_S)
        port, path = port_file.read_text().split()
        self.loop.run_until_complete(self._connect(f'ws://127.0.0.1:{port}{path}'))

    def close(self) -> None:
        """End the browser."""
        self.loop.run_until_complete(self._end())
        self._process.terminate()
        self._process.wait(10)
        self.loop.close()

    def open(self, url: str, width: int = 1440, height: int = 900, **media: str) -> 'Page':
        """
        Open a page.

        Args:
            url: of the page.
            width: px.
            height: px.
            media: features such as prefers_color_scheme='dark'.
        """
        context = self.call('Target.createBrowserContext')['browserContextId']
        target = self.call('Target.createTarget', url='about:blank', browserContextId=context)
        session = self.call(
            'Target.attachToTarget', targetId=target['targetId'], flatten=True
        )['sessionId']  # fmt: skip
        page = self._pages[session] = Page(self, session, target['targetId'])
        for domain in ('Page', 'Runtime', 'Network', 'Log'):
            page.call(f'{domain}.enable')
        page.resize(width, height)
        page.prefer(**media)
        page.call('Page.navigate', url=url)
        page.wait("location.href !== 'about:blank' && document.readyState === 'complete'")
        return page

    def call(self, method: str, session: str = '', **parameters: Any) -> dict[str, Any]:
        """Call a method of the protocol and return its result."""
        return self.loop.run_until_complete(self._call(method, session, parameters))

    async def _connect(self, url: str) -> None:
        self._session = aiohttp.ClientSession()
        self._socket = await self._session.ws_connect(url, max_msg_size=0)
        self._reading = asyncio.create_task(self._read())

    async def _end(self) -> None:
        self._reading.cancel()
        await self._session.close()

    async def _call(self, method: str, session: str, parameters: dict) -> dict[str, Any]:
        self._id += 1
        message = {'id': self._id, 'method': method, 'params': parameters}
        self._answers[self._id] = answer = self.loop.create_future()
        await self._socket.send_json(message | ({'sessionId': session} if session else {}))
        result = await asyncio.wait_for(answer, WAIT_S)
        assert 'error' not in result, f'{method}: {result["error"]}'
        return result['result']

    async def _read(self) -> None:
        async for message in self._socket:
            content = json.loads(message.data)
            if 'id' in content:
                self._answers.pop(content['id']).set_result(content)
            elif page := self._pages.get(content.get('sessionId', '')):
                page.hear(content['method'], content['params'])


class Page:
    """
    A tab.

    Attributes:
        problems: what it wrote into the console as a warning or an error, and what failed.
        requested: the addresses that it asked for.
    """

    def __init__(self, browser: Browser, session: str, target: str):
        self._browser, self._session, self._target = browser, session, target
        self.problems: list[str] = []
        self.requested: list[str] = []

    def call(self, method: str, **parameters: Any) -> dict[str, Any]:
        """Call a method of the protocol for this page."""
        return self._browser.call(method, self._session, **parameters)

    def hear(self, method: str, parameters: dict[str, Any]) -> None:
        """Take an event of the protocol."""
        if method == 'Network.requestWillBeSent':
            self.requested.append(parameters['request']['url'])
        elif method == 'Network.webSocketCreated':
            self.requested.append(parameters['url'])
        elif method == 'Runtime.exceptionThrown':
            details = parameters['exceptionDetails']
            self.problems.append(str(details.get('exception', details).get('description')))
        elif method == 'Runtime.consoleAPICalled' and parameters['type'] in ('error', 'warning'):
            self.problems.append(str(parameters['args']))
        elif method == 'Log.entryAdded' and parameters['entry']['level'] in ('error', 'warning'):
            self.problems.append(parameters['entry']['text'])

    def value(self, expression: str) -> Any:
        """What a piece of JavaScript gives."""
        result = self.call(
            'Runtime.evaluate', expression=expression, returnByValue=True, awaitPromise=True
        )
        assert 'exceptionDetails' not in result, result['exceptionDetails']
        return result['result'].get('value')

    def wait(self, expression: str, limit_s: float = WAIT_S) -> None:
        """Wait until a piece of JavaScript gives something true."""
        wait_for(lambda: self.value(f'Boolean({expression})'), limit_s, expression)

    def text(self, selector: str) -> str:
        """What stands in an element."""
        return self.value(f'document.querySelector({selector!r}).textContent')

    def press(self, *keys: str, shift: bool = False) -> None:
        """Press keys one after the other, such as 'Tab', ' ' or 'ArrowUp'."""
        texts = {'Enter': '\r', ' ': ' '}
        for key in keys:
            text = texts.get(key, key if len(key) == 1 else '')
            codes = {'Tab': 9, 'Enter': 13, ' ': 32, 'Escape': 27, 'ArrowLeft': 37}
            codes |= {'ArrowUp': 38, 'ArrowRight': 39, 'ArrowDown': 40}
            given = {
                'key': key,
                'modifiers': 8 * shift,
                'windowsVirtualKeyCode': codes.get(key, 0),
            }
            down = {'type': 'keyDown', 'text': text} if text else {'type': 'rawKeyDown'}
            self.call('Input.dispatchKeyEvent', **given, **down)
            self.call('Input.dispatchKeyEvent', **given, type='keyUp')

    def place(self, selector: str) -> tuple[float, float, float, float]:
        """Left, top, width and height of an element in the window, px, scrolled into view."""
        return self.value(
            f'(e => (e.scrollIntoView({{block: "center"}}), e = e.getBoundingClientRect(), '
            f'[e.left, e.top, e.width, e.height]))(document.querySelector({selector!r}))'
        )

    def drag(self, *points: tuple[float, float]) -> None:
        """Press the mouse at the first point, move it to the others, and let go at the last."""
        mouse = {'button': 'left', 'buttons': 1, 'clickCount': 1}
        for kind, (x, y) in [
            ('mousePressed', points[0]),
            *(('mouseMoved', point) for point in points[1:]),
            ('mouseReleased', points[-1]),
        ]:
            self.call('Input.dispatchMouseEvent', type=kind, x=x, y=y, **mouse)

    def click(self, selector: str) -> None:
        """Click in the middle of an element."""
        left, top, width, height = self.place(selector)
        self.drag((left + width / 2, top + height / 2))

    def resize(self, width: int, height: int) -> None:
        """Have a window of this size, px; narrow ones are those of a phone."""
        size = {'width': width, 'height': height, 'deviceScaleFactor': 1}
        self.call('Emulation.setDeviceMetricsOverride', **size, mobile=width < 600)

    def prefer(self, **media: str) -> None:
        """Prefer what style sheets ask for, such as prefers_color_scheme='dark'."""
        features = [{'name': name.replace('_', '-'), 'value': media[name]} for name in media]
        self.call('Emulation.setEmulatedMedia', features=features)

    def screenshot(self, path: Path, whole: bool = False) -> None:
        """Write a picture of the window, or of the whole page, as PNG."""
        shot = self.call('Page.captureScreenshot', captureBeyondViewport=whole)
        path.write_bytes(base64.b64decode(shot['data']))

    def close(self) -> None:
        """Close the tab."""
        self._browser.call('Target.closeTarget', targetId=self._target)


def wait_for(condition: Callable[[], Any], limit_s: float, what: str = '') -> None:
    """Wait until a condition holds."""
    end_s = time.monotonic() + limit_s
    while not condition():
        assert time.monotonic() < end_s, f'after {limit_s} s still not: {what}'
        time.sleep(0.03)
