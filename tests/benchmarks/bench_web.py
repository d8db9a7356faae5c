# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""
What browsers cost: the node `emotion_web` with none, with one, with 100, and with 100 slow ones.

    ./run python tests/benchmarks/bench_web.py [SECONDS]

The state comes at 10 Hz, the face at 25 Hz, and a person is played at 10 Hz. The node is a process
of its own, and what it takes is its processor time, in thousandths of one core. Slow browsers take
a message a second; beside them one is fast.
"""

import asyncio
import os
import re
import sys
import tempfile
import time
from contextlib import AsyncExitStack, suppress
from pathlib import Path

import aiohttp

from emotion_agent.ros.domain import use_own_domain
from emotion_agent.ros.processes import NodeProcesses

WARM_UP_S = 3.0
ADDRESS = re.compile(r'http://127\.0\.0\.1:\d+/')
PERSON = '{"id": 1, "do": "person", "valence": 0.5, "arousal": 0.2}'
BROWSERS = (('none', 0, 0), ('one', 1, 0), ('100', 100, 0), ('99 slow, 1 fast', 1, 99))


class Reader:
    """A browser that counts what it gets, of the newest kinds and in bytes."""

    def __init__(self, socket: aiohttp.ClientWebSocketResponse, pause_s: float):
        self.faces = self.bytes = 0
        self._socket, self._pause_s = socket, pause_s

    async def read(self) -> None:
        """Read until it is cancelled."""
        async for message in self._socket:
            self.bytes += len(message.data)
            self.faces += message.data.startswith('{"type":"face"')
            await asyncio.sleep(self._pause_s)


async def measured(url: str, pid: int, fast: int, slow: int, seconds: float) -> str:
    """Return a line about the node with so many browsers."""
    async with AsyncExitStack() as stack:
        session = await stack.enter_async_context(
            aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=0), read_bufsize=4096)
        )
        sockets = [
            await stack.enter_async_context(session.ws_connect(f'{url}socket', max_msg_size=0))
            for _ in range(fast + slow)
        ]
        readers = [Reader(socket, 0.0 if i < fast else 1.0) for i, socket in enumerate(sockets)]
        reading = [asyncio.ensure_future(reader.read()) for reader in readers]
        if sockets:
            await sockets[0].send_str(PERSON)
        await asyncio.sleep(WARM_UP_S)
        for reader in readers:
            reader.faces = reader.bytes = 0
        begun_s, used_s = time.monotonic(), cpu_s(pid)
        await asyncio.sleep(seconds)
        took_s, used_s = time.monotonic() - begun_s, cpu_s(pid) - used_s
        for task in reading:
            task.cancel()
            with suppress(asyncio.CancelledError):
                await task
    sent = sum(reader.bytes for reader in readers[:fast]) / max(fast, 1)
    faces = sum(reader.faces for reader in readers[:fast]) / max(fast, 1)
    return (
        f'{1e3 * used_s / took_s:8.1f} ms/s  {memory_mb(pid):6.1f} MB  to each fast one '
        f'{sent / took_s / 1e3:5.1f} kB/s, {faces / took_s:4.1f} faces/s'
    )


def cpu_s(pid: int) -> float:
    """Processor time of a process, s."""
    fields = Path(f'/proc/{pid}/stat').read_text().rpartition(')')[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf('SC_CLK_TCK')


def memory_mb(pid: int) -> float:
    """Anonymous memory of a process, MB."""
    status = Path(f'/proc/{pid}/status').read_text()
    return int(re.search(r'RssAnon:\s+(\d+)', status)[1]) / 1024


def main() -> None:
    """Print a line for each number of browsers."""
    seconds = float(sys.argv[1]) if len(sys.argv) > 1 else 10.0
    use_own_domain()
    with tempfile.TemporaryDirectory() as folder:
        logs = Path(folder)
        with NodeProcesses('emotion', log_folder=logs) as nodes:
            nodes.start('emotion_agent', 'emotion_state', {'snapshot_path': 'none'})
            nodes.start('emotion_agent', 'face_sketcher')
            pid = nodes.start('emotion_agent', 'emotion_web', {'port': 0}).pid
            while not (found := ADDRESS.findall((logs / 'emotion_web.log').read_text())):
                time.sleep(0.1)
            time.sleep(WARM_UP_S)
            for name, fast, slow in BROWSERS:
                print(f'{name:16}', asyncio.run(measured(found[0], pid, fast, slow, seconds)))


if __name__ == '__main__':
    main()
