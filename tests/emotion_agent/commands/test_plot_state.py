# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""The command that plays a script and draws it."""

import pytest
from PIL import Image

from emotion_agent.commands.cli import main

SCRIPT = '{duration_s: 9, stimuli: [{at_s: 1, name: praise}, {at_s: 5, name: picked_up}]}'


@pytest.mark.parametrize(('temperaments', 'rows'), [(['timid'], 1), (['timid', 'calm'], 2)])
def test_a_script_is_drawn_for_one_temperament_or_several(tmp_path, capsys, temperaments, rows):
    pytest.importorskip('matplotlib')
    script, picture = tmp_path / 'visit.yaml', tmp_path / 'visit.png'
    script.write_text(SCRIPT)
    choice = [word for name in temperaments for word in ('--temperament', name)]

    status = main(['plot-state', str(script), '--out', str(picture), *choice])

    assert status == 0
    assert capsys.readouterr().out == f'{picture}\n'
    with Image.open(picture) as drawn:
        is_in_rows = drawn.width / drawn.height > 2.4
    assert is_in_rows == (rows > 1)


@pytest.mark.parametrize(
    ('text', 'words'),
    [
        ('{duration_s: 9, stimuli: [{at_s: 1, name: prase}]}', "'prase'; did you mean praise?"),
        ('{duration_s: 9}', 'visit.yaml: nothing happens; expected one of stimuli'),
    ],
)
def test_a_mistake_of_the_user_is_one_line(tmp_path, capsys, text, words):
    script = tmp_path / 'visit.yaml'
    script.write_text(text)

    assert main(['plot-state', str(script), '--out', str(tmp_path / 'visit.png')]) == 2

    said = capsys.readouterr().err
    assert words in said
    assert len(said.splitlines()) == 1


def test_temperament_that_lacks_a_stimulus_is_named(tmp_path, capsys):
    script, own = tmp_path / 'visit.yaml', tmp_path / 'mine.yaml'
    own.write_text('emotion: {stimuli: {tickle: {doses: {dopamine: 0.5}}}}')
    script.write_text('{duration_s: 9, stimuli: [{at_s: 1, name: tickle}]}')
    both = ['--temperament', str(own), '--temperament', 'calm']

    assert main(['plot-state', str(script), '--out', str(tmp_path / 'visit.png'), *both]) == 2

    said = capsys.readouterr().err
    assert said.startswith(
        'emotion-agent plot-state: temperament calm: visit: at 1 s: expected a stimulus of the '
        "library, got 'tickle'"
    )


def test_a_picture_without_a_name_of_its_own_goes_where_nothing_is_tracked(
    tmp_path, capsys, monkeypatch
):
    pytest.importorskip('matplotlib')
    monkeypatch.chdir(tmp_path)
    (tmp_path / 'visit.yaml').write_text(SCRIPT)

    assert main(['plot-state', 'visit.yaml']) == 0

    assert capsys.readouterr().out == 'out/visit.png\n'
    assert sorted(file.name for file in tmp_path.iterdir()) == ['out', 'visit.yaml']
