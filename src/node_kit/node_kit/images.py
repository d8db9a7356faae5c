# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""
Image messages to arrays and back.

cv_bridge converts where the ROS installation has it, and NumPy and OpenCV convert elsewhere, with
equal results. Messages read from a bag without ROS are converted, too.
"""

import array
from typing import TYPE_CHECKING, Any, NamedTuple

import cv2
import numpy as np

from node_kit.limits import PIXELS, shown

if TYPE_CHECKING:
    from sensor_msgs.msg import Image

try:
    from cv_bridge import CvBridge
except ImportError:
    CvBridge = None

# encoding -> (scalar type, channels, conversion of OpenCV to BGR; None = BGR or grey already)
ENCODINGS: dict[str, tuple[str, int, int | None]] = {
    'mono8': ('u1', 1, None),
    '8UC1': ('u1', 1, None),
    'bgr8': ('u1', 3, None),
    '8UC3': ('u1', 3, None),
    'rgb8': ('u1', 3, cv2.COLOR_RGB2BGR),
    'bgra8': ('u1', 4, cv2.COLOR_BGRA2BGR),
    '8UC4': ('u1', 4, cv2.COLOR_BGRA2BGR),
    'rgba8': ('u1', 4, cv2.COLOR_RGBA2BGR),
    'mono16': ('u2', 1, None),
    '16UC1': ('u2', 1, None),
    'bgr16': ('u2', 3, None),
    '16UC3': ('u2', 3, None),
    'rgb16': ('u2', 3, cv2.COLOR_RGB2BGR),
    'bgra16': ('u2', 4, cv2.COLOR_BGRA2BGR),
    'rgba16': ('u2', 4, cv2.COLOR_RGBA2BGR),
    '32FC1': ('f4', 1, None),
    '32FC3': ('f4', 3, None),
    '64FC1': ('f8', 1, None),
    '64FC3': ('f8', 3, None),
    # OpenCV names a Bayer pattern by its second row and column.
    'bayer_rggb8': ('u1', 1, cv2.COLOR_BayerBG2BGR),
    'bayer_bggr8': ('u1', 1, cv2.COLOR_BayerRG2BGR),
    'bayer_gbrg8': ('u1', 1, cv2.COLOR_BayerGR2BGR),
    'bayer_grbg8': ('u1', 1, cv2.COLOR_BayerGB2BGR),
    'bayer_rggb16': ('u2', 1, cv2.COLOR_BayerBG2BGR),
    'bayer_bggr16': ('u2', 1, cv2.COLOR_BayerRG2BGR),
    'bayer_gbrg16': ('u2', 1, cv2.COLOR_BayerGR2BGR),
    'bayer_grbg16': ('u2', 1, cv2.COLOR_BayerGB2BGR),
    'yuv422': ('u1', 2, cv2.COLOR_YUV2BGR_UYVY),
    'uyvy': ('u1', 2, cv2.COLOR_YUV2BGR_UYVY),
    'yuv422_yuy2': ('u1', 2, cv2.COLOR_YUV2BGR_YUYV),
    'yuyv': ('u1', 2, cv2.COLOR_YUV2BGR_YUYV),
    # Two planes: the rows of luma are followed by half as many rows of chroma.
    'nv12': ('u1', 1, cv2.COLOR_YUV2BGR_NV12),
    'nv21': ('u1', 1, cv2.COLOR_YUV2BGR_NV21),
}
_TWO_PLANES = ('nv12', 'nv21')
# cv_bridge does not scale floats and raw types such as 8UC1, so these are converted here.
_BRIDGED = frozenset(
    encoding
    for encoding in ENCODINGS
    if encoding[0].islower() and encoding not in (*_TWO_PLANES, 'uyvy', 'yuyv')
)


class ImageError(ValueError):
    """An image message whose fields contradict each other or are not supported."""


def image_to_array(message: 'Image') -> np.ndarray:
    """
    Convert an image message to what OpenCV works with.

    16-bit values are scaled to 8 bits; floats are taken as [0, 1].

    Args:
        message: any encoding of `ENCODINGS`, rows may be padded, either byte order.

    Returns:
        uint8, (height, width) if the encoding is grey, else (height, width, 3) in BGR order.
        May share memory with the message.

    Raises:
        ImageError: unknown encoding, zero size, more than `PIXELS`, a step shorter than a row, too
            little data, floats that are not finite.
    """
    layout = _check_layout(message)
    # cv_bridge reads padding as pixels where it is not a multiple of their size.
    if CvBridge is not None and message.encoding in _BRIDGED and message.step == layout.row_bytes:
        grey = message.encoding.startswith('mono')
        return CvBridge().imgmsg_to_cv2(message, 'mono8' if grey else 'bgr8')
    return _decode(message, layout)


def array_to_image(pixels: np.ndarray, encoding: str, header: Any) -> 'Image':
    """
    Put pixels into an image message.

    Args:
        pixels: uint8, (height, width) for mono8 or (height, width, 3) for bgr8 and rgb8.
        encoding: of the pixels; they are not converted.
        header: header of the message.
    """
    from sensor_msgs.msg import Image

    fields = image_fields(pixels, encoding)
    data = fields.pop('data')
    image = Image(header=header, **fields)
    image.data = data  # which the constructor would copy
    return image


def image_fields(pixels: np.ndarray, encoding: str) -> dict[str, Any]:
    """Return the fields of an image message except the header, as for `array_to_image`."""
    pixels = np.ascontiguousarray(pixels, np.uint8)
    # The message takes an array of this type without checking every byte.
    data = array.array('B')
    data.frombytes(pixels.data.cast('B'))
    return {
        'height': pixels.shape[0],
        'width': pixels.shape[1],
        'encoding': encoding,
        'is_bigendian': 0,
        'step': pixels.strides[0],
        'data': data,
    }


class _Layout(NamedTuple):
    """The memory layout of a message."""

    scalar: np.dtype
    channels: int
    row_bytes: int  # without padding


def _check_layout(message: 'Image') -> _Layout:
    """Return the layout, after checking that the sizes fit each other."""
    if message.encoding not in ENCODINGS:
        raise ImageError(
            f'expected an encoding among {", ".join(sorted(ENCODINGS))}; '
            f'got {shown(message.encoding)}'
        )
    if message.height == 0 or message.width == 0:
        raise ImageError(f'expected an image, got {message.width} x {message.height} pixels')
    if message.height * message.width > PIXELS:
        raise ImageError(
            f'expected at most {PIXELS} pixels, got {message.width} x {message.height}'
        )
    name, channels, _ = ENCODINGS[message.encoding]
    scalar = np.dtype(name).newbyteorder('>' if message.is_bigendian else '<')
    row_bytes = message.width * channels * scalar.itemsize
    if message.step < row_bytes or message.step % scalar.itemsize:
        raise ImageError(
            f'expected a step of at least {row_bytes} bytes for {message.width} pixels of '
            f'{message.encoding}, got {message.step}'
        )
    # The last row may come without its padding.
    expected = message.step * (_rows(message) - 1) + row_bytes
    if len(message.data) < expected:
        raise ImageError(
            f'expected {expected} bytes for {message.height} rows of step {message.step}, '
            f'got {len(message.data)}'
        )
    return _Layout(scalar, channels, row_bytes)


def _rows(message: 'Image') -> int:
    return message.height * 3 // 2 if message.encoding in _TWO_PLANES else message.height


def _decode(message: 'Image', layout: _Layout) -> np.ndarray:
    scalar, channels, _ = layout
    shape = (_rows(message), message.width, channels)[: 2 if channels == 1 else 3]
    strides = (message.step, channels * scalar.itemsize, scalar.itemsize)[: len(shape)]
    pixels = _to_8_bit(np.ndarray(shape, scalar, message.data, strides=strides))
    conversion = ENCODINGS[message.encoding][2]
    if conversion is None:
        return pixels
    try:
        return cv2.cvtColor(np.ascontiguousarray(pixels), conversion)
    except cv2.error as error:
        raise ImageError(
            f'expected a size that {message.encoding} can have, '
            f'got {message.width} x {message.height}'
        ) from error


def _to_8_bit(pixels: np.ndarray) -> np.ndarray:
    if pixels.dtype.kind == 'f':
        if not np.isfinite(pixels).all():
            raise ImageError('expected finite values in [0, 1], got NaN or infinity')
        return np.rint(np.clip(pixels, 0, 1) * 255).astype(np.uint8)
    if pixels.dtype.itemsize == 2:
        return cv2.convertScaleAbs(pixels.astype(np.uint16), alpha=255 / 65535)
    return pixels
