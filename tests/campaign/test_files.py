# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""Damaged files of every kind are read, or refused in one line, in bounded memory and time."""

import io
import json
import math
import random
import shutil
from collections import Counter
from pathlib import Path
from time import process_time

import cv2
import numpy as np
import pytest
from bag_maker import BagMaker
from campaign import SEED, Figures, PeakMemory, counts, damaged, damaged_text, one_line, said_by
from PIL import Image
from rosbags.rosbag2 import StoragePlugin

from emotion_agent.commands.cli import main
from emotion_agent.logic.compressed_images import compressed_to_array
from emotion_agent.neuromodulation import EmotionEngine, load, load_snapshot
from emotion_agent.replay.messages import BagMessages
from emotion_agent.replay.parameters import read_files
from emotion_agent.replay.sources import Names
from emotion_agent.scripts.reading import read_script
from emotion_models.imaging.files import read_colour, read_grey
from emotion_models.runtime.affect import AffectModel
from emotion_models.runtime.artefact import WEIGHTS_FOLDER
from emotion_models.runtime.latent_decoder import LatentDecoder
from node_kit.programs import EXPECTED
from node_kit.text import printable
from oled_face.pictures import read_picture

START_S = 1.7e9
MOST_S = 30.0  # of processor time, for one file
MOST_MB = 1200  # what a picture of the most pixels takes, in colours and once more
COUNTS = counts(6, 1000)
TOLD_EVERY = 100


class Trial:
    """
    Tries damaged files one by one.

    Attributes:
        figures: what came of them.
    """

    def __init__(self, part: str):
        self.draw = random.Random(f'{SEED} {part}')
        self.outcomes = Counter()
        self._figures, self._peak = Figures(f'damaged {part}'), PeakMemory()
        self._files, self._slowest_s = 0, 0.0

    def __call__(self, read) -> None:
        """Read a file; what is expected to be raised is one line."""
        begun_s = process_time()
        try:
            read()
        except EXPECTED as error:
            one_line(printable(str(error)))
            self.outcomes['refused'] += 1
        else:
            self.outcomes['read'] += 1
        self._slowest_s = max(self._slowest_s, process_time() - begun_s)
        self._files += 1
        if self._files % TOLD_EVERY == 0:
            self._tell()

    def end(self) -> None:
        if self._files % TOLD_EVERY:
            self._tell()

    def _tell(self) -> None:
        risen_mb = self._peak.risen_mb
        slowest = f'{self._slowest_s:.2f} s'
        self._figures.tell(
            files=self._files,
            **self.outcomes,
            slowest=slowest,
            memory_rose=f'{risen_mb:.0f} MB',
        )
        assert self._slowest_s < MOST_S
        assert risen_mb < MOST_MB


@pytest.fixture(params=[StoragePlugin.MCAP, StoragePlugin.SQLITE3], ids=['mcap', 'sqlite'])
def bag(request, tmp_path):
    maker = BagMaker()
    lines = [*maker.observations(4.0), *(line for line in maker.story() if line.at_s < 15)]
    lines.sort(key=lambda line: line.at_s)
    return maker.write(tmp_path / 'bag', lines, request.param)


@pytest.mark.parametrize('files', counts(2, 500))  # of each storage
def test_bags(files, bag, tmp_path):
    (storage,) = (path for path in bag.iterdir() if path.suffix != '.yaml')
    trial = Trial(f'bags in {storage.suffix}')
    few_faces = tmp_path / 'few_faces.yaml'
    few_faces.write_text(
        '/**/face_sketcher:\n  ros__parameters: {rate_hz: 1.0, decoder: parametric}\n'
    )
    whole = {path: path.read_bytes() for path in (storage, bag / 'metadata.yaml')}
    out = str(tmp_path / 'out.mcap')
    arguments = ['replay', str(bag), '--out', out, '--no-plot', '--params', str(few_faces)]

    def replay():
        status, said = said_by(lambda: main(arguments))
        if status:
            last = said.splitlines()[-1]
            assert status == 2
            assert last.startswith('emotion-agent replay: ')
            raise ValueError(last)

    for _ in range(files):
        victim = storage if trial.draw.random() < 0.8 else bag / 'metadata.yaml'
        victim.write_bytes(damaged(whole[victim], trial.draw))
        trial(replay)
        victim.write_bytes(whole[victim])
        for path in tmp_path.glob('out.*'):
            path.unlink()
        assert not list(tmp_path.glob('.*'))  # no folder of a replay is left
    trial.end()


@pytest.mark.parametrize('files', COUNTS)
def test_snapshots(files, tmp_path):
    trial = Trial('snapshots')
    engine = EmotionEngine(load(), START_S)
    for number, name in enumerate(sorted(engine.stimuli)):
        engine.stimulate(name, 0.7, now_s=START_S + number / 10)
    engine.observe(0.5, 0.5, 0.9, now_s=START_S + 2.0)
    whole = json.dumps(engine.snapshot(START_S + 2.0, START_S), indent=1).encode()
    path = tmp_path / 'state.json'

    def restore():
        snapshot = load_snapshot(path)
        robot = EmotionEngine(load(), START_S)
        problems = robot.restore(snapshot, START_S, START_S + 1.0) if snapshot else ['at rest']
        reading = robot.read(START_S + 5.0)
        assert all(map(math.isfinite, (*reading.deviation, *reading.mood, *reading.visible)))
        trial.outcomes['at rest' if snapshot is None else 'restored'] += 1
        for problem in problems:
            one_line(problem)

    for _ in range(files):
        path.write_bytes(damaged_text(whole, trial.draw))
        trial(restore)
    trial.end()
    assert trial.outcomes['refused'] == 0  # a robot starts, whatever is there
    assert {entry.name for entry in tmp_path.iterdir()} <= {'state.json', 'state.json.bad'}


def model_folder(name: str, folder: Path) -> Path:
    return Path(shutil.copytree(WEIGHTS_FOLDER / name, folder / name))


@pytest.mark.parametrize('files', COUNTS)
def test_cards(files, tmp_path):
    trial = Trial('cards')
    folders = {name: model_folder(name, tmp_path) for name in ('affect', 'sketch')}
    whole = {name: (folder / 'card.yaml').read_bytes() for name, folder in folders.items()}
    face = np.full((1, 64, 64), 128, np.uint8)

    def read_face():
        model = AffectModel(folders['affect'])
        shape = model.size_px, model.size_px
        answer = model(np.resize(face, (1, *shape)))
        assert np.isfinite(np.hstack([np.ravel(part) for part in answer])).all()

    def draw_face():
        decoder = LatentDecoder(folders['sketch'])
        assert np.isfinite(decoder.encode(np.zeros(7))).all()

    for number in range(files):
        name, read = [('affect', read_face), ('sketch', draw_face)][number % 2]
        (folders[name] / 'card.yaml').write_bytes(damaged_text(whole[name], trial.draw))
        trial(read)
    trial.end()


@pytest.mark.parametrize('files', COUNTS)
def test_temperaments(files, tmp_path, repository):
    trial = Trial('temperaments')
    shipped = [
        path.read_bytes() for path in sorted((repository / 'config' / 'temperaments').glob('*'))
    ]
    path = tmp_path / 'mine.yaml'

    def live():
        engine = EmotionEngine(load(path), START_S)
        for name in sorted(engine.stimuli)[:3]:
            engine.stimulate(name, 1.0, now_s=START_S)
        engine.observe(0.8, 0.5, 1.0, now_s=START_S + 0.1)
        reading = engine.read(START_S + 1.0)
        assert all(map(math.isfinite, (*reading.deviation, *reading.mood, *reading.visible)))

    for _ in range(files):
        path.write_bytes(damaged_text(trial.draw.choice(shipped), trial.draw))
        trial(live)
    trial.end()


@pytest.mark.parametrize('files', COUNTS)
def test_scripts_and_parameters(files, tmp_path, repository):
    trial = Trial('scripts and parameter files')
    script = (repository / 'config' / 'scripts' / 'day.yaml').read_bytes()
    parameters = (repository / 'config' / 'agent.yaml').read_bytes()
    path = tmp_path / 'mine.yaml'
    for number in range(files):
        whole = [script, parameters][number % 2]
        path.write_bytes(damaged_text(whole, trial.draw))
        trial(lambda: read_script(path) if number % 2 == 0 else read_files([path], Names()))  # noqa: B023
    trial.end()


def pictures() -> list[tuple[str, bytes]]:
    """One of each format and depth that is read."""
    noise = np.random.default_rng(0).integers(0, 256, (40, 60, 4), np.uint8)
    noise[10:30] //= 64
    made = [
        (suffix, cv2.imencode(suffix, noise[..., :depth].squeeze())[1].tobytes())
        for suffix in ('.png', '.jpg', '.bmp', '.webp', '.tiff')
        for depth in (1, 3)
    ]
    made.append(('.png', cv2.imencode('.png', noise)[1].tobytes()))
    made.append(('.png', cv2.imencode('.png', noise[..., 0].astype(np.uint16))[1].tobytes()))
    made.append(('.pgm', cv2.imencode('.pgm', noise[..., 0])[1].tobytes()))
    turned = io.BytesIO()
    exif = Image.Exif()
    exif[0x0112] = 6
    Image.fromarray(noise[..., 0]).save(turned, 'JPEG', exif=exif)
    animated = io.BytesIO()
    Image.fromarray(noise[..., 0]).save(
        animated, 'GIF', save_all=True, append_images=[Image.fromarray(noise[..., 1])]
    )
    return [*made, ('.jpg', turned.getvalue()), ('.gif', animated.getvalue())]


@pytest.mark.parametrize('files', COUNTS)
def test_pictures(files, tmp_path):
    trial, messages, whole = Trial('pictures'), BagMessages(), pictures()

    def by_message(path):
        data = np.frombuffer(path.read_bytes(), np.uint8)
        return compressed_to_array(
            messages.make('sensor_msgs/msg/CompressedImage', format='jpeg', data=data)
        )

    for number in range(files):
        suffix, data = trial.draw.choice(whole)
        path = tmp_path / f'picture{suffix}'
        path.write_bytes(damaged(data, trial.draw))
        read = [read_picture, read_colour, read_grey, by_message][number % 4]
        trial(lambda: read(path))  # noqa: B023
    trial.end()
