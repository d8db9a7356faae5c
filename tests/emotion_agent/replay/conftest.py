# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
import sys
from pathlib import Path

import pytest

# What several rooms of tests share is no package of its own.
sys.path.insert(0, str(Path(__file__).parents[2]))

from bag_maker import BagMaker


@pytest.fixture(scope='session')
def maker() -> BagMaker:
    return BagMaker()


@pytest.fixture(scope='session')
def minute(maker, tmp_path_factory) -> Path:
    """A minute of camera images and stimuli."""
    lines = sorted([*maker.pictures(), *maker.story()], key=lambda line: line.at_s)
    return maker.write(tmp_path_factory.mktemp('minute') / 'bag', lines)


@pytest.fixture
def replay(capfd, tmp_path):
    """
    Run `emotion-agent replay`; returns (status, what it said, the new bag).

    Few faces are drawn, and computed ones, as drawing takes most of the time.
    """
    from emotion_agent.commands.cli import main

    few_faces = tmp_path / 'few_faces.yaml'
    few_faces.write_text(
        '/**/face_sketcher:\n  ros__parameters: {rate_hz: 2.0, decoder: parametric}\n'
    )

    def run(bag: Path, *arguments: str, out: str = 'out.mcap') -> tuple[int, str, Path]:
        usual = () if '--params' in arguments else ('--params', str(few_faces))
        status = main(
            ['replay', str(bag), '--out', str(tmp_path / out), '--no-plot', *usual, *arguments]
        )
        said = capfd.readouterr()
        return status, said.out + said.err, tmp_path / out

    return run


@pytest.fixture
def read(maker):
    """Read all messages of a topic."""
    from emotion_agent.replay.bag import Bag

    def messages(path: Path, topic: str) -> list:
        with Bag(path) as bag:
            return [
                maker.messages.from_bytes(event.msgtype, event.data)
                for event in bag.messages([topic])
            ]

    return messages
