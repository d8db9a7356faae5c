# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""
What the grouped decoder of videos costs, beside a loop over clips and one over frames.

    ./run python tests/benchmarks/bench_vdsm.py
"""

import resource
import time

import torch

from emotion_models.vdsm.frames import FrameModel, FrameSizes

CLIPS, FRAMES = 10, 8
SIZES = FrameSizes(side=64, pose=30, experts=40, base_width=16)
REPEATS = 5


def by_clip(decoder, poses, blend):
    """Each clip by itself."""
    return torch.cat([decoder(poses[k : k + 1], blend[k : k + 1]) for k in range(len(poses))])


def by_frame(decoder, poses, blend):
    """Each frame by itself, as the original does."""
    rows = [
        torch.cat(
            [decoder(poses[k : k + 1, t : t + 1], blend[k : k + 1]) for t in range(FRAMES)], 1
        )
        for k in range(len(poses))
    ]
    return torch.cat(rows)


def times_s(ways, arguments):
    """Least processor time of each way forwards and back, by turns."""
    best = dict.fromkeys(ways, float('inf'))
    for _ in range(REPEATS):
        for name, way in ways.items():
            begun = time.process_time()
            way(*arguments).sum().backward()
            best[name] = min(best[name], time.process_time() - begun)
    return best


def main():
    torch.manual_seed(0)
    torch.set_num_threads(1)
    model = FrameModel(SIZES)
    poses = torch.randn(CLIPS, FRAMES, SIZES.pose)
    blend = torch.rand(CLIPS, SIZES.experts).softmax(1)
    ways = {'grouped': model.decoder, 'by clip': by_clip, 'by frame': by_frame}
    ways = {
        name: way if name == 'grouped' else lambda p, b, way=way: way(model.decoder, p, b)
        for name, way in ways.items()
    }
    found = times_s(ways, (poses, blend))
    for name, seconds in found.items():
        ratio = seconds / found['grouped']
        print(f'decoder, {CLIPS}×{FRAMES} frames, {name}: {1e3 * seconds:.0f} ms, ×{ratio:.2f}')
    peak_mb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f'peak memory of the process: {peak_mb:.0f} MB')
    with torch.no_grad():
        largest = (model.decoder(poses, blend) - ways['by frame'](poses, blend)).abs().max()
    print(f'largest difference: {largest:.1e}')
    assert found['by frame'] >= 1.5 * found['grouped'], 'the loop over frames is not slower'
    assert largest < 1e-3


if __name__ == '__main__':
    main()
