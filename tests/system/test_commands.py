# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""What a user types: the demo, stimulate, the plot, and what they answer to mistakes."""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from ament_index_python.packages import get_package_prefix
from PIL import Image

STIMULATE = Path(get_package_prefix('emotion_agent'), 'lib', 'emotion_agent', 'stimulate')


def run(*command, timeout_s: float = 180.0) -> subprocess.CompletedProcess:
    return subprocess.run(
        [str(word) for word in command],
        capture_output=True,
        text=True,
        timeout=timeout_s,
        stdin=subprocess.DEVNULL,
        check=False,
    )


def processes_of(folder: Path) -> list[str]:
    """Command lines of running processes that name `folder`."""
    found = []
    for entry in Path('/proc').glob('[0-9]*/cmdline'):
        try:
            words = entry.read_bytes().replace(b'\0', b' ').decode(errors='replace')
        except OSError:
            continue
        if str(folder) in words and str(os.getpid()) != entry.parent.name:
            found.append(words)
    return found


def test_demo_runs_every_node_and_ends(tmp_path):
    pytest.importorskip('skimage', reason='the photograph ships in scikit-image')
    out = tmp_path / 'demo'

    done = run(
        sys.executable, '-m', 'emotion_agent.commands.demo', '--duration', '12', '--out', out
    )

    assert done.returncode == 0, done.stdout + done.stderr
    summary = json.loads((out / 'summary.json').read_text())
    assert summary['frames_with_face'] > 0.9 * summary['frames_looked_at'] > 20
    assert summary['mean_valence'] > 0.3
    assert {'joy', 'mad', 'fear', 'surprise'} <= set(summary['dominant_emotions'])
    assert summary['frames_shown'] > 50
    assert 0 < summary['bytes_to_display'] < 1034 * summary['frames_shown']
    assert 0 < summary['latency_p50_ms'] <= summary['latency_p95_ms']
    with Image.open(out / 'face.gif') as gif:
        assert gif.n_frames > 50
    assert (out / 'state.png').stat().st_size > 10_000
    assert f'dominant {", ".join(summary["dominant_emotions"])}' in done.stdout
    assert processes_of(out) == []


@pytest.mark.parametrize(
    ('arguments', 'words'),
    [
        (['--video', '/nowhere.mp4'], 'there is no file /nowhere.mp4'),
        (['--camera', '97'], 'no webcam 97'),
    ],
)
def test_demo_says_in_one_line_what_it_cannot_open(tmp_path, arguments, words):
    done = run(
        sys.executable, '-m', 'emotion_agent.commands.demo', *arguments, '--out', tmp_path / 'demo'
    )

    assert done.returncode != 0
    assert words in done.stderr
    assert 'Traceback' not in done.stdout + done.stderr
    assert processes_of(tmp_path) == []


def test_stimulate_lists_takes_and_refuses(start_nodes, listener):
    start_nodes().start('emotion_agent', 'emotion_state')

    shown = run(STIMULATE, '--list')
    assert shown.returncode == 0, shown.stderr
    assert 'threat_near    adrenaline +0.9 cortisol +0.2' in shown.stdout

    assert run(STIMULATE, 'praise', '0.8').returncode == 0
    listener.wait_until(
        lambda: any(s.last_source.startswith('stimulate') for s in listener.heard['state']),
        'the praise',
    )
    mistake = run(STIMULATE, 'prase')
    assert mistake.returncode == 2
    assert "got 'prase'" in mistake.stderr


def test_stimulate_says_that_nobody_is_there():
    done = run(STIMULATE, 'praise', '--namespace', 'nobody')

    assert done.returncode == 1
    assert done.stderr == 'stimulate: no emotion_state runs in /nobody\n'


def test_plot_of_a_script(tmp_path, repository):
    script, out = repository / 'config/scripts/day.yaml', tmp_path / 'day.png'

    done = run('emotion-agent', 'plot-state', script, '--temperament', 'timid', '--out', out)

    assert done.returncode == 0, done.stderr
    with Image.open(out) as picture:
        assert picture.width > 1000


def test_state_survives_a_restart(start_nodes, listener, tmp_path):
    snapshot = {'snapshot_path': str(tmp_path / 'state.json')}
    nodes = start_nodes()
    nodes.start('emotion_agent', 'emotion_state', snapshot)
    listener.stimulate('win')
    listener.wait_until(
        lambda: listener.last('state') and listener.last('state').power > 0.5, 'power'
    )
    nodes.stop()
    heard = len(listener.heard['state'])

    nodes.start('emotion_agent', 'emotion_state', snapshot)
    listener.wait_until(
        lambda: len(listener.heard['state']) > heard, 'the state after the restart'
    )

    assert listener.heard['state'][heard].power > 0.4


def test_second_interrupt_does_not_spoil_the_end(start_nodes, listener, tmp_path):
    snapshot = tmp_path / 'state.json'
    nodes = start_nodes()
    process = nodes.start('emotion_agent', 'emotion_state', {'snapshot_path': str(snapshot)})
    listener.wait_until(lambda: listener.last('state'), 'the state')

    process.send_signal(signal.SIGINT)
    for _ in range(20):
        if process.poll() is None:
            process.send_signal(signal.SIGINT)
            time.sleep(0.01)

    assert process.wait(10) == 0
    assert snapshot.exists()


def test_corrupt_snapshot_is_put_aside(start_nodes, listener, tmp_path):
    file = tmp_path / 'state.json'
    file.write_text('{"version": 1, "y": [0.1, ')
    start_nodes().start('emotion_agent', 'emotion_state', {'snapshot_path': str(file)})

    listener.wait_until(lambda: listener.last('state'), 'the state')

    assert listener.last('state').dominant == 'neutral'
    assert (tmp_path / 'state.json.bad').exists()
