# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""The files of deployment name what is there, and linters find nothing, where they are."""

import configparser
import re
import shutil
import subprocess

import pytest
import yaml
from known import check
from written import ROOT, text_of

DEPLOY = ROOT / 'deploy'
UNIT = DEPLOY / 'emotion-agent@.service'


def test_container_starts_the_agent_with_arguments_that_exist():
    service = yaml.safe_load(text_of(DEPLOY / 'compose.yaml'))['services']['emotion_agent']

    check(service['command'].split())
    assert (ROOT / service['build']['dockerfile']).exists()
    assert service['network_mode'] == 'host'
    assert service['shm_size'] == '256m'
    assert set(service['devices']) == {'/dev/i2c-1', '/dev/video0'}
    assert service['stop_signal'] == 'SIGINT'


def test_image_copies_what_is_there_and_does_not_run_as_root():
    text = text_of(DEPLOY / 'Dockerfile')
    ignored = text_of(DEPLOY / 'Dockerfile.dockerignore').split()
    copied = re.findall(r'^COPY ([^-]\S*) ', text, re.MULTILINE)

    assert {'src', 'run', 'scripts', 'requirements', 'deploy/entrypoint.sh'} == set(copied)
    for name in copied:
        assert (ROOT / name).exists(), name
        assert f'!{name}' in ignored, f'{name} is kept from the image by Dockerfile.dockerignore'
    assert re.findall(r'^USER (.*)', text, re.MULTILINE)[-1] not in ('root', '0')


def test_service_starts_the_launch_file_and_is_stopped_as_by_control_c():
    unit = configparser.ConfigParser(strict=False, interpolation=None)
    unit.optionxform = str
    unit.read(UNIT)
    command = unit['Service']['ExecStart']

    words = re.search(r'ros2 launch \S+ \S+', command)[0].split()
    check(words)
    assert unit['Service']['KillSignal'] == 'SIGINT'
    assert unit['Service']['Restart'] == 'on-failure'
    assert unit['Service']['User'] == '%i'


def test_systemd_finds_nothing_in_the_service(tmp_path):
    if not shutil.which('systemd-analyze'):
        pytest.skip('systemd-analyze is not here')
    instance = tmp_path / 'emotion-agent@robot.service'
    instance.write_text(text_of(UNIT))

    done = subprocess.run(
        ['systemd-analyze', 'verify', instance], capture_output=True, text=True, check=False
    )

    assert str(instance.name) not in done.stderr
    assert done.returncode == 0, done.stderr


def test_hadolint_finds_nothing_in_the_image():
    if not shutil.which('hadolint'):
        pytest.skip('hadolint is not here')

    subprocess.run(['hadolint', DEPLOY / 'Dockerfile'], check=True)


@pytest.mark.parametrize('name', ['run', '.ci/run', 'deploy/entrypoint.sh'])
def test_scripts_can_be_parsed_and_executed(name):
    subprocess.run(['bash', '-n', ROOT / name], check=True)
    assert (ROOT / name).stat().st_mode & 0o111


def test_workflow_runs_what_is_there():
    jobs = yaml.safe_load(text_of(ROOT / '.github' / 'workflows' / 'ci.yml'))['jobs']

    matrix = jobs['ros']['strategy']['matrix']['distribution']
    assert matrix == ['jazzy', 'lyrical', 'humble']
    for step in [step for job in jobs.values() for step in job['steps'] if 'run' in step]:
        program, *rest = step['run'].split()
        assert program == 'make' or (ROOT / program).exists(), step['run']
        if program == 'make':
            check([program, *rest])
