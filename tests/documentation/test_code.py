# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""Python, YAML and tables of the pages: what is written there works, and is what the code has."""

import ast
import doctest
import importlib
import re
from itertools import groupby

import cv2
import pytest
import yaml
from known import parameters
from written import ROOT, Block, blocks, table_rows, text_of

from emotion_agent.camera.sources import built_in_photo
from emotion_agent.neuromodulation import MODULATORS, load
from emotion_agent.scripts.reading import read_script
from emotion_models.runtime import Artefact
from emotion_models.runtime.priors import read_balancing

PYTHON = blocks('python')
BY_PAGE = {page: list(group) for page, group in groupby(PYTHON, lambda block: block.page)}


@pytest.mark.parametrize('page', BY_PAGE)
def test_examples_run_one_after_the_other(page, tmp_path, monkeypatch):
    """Those of a page build on each other, as the reader goes down it."""
    pytest.importorskip('skimage', reason='the built-in photograph ships in scikit-image')
    monkeypatch.chdir(tmp_path)
    cv2.imwrite('photo.jpg', built_in_photo())
    names: dict = {'__name__': 'page'}

    for block in BY_PAGE[page]:
        if not block.marker.startswith('not run: '):
            exec(compile(block.text, block.where, 'exec'), names)


@pytest.mark.parametrize('block', PYTHON, ids=lambda block: block.where)
def test_what_examples_import_is_there(block):
    for node in ast.walk(ast.parse(block.text, block.where)):
        if isinstance(node, ast.ImportFrom):
            module = importlib.import_module(node.module)
            for alias in node.names:
                assert hasattr(module, alias.name), f'{block.where}: {node.module}.{alias.name}'


@pytest.mark.parametrize('block', blocks('pycon'), ids=lambda block: block.where)
def test_sessions_answer_as_printed(block):
    session = doctest.DocTestParser().get_doctest(block.text, {}, block.where, block.page, 0)
    printed: list[str] = []

    assert doctest.DocTestRunner().run(session, out=printed.append).failed == 0, ''.join(printed)


@pytest.mark.parametrize('block', blocks('yaml'), ids=lambda block: block.where)
def test_configuration_is_understood(block, tmp_path):
    content = yaml.safe_load(block.text)

    assert isinstance(content, dict), block.where
    if set(content) == {'emotion'}:
        load(content)
    elif 'duration_s' in content:
        (tmp_path / 'script.yaml').write_text(block.text)
        read_script(tmp_path / 'script.yaml').check_stimuli(load().stimuli, 'the library')
    elif set(content) == {'priors'}:
        read_balancing(Artefact(ROOT, content))
    elif 'model' in content and 'data' in content:
        find_class(content['model'])
        find_class(content['data']['data_set'])
    else:
        assert check_parameters(content, block) > 0, f'{block.where}: what is it?'


def find_class(section: dict) -> None:
    """Fail unless there is the class of a section of an experiment."""
    module, _, name = section['class_path'].rpartition('.')
    assert hasattr(importlib.import_module(module), name), section['class_path']


def check_parameters(content: dict, block: Block, node: str = '') -> int:
    """Check the values of a parameter file and return how many there are."""
    count = 0
    for name, value in content.items():
        if name == 'ros__parameters':
            count += sum(check_value(node, *each, block) for each in flat(value))
        elif isinstance(value, dict):
            count += check_parameters(value, block, name.rpartition('/')[2] or node)
    return count


def flat(values: dict, prefix: str = ''):
    """Yield `a.b`, value for nested parameters."""
    for name, value in values.items():
        if isinstance(value, dict):
            yield from flat(value, f'{prefix}{name}.')
        else:
            yield prefix + name, value


def check_value(node: str, name: str, value, block: Block) -> int:
    for table in [parameters()[node]] if node.isidentifier() else parameters().values():
        if name in table:
            table[name].check(value)
            return 1
    raise AssertionError(f'{block.where}: {node} has no parameter {name}')


def test_stimuli_on_the_page_are_those_of_the_library():
    page = text_of(ROOT / 'docs' / 'neuromodulation.md')
    written = {}
    for names, doses, *_ in table_rows(page, 'name | doses'):
        for name in names.split(', '):
            written[name] = {
                modulator: float(dose.replace('−', '-'))
                for modulator, dose in re.findall(r'(\w+) (−?[.\d]+)', doses)
            }

    assert written == {
        name: {modulator: dose for modulator, dose in zip(MODULATORS, doses, strict=True) if dose}
        for name, doses in ((name, each.doses) for name, each in load().stimuli.items())
    }


@pytest.mark.parametrize('page', ['README.md', 'docs/neuromodulation.md'])
def test_pages_name_every_temperament(page):
    text = text_of(ROOT / page)

    for file in (ROOT / 'config' / 'temperaments').glob('*.yaml'):
        assert re.search(rf'\b{file.stem}\b', text), f'{page} lacks {file.stem}'


def test_modulators_on_the_page_have_their_half_lives():
    page = text_of(ROOT / 'docs' / 'neuromodulation.md')
    written = {row[0]: float(row[1].split()[0]) for row in table_rows(page, 'modulator | half')}

    config = load()
    assert written == {name: config.modulators[name].half_life_s for name in written}
    assert len(written) == len(config.modulators)


def test_drawings_have_the_columns_of_the_emotions():
    (table,) = blocks('csv')
    from emotion_models.labels.emotions import EMOTIONS

    header = table.text.splitlines()[0].split(',')
    assert header == ['file', 'valence', 'arousal', *EMOTIONS]


def test_readme_has_the_versions_of_python_that_are_tested():
    workflow = yaml.safe_load(text_of(ROOT / '.github' / 'workflows' / 'ci.yml'))
    versions = workflow['jobs']['wheels']['strategy']['matrix']['python']

    assert f'Python {versions[0]}–{versions[-1]}' in text_of(ROOT / 'README.md')
