# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""How far a mouth is open while a sound plays."""

import numpy as np

RATE_HZ = 30.0  # of the openings: windows of 33 ms, about a period of the deepest voice
LOUD_SHARE = 0.95  # of the windows are at most as loud as what opens the mouth whole
QUIET_SHARE = 0.1  # of the windows are noise between the words
LEAST_LOUD = 0.01  # -40 dB of full scale: what is never louder is not taken for a voice
LEAST_RANGE = 0.1  # noise is at least 20 dB below the voice
SYLLABLES_HZ = 4.0  # of a babble, as many as in everyday speech
LONGEST_BABBLE_S = 600.0
COMPRESSION = 0.6  # exponent; 1 = in proportion: quiet syllables would hardly move the mouth


def openings(samples: np.ndarray, rate_hz: float, per_second: float = RATE_HZ) -> np.ndarray:
    """
    Return how far the mouth is open in each window of a sound.

    With r the root mean square of the samples of all channels in a window, `top` the quantile
    `LOUD_SHARE` of all r, but at least `LEAST_LOUD`, and `floor` the quantile `QUIET_SHARE`, but
    at most `LEAST_RANGE * top`, the opening is

        clip((r - floor) / (top - floor), 0, 1) ** COMPRESSION

    so that it never falls while r rises, is 0 in silence and 1 where the voice is loud, however
    loud the file is as a whole.

    Args:
        samples: (frames, channels) in [-1, 1].
        rate_hz: frames a second.
        per_second: windows a second; the last one may be shorter.

    Returns:
        float32 (windows,) in [0, 1]; window k begins at k / per_second seconds.
    """
    power = np.square(samples.astype(np.float64)).mean(axis=1)
    windows = int(np.ceil(len(power) * per_second / rate_hz))
    edges = np.rint(np.arange(windows + 1) * (rate_hz / per_second)).astype(int)
    edges = np.minimum(edges, len(power))
    total = np.concatenate([[0.0], np.cumsum(power)])
    sums = np.maximum(total[edges[1:]] - total[edges[:-1]], 0.0)
    loudness = np.sqrt(sums / np.maximum(np.diff(edges), 1))
    if not windows:
        return np.zeros(0, np.float32)
    top = max(float(np.quantile(loudness, LOUD_SHARE)), LEAST_LOUD)
    floor = min(float(np.quantile(loudness, QUIET_SHARE)), LEAST_RANGE * top)
    share = np.clip((loudness - floor) / (top - floor), 0.0, 1.0)
    return (share**COMPRESSION).astype(np.float32)


def babble(length_s: float, per_second: float = RATE_HZ) -> np.ndarray:
    """
    Return how far the mouth of somebody is open who says something that nobody hears.

    Syllables open the mouth to unlike widths, `SYLLABLES_HZ` of them a second, always the same.

    Args:
        length_s: how long it goes on, (0, `LONGEST_BABBLE_S`].
        per_second: windows a second.

    Returns:
        float32 (windows,) in [0, 1].

    Raises:
        ValueError: if it is not that long.
    """
    if not 0.0 < length_s <= LONGEST_BABBLE_S:
        raise ValueError(f'expected a length of up to {LONGEST_BABBLE_S:g} s, got {length_s:g}')
    syllable = SYLLABLES_HZ * np.arange(int(np.ceil(length_s * per_second))) / per_second
    # The golden section spreads numbers that look like chance and come again.
    width = 0.45 + 0.55 * (np.floor(syllable) * 0.618034 % 1.0)
    return (width * np.sin(np.pi * (syllable % 1.0)) ** 2).astype(np.float32)
