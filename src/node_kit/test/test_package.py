# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""What this package installs works where it is installed."""

import node_kit
from node_kit.programs import program


def test_every_exported_name_can_be_imported():
    for name in node_kit.__all__:
        assert getattr(node_kit, name).__module__.startswith('node_kit.')


def test_a_program_without_its_package_is_one_line(capsys):
    assert program('robot', 'package_that_nobody_has:main')() == 1

    assert capsys.readouterr().err == (
        'robot: the Python package package_that_nobody_has is not installed: '
        'pip install package-that-nobody-has\n'
    )
