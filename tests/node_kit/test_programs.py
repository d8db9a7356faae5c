# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""What is missing is said with what brings it where the program runs."""

import pytest

import emotion_models.missing
import node_kit.programs

SAYS = (node_kit.programs.what_to_install, emotion_models.missing.what_to_install)


def missing(module: str) -> ModuleNotFoundError:
    return ModuleNotFoundError(f'No module named {module!r}', name=module)


@pytest.mark.parametrize('says', SAYS)
@pytest.mark.parametrize('module', ['matplotlib', 'matplotlib.figure', 'PIL'])
def test_in_an_environment_of_run_a_set_is_named(says, module, tmp_path, monkeypatch):
    (tmp_path / '.done-environment').touch()
    monkeypatch.setenv('VIRTUAL_ENV', str(tmp_path))

    line = says(missing(module))

    assert line.endswith('is not installed: WITH=demo ./run … brings it')


def test_in_an_environment_of_run_training_is_a_set(tmp_path, monkeypatch):
    (tmp_path / '.done-environment').touch()
    monkeypatch.setenv('VIRTUAL_ENV', str(tmp_path))

    line = emotion_models.missing.what_to_install(missing('lightning'))

    assert line.endswith('is not installed: WITH=training ./run … brings it')


@pytest.mark.parametrize('says', SAYS)
@pytest.mark.parametrize('environment', ['/nonexistent', ''])
def test_elsewhere_the_packages_are_named(says, environment, monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv('VIRTUAL_ENV', environment)

    line = says(missing('matplotlib'))

    assert line.endswith('sudo apt install python3-matplotlib (or pip install matplotlib)')


@pytest.mark.parametrize(
    ('error', 'said'),
    [
        (ValueError('a.png is no picture'), 'a.png is no picture'),
        (FileNotFoundError(2, 'No such file', 'a.png'), "[Errno 2] No such file: 'a.png'"),
        (ValueError('a\x1b[2J\nforged'), r'a\x1b[2J\nforged'),
    ],
)
def test_what_a_command_refuses_is_one_line(error, said, monkeypatch, capsys):
    def refuse():
        raise error

    monkeypatch.setattr(node_kit.programs, '_find', lambda target: refuse)

    assert node_kit.programs.program('stimulate', 'somewhere:main')() == 2
    assert capsys.readouterr().err == f'stimulate: {said}\n'


def test_a_defect_is_no_refusal(monkeypatch):
    def fail():
        raise TypeError('a defect')

    monkeypatch.setattr(node_kit.programs, '_find', lambda target: fail)

    with pytest.raises(TypeError):
        node_kit.programs.program('stimulate', 'somewhere:main')()
