# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
import cv2
import numpy as np
import pytest

PARTS = ('training', 'validation', 'test')


@pytest.fixture
def write_picture():
    """write_picture(path, shade, size, inside): one BGR colour; `inside` = x, y, w, h in white."""

    def write(path, shade=100, size=(48, 48), inside=None):
        image = np.full((*size, 3), shade, np.uint8)
        if inside:
            x, y, width, height = inside
            image[y : y + height, x : x + width] = 255
        path.parent.mkdir(parents=True, exist_ok=True)
        cv2.imwrite(str(path), image)

    return write


@pytest.fixture
def load():
    """load(data_set): all samples of each part, as a dictionary of batches."""

    def load(data_set, seed=5230):
        parts = data_set.load_parts(seed)
        return {name: part.take(np.arange(len(part))) for name, part in parts.items()}

    return load


@pytest.fixture
def groups_of():
    """groups_of(data_set): whom or which clips each part shows."""

    def groups(data_set, seed=5230):
        parts = data_set.load_parts(seed)
        return {name: parts[name].groups for name in PARTS}

    return groups


@pytest.fixture
def class_names():
    """class_names(data_set, batch): the classes of a batch by name, none where unknown."""

    def names(data_set, batch):
        return [data_set.classes[k] if k >= 0 else None for k in batch.expression]

    return names
