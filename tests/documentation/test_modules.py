# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""Modules do what the pages say of them: by `python -m`, and with the packages that they need."""

import ast
import subprocess
import sys

import pytest
from written import ROOT, text_of


def modules_with_main() -> list[str]:
    found = []
    for file in sorted((ROOT / 'src').glob('*/*/**/*.py')):
        top = ast.parse(text_of(file)).body
        if any(isinstance(node, ast.FunctionDef) and node.name == 'main' for node in top):
            found.append('.'.join(file.relative_to(ROOT / 'src').with_suffix('').parts[1:]))
    return found


@pytest.mark.parametrize('module', modules_with_main())
def test_module_with_a_main_calls_it(module):
    package, _, path = module.partition('.')
    source = text_of(ROOT / 'src' / package / package / f'{path.replace(".", "/")}.py')

    assert "if __name__ == '__main__':" in source


@pytest.mark.dds
@pytest.mark.parametrize(
    'module',
    ['emotion_agent.commands.stimulate', 'emotion_agent.commands.cli', 'oled_face.cli'],
)
def test_module_of_a_command_prints_its_help(module):
    pytest.importorskip('rclpy')
    done = subprocess.run(
        [sys.executable, '-m', module, '--help'], capture_output=True, text=True, check=True
    )

    assert done.stdout.startswith('usage:')


IMPORTED = """
import importlib, pkgutil, sys
before = {*sys.modules}
package = importlib.import_module(sys.argv[1])
for module in pkgutil.walk_packages(package.__path__, f'{sys.argv[1]}.'):
    importlib.import_module(module.name)
top = {name.partition('.')[0] for name in {*sys.modules} - before}
print(*sorted(name for name in top - sys.stdlib_module_names if not name.startswith('_')))
"""


@pytest.mark.parametrize(
    ('package', 'needed'),
    [
        ('emotion_agent.neuromodulation', {'node_kit', 'yaml'}),
        ('emotion_models.latent', {'numpy'}),
        ('emotion_models.metrics', {'numpy', 'threadpoolctl'}),
    ],
)
def test_package_needs_what_its_page_says(package, needed):
    done = subprocess.run(
        [sys.executable, '-c', IMPORTED, package], capture_output=True, text=True, check=True
    )

    own = {package.partition('.')[0], 'cython_runtime'}
    assert {*done.stdout.split()} - own <= needed
