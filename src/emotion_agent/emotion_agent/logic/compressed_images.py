# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""JPEG and PNG messages to arrays."""

from typing import TYPE_CHECKING

import cv2
import numpy as np

from emotion_models.imaging.limits import JPEG_AND_PNG, PictureLimit, check_encoded
from node_kit.images import ImageError
from node_kit.limits import shown

if TYPE_CHECKING:
    from sensor_msgs.msg import CompressedImage


def compressed_to_array(message: 'CompressedImage') -> np.ndarray:
    """
    Decode a JPEG or PNG message.

    Returns:
        uint8, (height, width, 3) in BGR order.

    Raises:
        ImageError: if it has too many pixels, or is not a picture that OpenCV can read.
    """
    data = bytes(message.data)
    try:
        check_encoded(data, JPEG_AND_PNG)
        picture = cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_COLOR)
    except (PictureLimit, cv2.error) as error:
        raise ImageError(f'{_expectation(message)}, which {error}') from error
    if picture is None:
        raise ImageError(f'{_expectation(message)} that cannot be decoded')
    return picture


def _expectation(message: 'CompressedImage') -> str:
    return (
        f'expected a JPEG or PNG picture, got {len(message.data)} bytes of format '
        f'{shown(message.format)}'
    )
