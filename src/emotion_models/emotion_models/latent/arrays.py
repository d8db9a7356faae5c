# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""One arithmetic for NumPy arrays and torch tensors, without importing torch."""

import sys
from types import ModuleType
from typing import Any

import numpy as np


def namespace(array: Any) -> ModuleType:
    """The module whose functions take `array`: torch for a tensor, else NumPy."""
    torch = sys.modules.get('torch')  # whoever has a tensor has imported it
    return torch if torch is not None and isinstance(array, torch.Tensor) else np


def as_floats(array: Any) -> Any:
    """An array or tensor of a floating type: its own, or the default one for integers."""
    if namespace(array) is np:
        array = np.asarray(array)
        return array if array.dtype.kind == 'f' else array.astype(float)
    return array if array.is_floating_point() else array.float()


def like(model: Any, values: Any) -> Any:
    """`values` as the kind, type and device of `model`."""
    xp = namespace(model)
    if xp is np:
        return np.asarray(values, dtype=model.dtype)
    return xp.as_tensor(values, dtype=model.dtype, device=model.device)
