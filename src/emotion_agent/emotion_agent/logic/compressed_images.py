# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""JPEG and PNG messages to arrays."""

from typing import Any

import cv2
import numpy as np

from emotion_models.imaging.limits import JPEG_AND_PNG, PictureLimit, check_encoded
from node_kit.images import ImageError
from node_kit.limits import shown


def compressed_to_array(message: Any) -> np.ndarray:
    """
    Decode a JPEG or PNG message.

    Args:
        message: a `CompressedImage` of ROS, or out of a bag.

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


def _expectation(message: Any) -> str:
    return (
        f'expected a JPEG or PNG picture, got {len(message.data)} bytes of format '
        f'{shown(message.format)}'
    )
