# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""What all parts of the campaign share: counts, the line of figures, memory, damage."""

import gc
import io
import os
import random
from collections.abc import Callable
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path
from time import perf_counter

import pytest

SEED = int(os.environ.get('CAMPAIGN_SEED', '1'))
FULL_TIMEOUT_S = 4 * 3600


def counts(short: int, full: int, timeout_s: float = FULL_TIMEOUT_S) -> list:
    """Return how much of a part `make test` does, and how much `make soak`."""
    marks = [pytest.mark.soak, pytest.mark.timeout(timeout_s)]
    return [pytest.param(short, id='short'), pytest.param(full, marks=marks, id='full')]


class Figures:
    """Tells the figures of a part in one line, with its seed and the time that it took."""

    def __init__(self, part: str):
        self._part = part
        self._begun_s, self._begun_cpu_s = perf_counter(), _processor_s()

    def tell(self, **figures: object) -> None:
        took_s, cpu_s = perf_counter() - self._begun_s, _processor_s() - self._begun_cpu_s
        said = '; '.join(f'{name.replace("_", " ")} {value}' for name, value in figures.items())
        line = f'{self._part}: {said}; seed {SEED}; {took_s:.0f} s, processor {cpu_s:.0f} s'
        print(f'\n{line}', flush=True)


def _processor_s() -> float:
    """Of this process and of those that it has started and that have ended."""
    times = os.times()
    return sum(times[:4])


def resident_mb(pid: int | str = 'self') -> float:
    """The memory of a process now."""
    if pid == 'self':
        gc.collect()
    return int(Path(f'/proc/{pid}/statm').read_text().split()[1]) * 4096 / 1e6


def said_by(call: Callable[[], int]) -> tuple[int, str]:
    """Call a command in this process; return its status and what it wrote on standard error."""
    said = io.StringIO()
    with redirect_stdout(io.StringIO()), redirect_stderr(said):
        status = call()
    return status, said.getvalue().strip()


class PeakMemory:
    """How far the memory of this process rises above what it is now."""

    def __init__(self):
        self._before_mb = resident_mb()
        Path('/proc/self/clear_refs').write_text('5')

    @property
    def risen_mb(self) -> float:
        status = Path('/proc/self/status').read_text()
        (peak_kb,) = (line.split()[1] for line in status.splitlines() if line.startswith('VmHWM'))
        return int(peak_kb) * 1024 / 1e6 - self._before_mb


ODD_NUMBERS = ('0', '-0.0', '1', '-3', '0.5', '1e-320', '86401', '9999999999', '1e11', '1e308')
ODD_WORDS = (
    *('nan', '.nan', '.inf', '-.inf', '1e308', '-1', '0', '9' * 400, '1e999', 'null', '~'),
    *('[]', '{}', '""', 'true', '- ', ': ', '? ', '&a', '*a', '<<: *a', '!!python/object:os.a {}'),
    *('!!binary x', '"', "'", '\t', '\0', '\n', '\r', '\x1b[2J', '\ufeff', '\u2028', '#', '%'),
    *('[[[[[[', '{{{{', '0x10', '1_000', '2001-01-01', '../../..', '/dev/zero', 'x' * 5000),
)


def damaged(data: bytes, draw: random.Random) -> bytes:
    """Return a file with one to five places flipped, cut, moved, doubled or overwritten."""
    result = bytearray(data)
    for _ in range(draw.choice([1, 1, 1, 2, 5])):
        _damage(result, draw)
    return bytes(result)


def _damage(data: bytearray, draw: random.Random) -> None:
    place = draw.randrange(len(data) + 1)
    length = draw.choice([1, 1, 2, 4, 8, 100, 4096])
    match draw.randrange(8):
        case 0 if place < len(data):
            data[place] ^= 1 << draw.randrange(8)
        case 1:
            del data[place:]
        case 2:
            del data[place : place + length]
        case 3:
            data[place:place] = data[place : place + length]
        case 4:
            data[place : place + length] = draw.randbytes(length)
        case 5:
            data[place : place + length] = draw.choice([b'\0', b'\xff', b'\x7f']) * length
        case 6:  # sizes and stamps
            data[place : place + 8] = draw.choice([2**31 - 1, 2**32 - 1, 2**63, 0]).to_bytes(
                8, draw.choice(['little', 'big'])
            )
        case 7:
            other = draw.randrange(len(data) + 1)
            data[place:place] = data[other : other + length]


def damaged_text(data: bytes, draw: random.Random) -> bytes:
    """Return a text file of which words or numbers are others, or that is damaged as any file."""
    kind = draw.random()
    if kind < 0.3:
        return damaged(data, draw)
    words = _words(data.decode())
    numbers = [place for place, word in enumerate(words) if word[:1].isdigit()]
    for _ in range(draw.choice([1, 1, 1, 2, 5])):
        if kind < 0.6 and numbers:
            words[draw.choice(numbers)] = draw.choice(ODD_NUMBERS)
        else:
            words[draw.randrange(len(words))] = draw.choice([*ODD_WORDS, draw.choice(words)])
    return ''.join(words).encode()


def _words(text: str) -> list[str]:
    """A text in pieces: runs of letters and digits, and each other character by itself."""
    pieces: list[str] = []
    for letter in text:
        is_word = letter.isalnum() or letter in '._-'
        if is_word and pieces and pieces[-1][-1:].isalnum():
            pieces[-1] += letter
        else:
            pieces.append(letter)
    return pieces


def one_line(text: str, most: int = 2000) -> None:
    """Check that what is said of a mistake is one line."""
    assert text
    assert text.isprintable(), repr(text)
    assert len(text) <= most, f'{len(text)} characters: {text[:300]}'
