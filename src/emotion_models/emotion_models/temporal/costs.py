# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""What a sequence model costs on one thread."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import NamedTuple

import torch

from emotion_models.temporal.module import TemporalModule
from emotion_models.temporal.networks import FcLstm, SequenceModel
from emotion_models.temporal.walk import predict

SEGMENTS, REPEATS = 4, 5
MEGABYTE = 1e6


class Cost(NamedTuple):
    """
    Size and speed of a network.

    Args:
        parameters: how many weights.
        weights_mb: their size in memory.
        state_kb: of what it keeps of one face after some segments.
        ms_in_segments: a frame, where a whole clip is walked through.
        ms_on_line: a frame, where an answer is wanted at each: one step, or one segment that ends
            with it.
    """

    parameters: int
    weights_mb: float
    state_kb: float
    ms_in_segments: float
    ms_on_line: float


@torch.no_grad()
def measure_cost(module: TemporalModule) -> Cost:
    """Size and speed, the fastest of some repeats on one thread."""
    network = module.network
    count = sum(weight.numel() for weight in network.parameters())
    size = sum(w.numel() * w.element_size() for w in network.parameters())
    frames = SEGMENTS * network.sizes.segment
    clip = torch.randn(1, frames, network.sizes.width)
    with _one_thread():
        whole_s = _fastest(lambda: predict(network, clip, torch.tensor([frames])))
        state = network.first_state(1)
        for segment in clip.split(network.sizes.segment, dim=1):
            last, (_, state) = segment, network(segment, None, state)
        on_line_s = _fastest(lambda: _answer(network, last, state))
    held = sum(part.numel() * part.element_size() for part in state)
    return Cost(count, size / MEGABYTE, held / 1e3, 1e3 * whole_s / frames, 1e3 * on_line_s)


def _answer(network: SequenceModel, segment: torch.Tensor, state: tuple) -> None:
    if isinstance(network, FcLstm):
        network.step(segment[:, -1], state)
    else:
        network(segment[:, -1:] if network.is_causal else segment, None, state)


def _fastest(work: Callable[[], object]) -> float:
    """Seconds of the fastest of some repeats."""
    found = []
    for _ in range(REPEATS):
        started_s = time.perf_counter()
        work()
        found.append(time.perf_counter() - started_s)
    return min(found)


@contextmanager
def _one_thread() -> Iterator[None]:
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    try:
        yield
    finally:
        torch.set_num_threads(before)
