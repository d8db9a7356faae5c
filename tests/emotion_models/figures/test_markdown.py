# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
from emotion_models.figures.markdown import markdown_table


def test_text_is_aligned_to_the_left_and_figures_to_the_right():
    table = markdown_table(['name', 'n', 'note'], [['a', '1', 'x'], ['b', '20', 'y']], (0, 2))

    assert table.splitlines() == [
        '| name | n | note |',
        '| --- | ---: | --- |',
        '| a | 1 | x |',
        '| b | 20 | y |',
    ]
