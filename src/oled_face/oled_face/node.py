# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""
The node `oled_face`: shows an image topic on a small OLED or an emulated one.

Subscribes: face_image (sensor_msgs/Image), any size and encoding; show_text (std_msgs/String) and
            show_image (sensor_msgs/Image), which take the panel over for a while; an empty one
            gives it back at once.
Publishes:  nothing but diagnostics.
Services:   ~/sleep, ~/wake, ~/test_pattern (std_srvs/Trigger), ~/invert (std_srvs/SetBool).
No input:   the panel is dimmed, then switched off. Without a panel the node logs one line, goes
            on, and uses the panel as soon as it is connected.
"""

if __name__ == '__main__':  # before the imports, of which one may fail
    from oled_face import programs

    raise SystemExit(programs.oled_face())

import logging
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
from rclpy.clock import Clock, ClockType
from sensor_msgs.msg import Image
from std_msgs.msg import String
from std_srvs.srv import SetBool, Trigger

from node_kit import Diagnosis, ManagedNode, Setting, Unavailable, run
from node_kit.images import image_to_array
from node_kit.qos import PICTURE, SENSOR_DATA
from oled_face.address import name_and_addresses
from oled_face.appearance import TINTS
from oled_face.buses import INTERFACES, SLOW_BUS_HINT, SLOW_FULL_FRAME_S
from oled_face.display import DisplayWorker
from oled_face.fit import CONTAIN, METHODS, PLACEMENTS, THRESHOLD, fit, grey_of
from oled_face.i2c_address import OF_PANELS
from oled_face.interface import FULL_CONTRAST
from oled_face.lettering import text_frame
from oled_face.output import Output
from oled_face.outputs import (
    LAST_PORT,
    address_remark,
    display_config,
    fields_of,
    make_outputs,
    panel_of,
)
from oled_face.panels import AUTO_DRIVER, DRIVERS, USUAL_OFFSET
from oled_face.patterns import PATTERNS, pattern
from oled_face.power_saving import DIM_CONTRAST, PowerSavingConfig
from oled_face.selection import EMULATOR, PANEL, select
from oled_face.squares import is_two_tone, squares_frame
from oled_face.views.terminal import STYLES

POWER_SAVING_SETTINGS = frozenset({'contrast', 'dim_contrast', 'dim_s', 'idle_s'})
EACH_PATTERN_S = 1.5
ADDRESS_EVERY_S = 1.0  # a network may come after the start


class OledFaceNode(ManagedNode):
    """Hands image messages to a `DisplayWorker`, which shows the newest off the executor."""

    TABLE = (
        Setting('output', EMULATOR, 'comma-separated, as sh1106,web: one panel (ssd1306, ssd1309, '
                'ssd1315, ssd1305, sh1106, or panel = as driver says), terminal, web, window, '
                'gif, png, emulator (the terminal where there is one); or none', fixed=True,
                other_types=(list,)),
        Setting('driver', AUTO_DRIVER, 'chip of the panel; auto = as output says, else ssd1306, '
                'as a panel cannot be identified', choices=DRIVERS, fixed=True),
        Setting('width', 128, 'columns of the panel, px', 8, 132, fixed=True),
        Setting('height', 64, 'rows of the panel, px', 8, 128, fixed=True),
        Setting('column_offset', USUAL_OFFSET, 'memory column of the leftmost pixel; -1 = usual '
                'for the driver, 0 for some SH1106', -1, 32, fixed=True),
        Setting('rotate180', False, 'the panel is mounted upside down', fixed=True),
        Setting('interface', 'i2c', 'bus of the panel', choices=INTERFACES, fixed=True),
        Setting('i2c_port', 1, 'N of /dev/i2c-N', 0, 255, fixed=True),
        Setting('i2c_address', OF_PANELS[0], '0x3C = 3C = 60, or 0x3D; boards print these as 0x78 '
                'and 0x7A, which are understood', fixed=True, other_types=(str,)),
        Setting('i2c_chunked', False, '32 bytes at a time, for SMBus-only adapters', fixed=True),
        Setting('spi_port', 0, 'N of /dev/spidevN.M', 0, 255, fixed=True),
        Setting('spi_device', 0, 'M of /dev/spidevN.M', 0, 255, fixed=True),
        Setting('spi_speed_hz', 8_000_000, 'clock of the bus, Hz', 500_000, 52_000_000,
                fixed=True),
        Setting('gpio_dc', 24, 'GPIO (BCM number) of data/command on SPI', 0, 64, fixed=True),
        Setting('gpio_reset', 25, 'GPIO (BCM number) of reset on SPI', 0, 64, fixed=True),
        Setting('refresh_s', 30.0, 'seconds after which the panel is set up again and sent '
                'everything, as it may have lost power; 0 = only when needed', 0.0, 3600.0,
                fixed=True),
        Setting('persist', False, 'leave the picture on at exit', fixed=True),
        Setting('dither', THRESHOLD, 'how grey becomes black and white', choices=METHODS),
        Setting('threshold', 128, 'grey value from which a pixel is lit', 1, 255),
        Setting('placement', CONTAIN, 'how an image of another shape fits', choices=PLACEMENTS),
        Setting('contrast', FULL_CONTRAST, 'segment current while images come', 0, 255),
        Setting('dim_contrast', DIM_CONTRAST, 'segment current when dimmed', 0, 255),
        Setting('dim_s', 15.0, 'seconds without a lit image until dimmed, 0 = never', 0.0, 1e5),
        Setting('idle_s', 30.0, 'seconds without a lit image until off, 0 = never', 0.0, 1e5),
        Setting('show_s', 5.0, 'seconds for which what comes on show_text and show_image is shown',
                0.1, 86400.0),
        Setting('show_address_s', 0.0, 'seconds for which the name and the addresses of this '
                'computer are shown at the start, 0 = not', 0.0, 3600.0, fixed=True),
        Setting('tint', 'white', 'colour of an emulated panel', choices=TINTS,
                fixed=True),
        Setting('terminal_style', 'auto', 'characters of the terminal', choices=STYLES,
                fixed=True),
        Setting('gif_path', 'oled_face.gif', 'file of the recording', fixed=True),
        Setting('gif_max_s', 60.0, 'length of the recording, s, 0 = no limit', 0.0, 3600.0,
                fixed=True),
        Setting('png_folder', 'oled_face_frames', 'folder of the pictures', fixed=True),
        Setting('png_max_frames', 1000, 'number of pictures, 0 = no limit', 0, 1_000_000,
                fixed=True),
        Setting('web_port', 8064, 'port of the page on localhost, 0 = any', 0, LAST_PORT,
                fixed=True),
    )  # fmt: skip

    def __init__(self, **node_options):
        super().__init__('oled_face', **node_options)
        self._worker: DisplayWorker | None = None

    @property
    def worker(self) -> DisplayWorker:
        """What shows the images, between configure and cleanup."""
        if self._worker is None:
            raise Unavailable('the display is not configured: send the transition configure')
        return self._worker

    def check_settings(self, values: dict, given: set[str]) -> None:
        """Refuse panels and outputs that are unknown."""
        display_config(values)
        power_saving_config(values)

    def on_prepare(self) -> None:
        """Start the writer thread, which opens the outputs; the node runs even if some fail."""
        config = display_config(self.settings)
        self._size = config.panel.width, config.panel.height
        _, driver = select(self.settings['output'], self.settings['driver'])
        if PANEL in config.outputs and driver == AUTO_DRIVER:
            self.get_logger().info(
                f'driver auto = {config.panel.driver}, as a panel cannot be identified; most 1.3 '
                'inch modules need sh1106'
            )
        if line := address_remark(self.settings):
            self.get_logger().info(line)
        self._worker = DisplayWorker(
            make_outputs(config, log=self._log),
            power_saving_config(self.settings),
            convert=self._to_frame,
            log=self._log,
        )
        self._worker.start()

    def on_start(self) -> None:
        """Subscribe to images, and offer the services."""
        self._inputs = [
            self.create_subscription(Image, 'face_image', self.worker.offer, SENSOR_DATA),
            self.create_subscription(String, 'show_text', self._on_show_text, PICTURE),
            self.create_subscription(Image, 'show_image', self._on_show_image, PICTURE),
        ]
        self._offered = [
            self.create_service(Trigger, '~/sleep', self._on_sleep),
            self.create_service(Trigger, '~/wake', self._on_wake),
            self.create_service(Trigger, '~/test_pattern', self._on_test_pattern),
            self.create_service(SetBool, '~/invert', self._on_invert),
        ]
        self._address = ''  # that is shown
        steady = Clock(clock_type=ClockType.STEADY_TIME)
        self._address_ends_ns = steady.now().nanoseconds + round(
            1e9 * self.settings['show_address_s']
        )
        self._address_timer = self.create_timer(ADDRESS_EVERY_S, self._show_address, clock=steady)
        self._show_address()

    def on_stop(self) -> None:
        """Unsubscribe; power saving switches the idle panel off."""
        self.destroy_timer(self._address_timer)
        for subscription in self._inputs:
            self.destroy_subscription(subscription)
        for service in self._offered:
            self.destroy_service(service)

    def on_release(self) -> None:
        """Switch the panel off, end recordings, release terminal and ports."""
        if self._worker is not None and not self._worker.close():
            self.get_logger().warning('the bus is stuck: no longer waiting for it')
        self._worker = None

    def on_settings(self, given: set[str]) -> None:
        """Apply contrast and power saving; other parameters are read for every image."""
        if self._worker is not None and given & POWER_SAVING_SETTINGS:
            self._worker.set_power_saving(power_saving_config(self.settings))

    def diagnose(self) -> list[Diagnosis]:
        """Report counts, times and the problems of outputs."""
        if self._worker is None:
            return []
        diagnosis = Diagnosis('display', values=_values(self._worker))
        if not self._worker.statistics.frames_in:
            topic = self.resolve_topic_name('face_image')
            diagnosis.warn(f'no image on {topic} yet: check remapping and QoS')
        if self._worker.refusal:
            diagnosis.warn(self._worker.refusal)
        for output in self._worker.outputs:
            if output.problem:
                worsen = diagnosis.error if output.name == PANEL else diagnosis.warn
                worsen(f'{output.name}: {output.problem}')
            panel = panel_of(output)
            if panel is not None and panel.full_frame_s > SLOW_FULL_FRAME_S:
                diagnosis.warn(SLOW_BUS_HINT)
        return [diagnosis]

    def _to_frame(self, message: Image) -> np.ndarray:
        return fit(
            image_to_array(message),
            *self._size,
            method=self.settings['dither'],
            threshold=self.settings['threshold'],
            placement=self.settings['placement'],
        )

    def _on_show_text(self, message: String) -> None:
        text = message.data
        self._take_over(lambda: text_frame(text, *self._size) if text.strip() else None)

    def _on_show_image(self, message: Image) -> None:
        self._take_over(lambda: self._to_notice(message) if len(message.data) else None)

    def _take_over(self, make: Callable[[], np.ndarray | None]) -> None:
        self._address_timer.cancel()
        self.worker.take_over(make, self.settings['show_s'])

    def _to_notice(self, message: Image) -> np.ndarray:
        """Squares stay squares, black and white stay so, and shades are as in a face image."""
        grey = grey_of(image_to_array(message))
        if (squares := squares_frame(grey, *self._size)) is not None:
            return squares
        return fit(
            grey,
            *self._size,
            method=THRESHOLD if is_two_tone(grey) else self.settings['dither'],
            threshold=self.settings['threshold'],
            placement=self.settings['placement'],
        )

    def _show_address(self) -> None:
        """Show name and addresses as long as it is time for them, and follow their changes."""
        left_s = (self._address_ends_ns - self._address_timer.clock.now().nanoseconds) / 1e9
        if left_s <= 0.0:
            self._address_timer.cancel()
        elif (address := name_and_addresses()) != self._address:
            self._address = address
            self.worker.take_over(lambda: text_frame(address, *self._size), left_s)

    def _on_sleep(self, request: Trigger.Request, response: Trigger.Response):
        self.worker.sleep()
        return _done(response, 'dark until ~/wake')

    def _on_wake(self, request: Trigger.Request, response: Trigger.Response):
        self.worker.wake()
        return _done(response, 'awake')

    def _on_test_pattern(self, request: Trigger.Request, response: Trigger.Response):
        self.worker.play([pattern(name, *self._size) for name in PATTERNS], EACH_PATTERN_S)
        return _done(response, ', '.join(PATTERNS))

    def _on_invert(self, request: SetBool.Request, response: SetBool.Response):
        self.worker.invert(request.data)
        return _done(response, 'inverted' if request.data else 'normal')

    def _log(self, level: int, line: str) -> None:
        # rclpy and logging number their levels alike.
        logger = self.get_logger()
        if level >= logging.ERROR:
            logger.error(line)
        elif level >= logging.WARNING:
            logger.warning(line)
        elif level >= logging.INFO:
            logger.info(line)
        else:
            logger.debug(line)


def power_saving_config(values: Mapping[str, Any]) -> PowerSavingConfig:
    """Build the configuration of power saving from parameters."""
    return PowerSavingConfig(**fields_of(PowerSavingConfig, values))


def _values(worker: DisplayWorker) -> dict[str, Any]:
    return {
        **vars(worker.statistics),
        'taken_over': worker.is_taken_over,
        'errors': sum(output.errors for output in worker.outputs),
        'reconnects': sum(output.reconnects for output in worker.outputs),
        'lit': worker.power.on,
        'contrast': worker.power.contrast,
        **_percentiles(worker.show_ms()),
        **{output.name: _state(output) for output in worker.outputs},
    }


def _percentiles(show_ms: np.ndarray) -> dict[str, float]:
    if not show_ms.size:
        return {}
    p50, p95 = np.percentile(show_ms, [50, 95])
    return {'show_p50_ms': float(p50), 'show_p95_ms': float(p95)}


def _state(output: Output) -> str:
    if output.is_finished:
        return output.problem or 'finished'
    if output.display is None:
        return output.problem or 'not open yet'
    panel = panel_of(output)
    return 'works' if panel is None else f'works, bus at {panel.bus_hz / 1e3:.0f} kHz or more'


def _done(response, message: str):
    response.success = True
    response.message = message
    return response


def main() -> int:
    """Run the node."""
    return run(OledFaceNode)
