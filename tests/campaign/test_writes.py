# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""
An error at every write: what is said is expected, and what is on the disk is whole, or readable.

First the changes of the disk are counted, then each of them fails, alone and with all after it.
"""

import json
import os
from collections import Counter
from pathlib import Path
from random import randbytes
from types import SimpleNamespace

import numpy as np
import pytest
from bag_maker import BagMaker
from campaign import Figures, counts, one_line, said_by
from disk import Disk, every_failure
from PIL import Image, ImageSequence

pytest.importorskip('rclpy')

from rclpy.parameter import Parameter
from rclpy.serialization import serialize_message
from std_msgs.msg import String

from emotion_agent.commands.cli import main
from emotion_agent.neuromodulation import EmotionEngine, load, load_snapshot
from emotion_agent.nodes.recorder import Recorder
from emotion_agent.replay.bag import Bag, BagError
from emotion_agent.ros.snapshots import Progress, SnapshotWriter
from node_kit.text import printable
from oled_face.errors import OutputBroken
from oled_face.views.gif import GifView
from oled_face.views.png import PngView

EVERY = counts(9, 1)  # of the writes, one in so many fails


def changes_of(action) -> int:
    with Disk().attached() as disk:
        action()
    assert disk.changes > 1
    return disk.changes


@pytest.mark.parametrize('every', EVERY)
def test_snapshots(every, tmp_path):
    figures, outcomes, now = Figures('writes of snapshots'), Counter(), 1.7e9
    path, engine = tmp_path / 'robot' / 'state.json', EmotionEngine(load(), now)
    old = engine.snapshot(now, now)
    engine.stimulate('praise', now_s=now)
    engine.stimulate('low_battery', now_s=now)
    new = engine.snapshot(now + 1.0, now + 1.0)
    lines: list[str] = []

    def written() -> bool:
        writer = SnapshotWriter(path, lambda: new, lambda: Progress(0, 0), lines.append)
        try:
            return writer.save_now()
        finally:
            writer._worker.close()

    for before in (None, old):
        changes = changes_of(written)
        for disk in every_failure(changes, every):
            path.unlink(missing_ok=True)
            if before is None and path.parent.exists():
                path.parent.rmdir()
            elif before is not None:
                path.write_text(json.dumps(before))
            with disk.attached():
                is_written = written()
            outcomes['written' if is_written else 'refused'] += 1
            assert load_snapshot(path) == (new if is_written else before)
            assert not path.parent.exists() or {*path.parent.iterdir()} <= {path}
            assert written()
            assert load_snapshot(path) == new
    for line in lines:
        one_line(line)
    figures.tell(changes=changes, **outcomes)


@pytest.mark.parametrize('every', EVERY)
def test_replays(every, tmp_path):
    figures, outcomes, maker = Figures('writes of replays'), Counter(), BagMaker()
    few = tmp_path / 'few.yaml'
    few.write_text('/**/face_sketcher:\n  ros__parameters: {rate_hz: 1.0, decoder: parametric}\n')
    bag = maker.write(tmp_path / 'bag', maker.observations(1.0))
    folder, out = tmp_path / 'new', tmp_path / 'new' / 'out.mcap'

    def replay() -> int:
        return main(['replay', str(bag), '--out', str(out), '--no-plot', '--params', str(few)])

    changes = changes_of(lambda: said_by(replay))
    whole = {path.name: path.read_bytes() for path in folder.iterdir()}
    for disk in every_failure(changes, every):
        for path in folder.glob('*'):
            path.unlink()
        if folder.exists():
            folder.rmdir()
        with disk.attached():
            status, said = said_by(replay)
        outcomes['done' if status == 0 else 'refused'] += 1
        assert {path.name for path in folder.glob('*')} <= set(whole)  # and no hidden folder
        left = {path.name: path.read_bytes() for path in folder.glob('*')}
        assert left.get('out.mcap', whole['out.mcap']) == whole['out.mcap']
        if status == 0:
            assert left == whole
        else:
            assert status == 2
            one_line(said.splitlines()[-1])
            assert said.splitlines()[-1].startswith(f'emotion-agent replay: cannot write {folder}')
    figures.tell(changes=changes, **outcomes)


def frames() -> list[np.ndarray]:
    draw = np.random.default_rng(0)
    return [255 * (draw.random((64, 128)) < share).astype(np.uint8) for share in (0.1, 0.5, 0.9)]


class Clock:
    now_s = 0.0

    def __call__(self) -> float:
        self.now_s += 0.1
        return self.now_s


def shown(make) -> int:
    """Show all frames; return how many went well."""
    done = 0
    try:
        view = make()
        try:
            for frame in frames():
                view.show(frame)
                done += 1
        finally:
            view.close()
    except (OSError, OutputBroken) as error:
        one_line(printable(str(error)))
        return -1 - done
    return done


@pytest.mark.parametrize('every', EVERY)
@pytest.mark.parametrize('kind', ['gif', 'png'])
def test_recordings_of_the_panel(every, kind, tmp_path):
    figures, outcomes = Figures(f'writes of {kind}'), Counter()
    target = tmp_path / 'new' / 'face'

    def make():
        return GifView(target, clock=Clock()) if kind == 'gif' else PngView(target)

    changes = changes_of(lambda: shown(make))
    pictures = whole_pictures(target)
    assert pictures == len(frames())
    for disk in every_failure(changes, every):
        remove(target)
        with disk.attached():
            done = shown(make)
        outcomes['done' if done > 0 else 'refused'] += 1
        assert (whole_pictures(target) == pictures) or done < 0
    figures.tell(changes=changes, **outcomes)


def whole_pictures(target: Path) -> int:
    """How many pictures a recording has that are whole; of a folder all must be."""
    if target.is_dir():
        for path in target.iterdir():
            Image.open(path).load()
        return len(list(target.iterdir()))
    if not target.exists():
        return 0
    count = 0
    try:
        for picture in ImageSequence.Iterator(Image.open(target)):
            picture.load()
            count += 1
    except (OSError, EOFError, SyntaxError):
        pass
    return count


def remove(target: Path) -> None:
    for path in target.iterdir() if target.is_dir() else ():
        path.unlink()
    if target.is_dir():
        target.rmdir()
    target.unlink(missing_ok=True)
    if target.parent.exists():
        target.parent.rmdir()


class Recording:
    """A recorder without a network: its bags begin and end, and messages come when a test says."""

    def __init__(self, folder: Path):
        self._node = Recorder(
            namespace='emotion', parameter_overrides=[Parameter('folder', value=str(folder))]
        )
        self._node.trigger_configure()

    def record(self) -> tuple[Path | None, int]:
        """Record some messages; return the bag, and how many were on the disk for sure."""
        node, kept = self._node, 0
        node.trigger_activate()
        if not node.is_active:
            assert 'cannot record to' in node._failures['activate']
            return None, 0
        recording, number = node.recording, 0
        bag = recording.folder
        # In this thread, so that its writes have their places, too.
        recording._disk.close()
        recording._disk = SimpleNamespace(offer=self._synchronise, close=lambda: True)
        (write,) = (sub.callback for sub in recording._inputs if sub.topic_name.endswith('_text'))
        for size in (10, 1000, 100_000):
            for _ in range(3):
                number += 1
                data = serialize_message(String(data=f'{number} {randbytes(size).hex()}'))
                write(data, {'received_timestamp': 1_700_000_000_000_000_000 + number})
            recording._flush()
            kept = kept if recording._writer is None or recording._disk_error else number
        node.trigger_deactivate()
        assert 'a defect' not in ' '.join(node._failures.values()), node._failures
        if recording.problem:
            one_line(recording.problem)
            assert 'stopped recording to' in recording.problem
        return bag, kept if recording.problem else number

    def _synchronise(self, file: int) -> None:
        try:
            os.fdatasync(file)
        except OSError as error:
            self._node.recording._note_disk_error(error)

    @property
    def problem(self) -> str:
        return self._node.recording.problem

    def close(self) -> None:
        self._node.close()
        self._node.destroy_node()


@pytest.mark.parametrize('every', EVERY)
def test_recordings_of_the_agent(every, tmp_path, ros):
    figures, outcomes = Figures('writes of recordings'), Counter()
    recording = Recording(tmp_path / 'bag')
    try:
        changes = changes_of(recording.record)
        for disk in every_failure(changes, every):
            with disk.attached():
                bag, kept = recording.record()
            if bag is None:
                outcomes['not begun'] += 1
                continue
            outcomes['cut'] += 1
            assert recording.problem, f'change {disk.changes}: nobody was told of the error'
            assert messages_in(bag) >= kept
    finally:
        recording.close()
    figures.tell(changes=changes, **outcomes)


def messages_in(folder: Path) -> int:
    try:
        with Bag(folder) as bag:
            return sum(1 for _ in bag.messages(['/emotion/stimulus_text']))
    except BagError as error:
        one_line(printable(str(error)))
        return 0
