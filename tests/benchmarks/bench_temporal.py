# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""
What valence and arousal over time cost: milliseconds a frame of the four models and of the step
that the robot makes, beside the affect network, and the running agent with and without it.

    ./run python tests/benchmarks/bench_temporal.py [SECONDS]

Everything is of one thread, with the features of the affect network and random weights. In
segments: whole segments of a clip, one after the other. Streaming: an answer for each frame; a
causal model makes a step, the others look at the last segment anew. The models need torch; what
is missing is said and left out. The agent is measured for SECONDS (20), as in bench_agent.py.
"""

import os
import sys
import tempfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from time import perf_counter, thread_time

import numpy as np
import yaml
from bench_affect import alternate_ms, moving_face

from emotion_models.labels.expressions import EXPRESSIONS
from emotion_models.runtime import AffectEstimator, Reading, TemporalModel
from emotion_models.runtime.affect import AffectModel
from emotion_models.runtime.temporal import TemporalStage

ROOT = Path(__file__).resolve().parents[2]
EXPERIMENTS = ROOT / 'config' / 'experiments'
PRESETS = ('transformer', 'transformer_lstm', 'transformer_attention', 'fclstm_xl')
ROBOT_SIZES = (64, 128)
RATE_HZ = 25.0
CAMERA_HZ = 30.0
LIMIT_MS = 0.3
ROUNDS = 5
STEPS = 300


def widths(affect: AffectModel) -> dict[str, int]:
    """The features that the affect network gives."""
    return {'embedding': affect.feature_size, 'expression': len(EXPRESSIONS), 'va': 2}


def load_preset(name: str, features: dict[str, int]):
    """The module of a preset with these features, in evaluation mode."""
    from emotion_models.temporal.module import TemporalModule

    preset = yaml.safe_load((EXPERIMENTS / f'temporal_{name}.yaml').read_text())
    return TemporalModule(**{**preset['model']['init_args'], 'features': features}).eval()


def in_segments(module) -> tuple[Callable[[], object], int]:
    """A segment after others, and how many frames that is."""
    import torch

    network, size = module.network, module.network.sizes.segment
    frames = torch.randn(1, size, network.sizes.width)
    with torch.no_grad():
        state = None
        for _ in range(4):  # until memories are full
            _, state = network(frames, state=state)
    return torch.no_grad()(lambda: network(frames, state=state)), size


def streaming(module) -> Callable[[], object]:
    """An answer to one frame more."""
    import torch

    network = module.network
    if not network.is_causal:
        return in_segments(module)[0]
    frame, state = torch.randn(1, network.sizes.width), network.first_state(1)
    return torch.no_grad()(lambda: network.step(frame, state))


def print_models(affect: AffectModel) -> None:
    """The four models at the sizes of their presets."""
    import torch

    torch.set_num_threads(1)
    modules = {name: load_preset(name, widths(affect)) for name in PRESETS}
    segments = {name: in_segments(module) for name, module in modules.items()}
    works = {name: work for name, (work, _) in segments.items()}
    works |= {f'{name}, streaming': streaming(module) for name, module in modules.items()}
    face = np.zeros((affect.size_px, affect.size_px), np.uint8)
    times = alternate_ms({'affect network': lambda: affect([face]), **works}, ROUNDS)
    spans = {name: float(np.median(ms)) for name, ms in times.items()}
    print(f'affect network: {spans["affect network"]:.2f} ms a face')
    for name, module in modules.items():
        count = sum(weight.numel() for weight in module.parameters())
        print(
            f'  {name:22} {count:9,} parameters   in segments of {segments[name][1]} '
            f'{spans[name] / segments[name][1]:7.3f} ms a frame   '
            f'streaming {spans[f"{name}, streaming"]:7.2f} ms a frame'
        )


def export_step(folder: Path, hidden: int, affect: AffectModel) -> Path:
    """A model for the robot, with random weights."""
    from emotion_models.temporal.module import TemporalModule
    from emotion_models.training.export import export_network

    module = TemporalModule(widths(affect), hidden=hidden, head=[hidden, hidden])
    module.rate_hz.fill_(RATE_HZ)
    plan = module.eval().export_plan()
    origin = {'name': 'random weights', 'affect_network': affect.card['sha256']}
    card = {'system': 'temporal', **plan.card, 'training_data': origin}
    export_network(replace(plan, card=card), folder)
    return folder


def robot_step(folder: Path, affect: AffectModel) -> Callable[[], object]:
    """A reading more of a face, as the robot takes it."""
    stage, number = TemporalStage(TemporalModel(folder)), 0
    embedding = np.random.default_rng(0).random(affect.feature_size, np.float32)

    def step() -> None:
        nonlocal number
        number += 1
        stage(Reading(np.full(10, 0.1), 0.9, number / RATE_HZ, embedding))

    return step


def print_steps(folders: dict[int, Path], affect: AffectModel) -> None:
    """What the robot takes for a face and frame: step after step, and after the affect network."""
    face = np.zeros((affect.size_px, affect.size_px), np.uint8)
    for hidden, folder in folders.items():
        step = robot_step(folder, affect)
        alone_ms = alternate_ms({'step': step}, ROUNDS)['step']
        between_ms = []
        for _ in range(STEPS):
            affect([face])  # leaves nothing of the step in the caches, as in the robot
            begun_s = perf_counter()
            step()
            between_ms.append(1e3 * (perf_counter() - begun_s))
        print(
            f'in the robot, hidden {hidden:3}: {np.median(alone_ms):.3f} ms a face and frame, '
            f'{np.median(between_ms):.3f} ms after the affect network (limit {LIMIT_MS} ms)'
        )


def print_frames(folder: Path, affect: AffectModel) -> None:
    """What a frame of a moving face takes of the processor, with and without."""
    images = moving_face()
    for name, temporal in (('without', None), ('with', TemporalModel(folder))):
        estimator = AffectEstimator(affect, 'haar', temporal=temporal)
        estimator(images[0], 0.0)
        begun_s = thread_time()
        for number, image in enumerate(images[1:], 1):
            estimator(image, number / CAMERA_HZ)
        spent_ms = 1e3 * (thread_time() - begun_s) / (len(images) - 1)
        print(f'a camera frame with one face, {name:7} it: {spent_ms:.2f} ms of processor time')


def print_agent(folder: Path, seconds: float) -> None:
    """The running agent with and without a model over time."""
    from bench_agent import by_node, latency, measure, share

    from emotion_agent.ros.domain import use_own_domain

    use_own_domain()
    for name, choice in (('without', 'none'), ('with', str(folder))):
        figures = measure(seconds, 'ours', given=('-p', f'affect_estimator:temporal:={choice}'))
        spent_s, images = by_node(figures['s'])['affect_estimator'], figures['s']['images']
        print(
            f'agent {name:7} it: affect_estimator {spent_s / seconds:6.1%} of a core, '
            f'{1e3 * spent_s / images:.2f} ms for each of {images / seconds:.1f} images a second; '
            f'all nodes {share(figures, seconds):6.1%}, {figures["mb"]:.0f} MB, camera to face '
            f'{latency(figures)}'
        )


def main() -> None:
    """Print every figure."""
    seconds = float(sys.argv[1]) if len(sys.argv) > 1 else 20.0
    affect = AffectModel()
    print(f'one thread, load {os.getloadavg()[0]:.1f}')
    try:
        print_models(affect)
        with tempfile.TemporaryDirectory() as place:
            folders = {
                hidden: export_step(Path(place, f'hidden_{hidden}'), hidden, affect)
                for hidden in ROBOT_SIZES
            }
            print_steps(folders, affect)
            print_frames(folders[max(ROBOT_SIZES)], affect)
            print_agent(folders[max(ROBOT_SIZES)], seconds)
    except ModuleNotFoundError as error:
        print(f'left out what needs {error.name}, which is not there')


if __name__ == '__main__':
    main()
