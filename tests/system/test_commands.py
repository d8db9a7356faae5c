# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""What a user types: the demo, stimulate, the plot, and what they answer to mistakes."""

import json
import os
import signal
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from ament_index_python.packages import get_package_prefix
from PIL import Image

from emotion_agent.ros.agents import START_ONE, namespaces_of_agents

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


@pytest.mark.slow
def test_demo_counts_right_however_short_it_is(tmp_path):
    pytest.importorskip('skimage', reason='the photograph ships in scikit-image')
    out = tmp_path / 'demo'

    done = run(
        sys.executable, '-m', 'emotion_agent.commands.demo', '--duration', '0.5', '--out', out
    )

    assert done.returncode == 0, done.stdout + done.stderr
    assert 'failed' not in done.stderr
    summary = json.loads((out / 'summary.json').read_text())
    assert summary['frames_in'] >= summary['frames_with_face'] > 0
    assert summary['frames_shown'] > 0
    assert summary['bytes_to_display'] > 0
    assert len(summary['stimuli']) >= 9


@pytest.mark.slow
def test_alone_with_the_robot_in_the_demo(tmp_path):
    pytest.importorskip('skimage', reason='the photograph ships in scikit-image')
    out = tmp_path / 'demo'

    done = run(
        *[sys.executable, '-m', 'emotion_agent.commands.demo', '--duration', '6'],
        *['--script', 'none', '--out', out],
    )

    assert done.returncode == 0, done.stdout + done.stderr
    assert 'from demo' not in done.stdout
    assert 'joy' in json.loads((out / 'summary.json').read_text())['dominant_emotions']


@pytest.mark.slow
def test_script_of_ones_own_in_the_demo(tmp_path):
    pytest.importorskip('skimage', reason='the photograph ships in scikit-image')
    script = tmp_path / 'mine.yaml'
    script.write_text('duration_s: 6\nstimuli: [{at_s: 3, name: threat_near, intensity: 0.9}]\n')

    done = run(
        *[sys.executable, '-m', 'emotion_agent.commands.demo'],
        *['--script', script, '--out', tmp_path / 'demo'],
    )

    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stdout.count('from demo') == 1
    assert 'stimulus threat_near from demo' in done.stdout


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

    done = run(STIMULATE, 'praise', '0.8')
    assert (done.returncode, answer_of(done)) == (0, '')
    assert done.stdout.startswith('praise 0.8: emotion_state in /emotion accepted ')
    for word in praise_at(0.8, shown.stdout):
        assert word in done.stdout
    listener.wait_until(
        lambda: any(s.last_source.startswith('stimulate') for s in listener.heard['state']),
        'the praise',
    )
    mistake = run(STIMULATE, 'prase')
    assert mistake.returncode == 2
    assert answer_of(mistake) == (
        "stimulate: emotion_state in /emotion knows no stimulus 'prase'; did you mean praise?\n"
    )


def answer_of(done: subprocess.CompletedProcess) -> str:
    """What it said at the end; on a busy machine it says before that it waits."""
    lines = done.stderr.splitlines(keepends=True)
    return ''.join(line for line in lines if 'waiting for emotion_state' not in line)


def praise_at(intensity: float, library: str) -> list[str]:
    """The doses of praise at an intensity, from the printed library."""
    (line,) = [line for line in library.splitlines() if line.startswith('praise ')]
    words = line.split()[1:]
    return [
        f'{name} {intensity * float(dose):+.3g}'
        for name, dose in zip(words[::2], words[1::2], strict=True)
    ]


def test_stimulate_says_that_a_repetition_was_too_soon(start_nodes, listener, tmp_path):
    file = tmp_path / 'slow.yaml'
    file.write_text('emotion: {stimuli: {tickle: {doses: {dopamine: 0.5}, refractory_s: 600.0}}}')
    start_nodes().start('emotion_agent', 'emotion_state', {'temperament': str(file)})

    first, second = run(STIMULATE, 'tickle'), run(STIMULATE, 'tickle')

    assert first.returncode == 0, first.stderr
    assert first.stdout == 'tickle 1: emotion_state in /emotion accepted dopamine +0.5\n'
    assert second.returncode == 1
    assert answer_of(second) == (
        'stimulate: emotion_state in /emotion did not accept tickle 1; '
        'it ignores a repetition within 600 s; see its log\n'
    )


@pytest.mark.parametrize(
    ('arguments', 'words'),
    [
        (['praise', 'strong'], 'expected 0 to 1, got strong'),
        (['praise', '1.5'], 'expected 0 to 1, got 1.5'),
        (['praise', '0.5', '0.6'], 'unrecognized arguments: 0.6'),
        (['praise', '--namespace', 'my robot'], 'expected a namespace such as /emotion: '),
        ([], 'expected the name of a stimulus, or --list'),
    ],
)
def test_stimulate_refuses_words_that_mean_nothing(arguments, words):
    done = run(STIMULATE, *arguments)

    assert done.returncode == 2
    assert words in done.stderr


def test_stimulate_says_that_nobody_is_there():
    done = run(STIMULATE, 'praise', '--namespace', 'nobody')

    assert done.returncode == 1
    assert done.stderr == (
        'stimulate: waiting for emotion_state in /nobody, at most 10 s\n'
        f'stimulate: no emotion_state runs in /nobody, nor in another namespace; {START_ONE}\n'
    )


def test_stimulate_says_where_agents_are_instead(start_nodes, listener):
    start_nodes('r1/emotion').start('emotion_agent', 'emotion_state')
    start_nodes('r2').start('emotion_agent', 'emotion_state', {'autostart': False})
    listener.wait_until(
        lambda: {'/r1/emotion', '/r2'} <= set(namespaces_of_agents(listener.node)), 'the agents'
    )

    # Both wait for a while for an agent that may be starting.
    with ThreadPoolExecutor() as pool:
        elsewhere, inactive = pool.map(
            lambda namespace: run(STIMULATE, 'praise', '--namespace', namespace), ['emotion', 'r2']
        )

    assert (elsewhere.returncode, inactive.returncode) == (1, 1)
    assert elsewhere.stderr.endswith(
        'stimulate: no emotion_state runs in /emotion; agents run in /r1/emotion, /r2\n'
    )
    assert 'emotion_state in /r2 takes no stimuli: it is not active' in inactive.stderr


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
