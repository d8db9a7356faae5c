# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""What the driver puts on the bus, byte for byte."""

from itertools import groupby

import numpy as np
import pytest
from luma.core.interface.serial import i2c, spi
from luma.oled import device as luma_devices
from panel_fakes import Chip, Clock, Recorder, frame_of, rectangle
from PIL import Image

from oled_face import PanelDriver, panel_for
from oled_face.bus_cost import I2C, I2C_CHUNKED, SPI

BLANK = frame_of()
FULL_WINDOW = '21 00 7f 22 00 07'
ALL_ON = np.full((64, 128), 255, np.uint8)
# name: (before, after, commands and data, bytes on the bus); before None = the first frame
SEQUENCES = {
    'first frame': (None, BLANK, [('C', FULL_WINDOW), ('D', '00' * 1024)], 1034),
    'identical frame': (BLANK, BLANK, [], 0),
    'one pixel on': (BLANK, frame_of((5, 10)), [('C', '21 05 05 22 01 01'), ('D', '04')], 11),
    'one pixel off': (frame_of((5, 10)), BLANK, [('C', '21 05 05 22 01 01'), ('D', '00')], 11),
    'rectangle': (
        BLANK,
        rectangle(40, 59, 20, 29),
        [('C', '21 28 3b 22 02 03'), ('D', 'f0' * 20 + '3f' * 20)],
        50,
    ),
    'opposite corners': (
        BLANK,
        frame_of((0, 0), (127, 63)),
        [
            ('C', '21 00 00 22 00 00'),
            ('D', '01'),
            ('C', '21 7f 7f 22 07 07'),
            ('D', '80'),
        ],
        22,
    ),
    'near pixels share a window': (
        BLANK,
        frame_of((10, 8), (20, 8)),
        [('C', '21 0a 14 22 01 01'), ('D', '01' + '00' * 9 + '01')],
        21,
    ),
    'far pixels do not': (
        BLANK,
        frame_of((10, 8), (40, 8)),
        [
            ('C', '21 0a 0a 22 01 01'),
            ('D', '01'),
            ('C', '21 28 28 22 01 01'),
            ('D', '01'),
        ],
        22,
    ),
    'all on': (BLANK, ALL_ON, [('C', FULL_WINDOW), ('D', 'ff' * 1024)], 1034),
}


def as_hex(sent):
    return [(kind, payload.hex()) for kind, payload in sent]


def expected(sequence):
    return [(kind, payload.replace(' ', '')) for kind, payload in sequence]


@pytest.mark.parametrize(
    ('before', 'after', 'sequence', 'bus_bytes'), SEQUENCES.values(), ids=SEQUENCES
)
def test_sequence(before, after, sequence, bus_bytes):
    serial = Recorder()
    oled = PanelDriver(serial)
    if before is not None:
        oled.show(before)
    serial.take()

    assert oled.show(after) == bus_bytes
    assert as_hex(serial.take()) == expected(sequence)


class FakeBus:
    """An smbus2 bus that keeps the bytes after the address."""

    def __init__(self):
        self.sent = []

    def write_i2c_block_data(self, address, control, data):
        assert address == 0x3C
        self.sent.append(bytes([control, *data]))

    def i2c_rdwr(self, message):
        self.sent.append(bytes(list(message)))

    def take(self):
        sent, self.sent = self.sent, []
        return sent


@pytest.fixture
def large_writes(monkeypatch):
    bus = FakeBus()
    monkeypatch.setattr('smbus2.SMBus', lambda port: bus)
    return bus, i2c(port=1, address=0x3C), I2C


@pytest.fixture
def chunked_writes():
    bus = FakeBus()
    return bus, i2c(bus=bus, address=0x3C), I2C_CHUNKED


@pytest.mark.parametrize(
    ('before', 'after', 'sequence', 'bus_bytes'), SEQUENCES.values(), ids=SEQUENCES
)
def test_sequence_through_luma_i2c(large_writes, before, after, sequence, bus_bytes):
    bus, serial, bus_cost = large_writes
    oled = PanelDriver(serial, bus_cost=bus_cost)
    if before is not None:
        oled.show(before)
    bus.take()

    oled.show(after)

    control = {'C': '00', 'D': '40'}
    sent = bus.take()
    assert [payload.hex() for payload in sent] == [
        control[kind] + payload for kind, payload in expected(sequence)
    ]
    assert sum(1 + len(payload) for payload in sent) == bus_bytes


@pytest.mark.parametrize('frame', [frame_of((5, 10)), rectangle(10, 100, 3, 50), ALL_ON])
def test_counts_every_byte_of_chunked_writes(chunked_writes, frame):
    bus, serial, bus_cost = chunked_writes
    oled = PanelDriver(serial, bus_cost=bus_cost)
    oled.show(BLANK)
    bus.take()

    bus_bytes = oled.show(frame)

    sent = bus.take()
    assert bus_bytes == sum(1 + len(payload) for payload in sent)
    assert all(len(payload) <= 33 for payload in sent)


def test_works_through_luma_spi():
    class FakeSpi:
        def __init__(self):
            self.sent = []

        def open(self, port, device):
            pass

        def writebytes(self, data):
            self.sent.append(list(data))

    class FakeGpio:
        LOW, HIGH, OUT = 0, 1, 2

        def setup(self, pin, direction):
            pass

        def output(self, pin, level):
            pass

    bus = FakeSpi()
    oled = PanelDriver(spi(spi=bus, gpio=FakeGpio()), bus_cost=SPI)
    oled.show(BLANK)
    bus.sent.clear()

    assert oled.show(frame_of((5, 10))) == 7
    assert bus.sent == [[0x21, 5, 5, 0x22, 1, 1], [4]]


def joined(sent: list[tuple[str, bytes]]) -> list[tuple[str, bytes]]:
    """What was sent, however it is divided into writes."""
    return [
        (kind, b''.join(payload for _, payload in writes))
        for kind, writes in groupby(sent, key=lambda write: write[0])
    ]


def test_sets_up_as_luma_does():
    ours, theirs = Recorder(), Recorder()

    PanelDriver(ours)
    luma_devices.ssd1306(theirs).persist = True

    flush, *setup = ours.take()
    assert set(flush[1]) == {0xE3}
    assert joined(setup) == joined(theirs.take())


@pytest.mark.parametrize(
    ('driver', 'width', 'height'),
    [
        ('ssd1306', 128, 32),
        ('ssd1306', 96, 16),
        ('ssd1306', 64, 48),
        ('ssd1306', 64, 32),
        ('ssd1309', 128, 64),
        ('ssd1315', 128, 64),
        ('ssd1305', 128, 64),
        ('ssd1305', 128, 32),
    ],
)
def test_sets_up_other_panels_as_luma_does(driver, width, height):
    ours, theirs = Recorder(), Recorder()

    PanelDriver(ours, panel_for(driver, width, height))
    getattr(luma_devices, driver)(theirs, width=width, height=height).persist = True

    assert joined(ours.take()[1:]) == joined(theirs.take())


@pytest.mark.parametrize(
    ('frame', 'sequence'),
    [
        (frame_of((5, 10)), [('C', 'b1 07 10'), ('D', '04')]),
        (
            rectangle(40, 59, 20, 29),
            [('C', 'b2 0a 12'), ('D', 'f0' * 20), ('C', 'b3 0a 12'), ('D', '3f' * 20)],
        ),
    ],
    ids=['pixel', 'rectangle'],
)
def test_sh1106_writes_page_by_page(frame, sequence):
    serial = Recorder()
    oled = PanelDriver(serial, panel_for('sh1106'))
    oled.show(BLANK)
    serial.take()

    bus_bytes = oled.show(frame)

    assert as_hex(serial.take()) == expected(sequence)
    assert bus_bytes == sum(2 + len(bytes.fromhex(payload)) for _, payload in sequence)


def test_sh1106_column_offset_can_be_none():
    serial = Recorder()
    oled = PanelDriver(serial, panel_for('sh1106', column_offset=0))
    oled.show(BLANK)
    serial.take()

    oled.show(frame_of((5, 10)))

    assert serial.take()[0] == ('C', bytes.fromhex('b10510'))


def test_sends_everything_again_after_the_refresh_time():
    serial, clock = Recorder(), Clock()
    oled = PanelDriver(serial, refresh_s=30.0, clock=clock)
    oled.show(BLANK)

    clock.advance(29.9)
    assert oled.show(BLANK) == 0
    clock.advance(0.2)
    assert oled.show(BLANK) >= 1034
    assert oled.show(BLANK) == 0


def test_refresh_can_be_switched_off():
    clock = Clock()
    oled = PanelDriver(Recorder(), refresh_s=0.0, clock=clock)
    oled.show(BLANK)

    clock.advance(1e6)

    assert oled.show(BLANK) == 0


def test_wakes_with_one_command_and_what_was_shown_while_asleep():
    panel = panel_for()
    chip = Chip(panel)
    oled = PanelDriver(chip)
    oled.show(BLANK)
    oled.sleep()
    oled.show(frame_of((5, 10)))
    assert not chip.picture().any()
    chip.take()

    oled.wake()

    assert chip.take() == [('C', b'\xaf')]
    assert np.array_equal(chip.picture(), frame_of((5, 10)) != 0)


def test_contrast_and_inversion_are_single_commands():
    serial = Recorder()
    oled = PanelDriver(serial)
    serial.take()

    oled.contrast(0x30)
    oled.invert(True)
    oled.invert(False)

    assert as_hex(serial.take()) == [('C', '8130'), ('C', 'a7'), ('C', 'a6')]


def test_refuses_a_contrast_that_is_none():
    with pytest.raises(ValueError, match=r'expected 0\.\.255, got 256'):
        PanelDriver(Recorder()).contrast(256)


@pytest.mark.parametrize(('persist', 'last'), [(False, [('C', b'\xae')]), (True, [])])
def test_close_leaves_the_panel_dark_unless_it_persists(persist, last):
    serial = Recorder()
    oled = PanelDriver(serial, persist=persist)
    serial.take()

    oled.close()
    oled.close()

    assert serial.take() == last
    assert serial.is_closed


def test_rotates_by_half_a_turn():
    panel = panel_for()
    chip = Chip(panel)
    oled = PanelDriver(chip, rotate180=True)

    oled.show(frame_of((5, 10)))

    assert np.array_equal(chip.picture(), frame_of((122, 53)) != 0)


@pytest.mark.parametrize(
    'frame',
    [
        frame_of((5, 10)) != 0,
        Image.fromarray(frame_of((5, 10))),
        Image.fromarray(frame_of((5, 10))).convert('1'),
    ],
    ids=['bool', 'L', '1'],
)
def test_takes_other_kinds_of_frames(frame):
    oled = PanelDriver(Recorder())
    oled.show(BLANK)

    assert oled.show(frame) == 11


@pytest.mark.parametrize(
    ('frame', 'got'),
    [
        (np.zeros((32, 128), np.uint8), r'uint8 of shape \(32, 128\)'),
        (np.zeros((64, 128), np.float32), r'float32 of shape \(64, 128\)'),
        (np.zeros((64, 128, 3), np.uint8), r'shape \(64, 128, 3\)'),
    ],
)
def test_refuses_other_frames_by_name(frame, got):
    with pytest.raises(ValueError, match=rf'expected uint8 or bool of shape \(64, 128\).*{got}'):
        PanelDriver(Recorder()).show(frame)


def test_luma_still_works_after_us():
    """Whoever drives the panel next finds it as luma expects it."""
    chip = Chip(panel_for())
    PanelDriver(chip, persist=True).show(frame_of((5, 10)))
    frame = rectangle(3, 30, 4, 40)

    luma = luma_devices.ssd1306.__new__(luma_devices.ssd1306)
    chip.take()
    luma_devices.ssd1306.__init__(luma, chip)
    luma.persist = True
    luma.display(Image.fromarray(frame).convert('1'))

    assert np.array_equal(chip.picture(), frame != 0)


def test_estimates_the_clock_of_the_bus():
    clock = Clock()

    class SlowBus(Recorder):
        def data(self, data):
            clock.advance(0.0931 if len(list(data)) == 1024 else 0.0)

    oled = PanelDriver(SlowBus(), clock=clock)

    assert oled.bus_hz == pytest.approx(100e3, rel=1e-3)
