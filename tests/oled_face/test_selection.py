# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""What users may write into a list of outputs, and what they are told otherwise."""

import pytest

from oled_face.panels import CHIPS, DRIVERS
from oled_face.selection import PANEL, VIEWS, select


@pytest.mark.parametrize(
    ('text', 'outputs'),
    [
        ('panel, gif', ('panel', 'gif')),
        ('ssd1306', ('panel',)),
        ('SH1106,Web', ('panel', 'web')),
        ('web,sh1106', ('web', 'panel')),
        ('gif,gif', ('gif',)),
        ('sh1106,sh1106', ('panel',)),
        ('web,', ('web',)),
        ('none', ('none',)),
        (['sh1106', 'web'], ('panel', 'web')),
        ([], ()),
        ('', ()),
    ],
)
def test_outputs_are_listed_by_name(text, outputs):
    assert select(text).outputs == outputs


@pytest.mark.parametrize('chip', CHIPS)
@pytest.mark.parametrize('view', VIEWS)
def test_every_panel_goes_with_every_view(chip, view):
    assert select(f'{chip},{view}') == ((PANEL, view), chip)


@pytest.mark.parametrize('driver', DRIVERS)
def test_panel_without_a_name_is_what_the_driver_says(driver):
    assert select('panel,web', driver) == ((PANEL, 'web'), driver)


@pytest.mark.parametrize('chip', CHIPS)
@pytest.mark.parametrize('driver', DRIVERS)
def test_driver_may_repeat_the_panel_and_not_contradict_it(chip, driver):
    if driver in ('auto', chip):
        assert select(f'gif,{chip}', driver).driver == chip
        return
    with pytest.raises(ValueError, match=f'names the panel {chip}, and driver is {driver}: '):
        select(f'gif,{chip}', driver)


@pytest.mark.parametrize(
    ('text', 'line'),
    [
        ('ssd1306,sh1106', 'expected one panel at most, got ssd1306 and sh1106'),
        ('panel,sh1106', 'expected one panel at most, got panel and sh1106'),
        ('web,none', 'none stands alone, got web,none'),
        (['web', 'wbe'], "got 'wbe'; did you mean web?"),
        (False, 'expected a text such as sh1106,web; got False'),
        ([1, 2], 'expected a text such as sh1106,web; got [1, 2]'),
        (5, 'expected a text such as sh1106,web; got 5'),
        ('sh1107', "got 'sh1107'; did you mean sh1106?"),
        ('web,termnal', "got 'termnal'; did you mean terminal?"),
        ('EMULATER', "got 'emulater'; did you mean emulator?"),
        ('sh1106 web', "with commas between them; got 'sh1106 web'"),
        ('auto', "got 'auto'"),
    ],
)
def test_what_cannot_be_shown_is_refused_in_a_line(text, line):
    with pytest.raises(ValueError, match='^output: ') as error:
        select(text)

    assert line in str(error.value)
    assert '\n' not in str(error.value)
