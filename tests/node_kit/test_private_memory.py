# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""What other users of the computer may read of a process, by default and with private_memory."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.dds

SCRIPT = """
import os
import sys
from pathlib import Path
from std_msgs.msg import String
import rclpy
from node_kit import ManagedNode
from node_kit.main import run
from node_kit.private_memory import own_segments
from node_kit.qos import LATCHED

class Talks(ManagedNode):
    def on_start(self):
        self.create_publisher(String, 'said', LATCHED).publish(String(data='x' * 100_000))
        for path in [*own_segments(), Path('made')]:
            path.touch()
            print(path.name, oct(path.stat().st_mode & 0o777), flush=True)
        if 'STAYS' not in os.environ:
            rclpy.shutdown()

class Speaks(Talks):
    pass

kinds = [lambda **given: Talks('talks', **given), lambda **given: Speaks('speaks', **given)]
sys.exit(run(*kinds[:int(sys.argv[1])], args=['script', *sys.argv[2:]]))
"""


def said(folder: Path, *arguments: str, nodes: int = 1) -> tuple[int, str]:
    done = subprocess.run(
        [
            sys.executable,
            '-c',
            SCRIPT,
            str(nodes),
            *(['--ros-args'] if arguments else []),
            *arguments,
        ],
        cwd=folder,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=60,
        check=False,
        umask=0o022,
    )
    return done.returncode, done.stdout


def with_content(folder: Path) -> list[Path]:
    """A folder and all that is in it."""
    return [folder, *folder.rglob('*')]


def modes(text: str, of_others: set[str]) -> dict[str, str]:
    """Name of a file that the process made -> its mode; it opens segments of its peers too."""
    lines = [line.split() for line in text.splitlines() if line.startswith(('made ', 'fast'))]
    return {name: mode for name, mode in lines if name not in of_others}


@pytest.mark.parametrize(
    ('given', 'segment', 'file'),
    [((), '0o644', '0o644'), (('-p', 'private_memory:=true'), '0o600', '0o600')],
)
def test_memory_and_files_are_for_others_unless_they_are_private(
    tmp_path, monkeypatch, given, segment, file
):
    monkeypatch.setenv('ROS_LOG_DIR', str(tmp_path / 'log'))

    before = {path.name for path in Path('/dev/shm').glob('fast*')}

    status, text = said(tmp_path, *given)

    assert status == 0, text
    folder, *logs = (path.stat().st_mode & 0o666 for path in with_content(tmp_path / 'log'))
    assert {folder, *logs} == {int(file, 8)}
    assert logs
    found = modes(text, of_others=before)
    assert found.pop('made') == file
    if not found:
        pytest.skip('this ROS uses no shared memory of Fast DDS')
    assert set(found.values()) == {segment}


def test_one_process_is_private_as_a_whole_or_not_at_all(tmp_path):
    status, text = said(tmp_path, '-p', 'speaks:private_memory:=true', nodes=2)

    assert status == 78
    assert text.splitlines()[-1].endswith(
        'private_memory: expected the same for all nodes of a process, got false for talks, true '
        'for speaks; give it to all, as -p private_memory:=true'
    )


def test_processes_of_the_same_user_get_everything(ros, tmp_path):
    from std_msgs.msg import String

    from node_kit.qos import LATCHED

    node = ros.create_node('hears')
    heard = []
    node.create_subscription(String, 'said', heard.append, LATCHED)
    process = subprocess.Popen(
        [sys.executable, '-c', SCRIPT, '1', '--ros-args', '-p', 'private_memory:=true'],
        cwd=tmp_path,
        stdout=subprocess.DEVNULL,
        env={**os.environ, 'STAYS': ''},
    )
    try:
        for _ in range(300):
            if heard:
                break
            ros.spin_once(node, timeout_sec=0.1)
    finally:
        process.terminate()
        process.wait(30)
        node.destroy_node()
    assert heard[0].data == 'x' * 100_000
