# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""The policies have the form that SROS2 reads, and allow what the table says."""

import re
from collections.abc import Iterator
from xml.etree import ElementTree

import pytest

from emotion_agent.agent import CAMERA, NAMES, SESSION, WEB
from emotion_agent.commands.cli import main
from emotion_agent.launching.nodes import NODES
from emotion_agent.security.interfaces import CLIENT, OF_EVERY_NODE, Choices, interfaces
from emotion_agent.security.policies import policies

EVERYTHING = Choices(use_sim_time=True, hri=True, record_images=True)
FORM = {
    'policy': ({'version'}, set(), ['enclaves']),
    'enclaves': (set(), set(), ['enclave']),
    'enclave': ({'path'}, set(), ['profiles']),
    'profiles': (set(), {'type'}, ['profile']),
    'profile': ({'ns', 'node'}, set(), ['topics', 'services', 'actions']),
    'topics': (set(), {'publish', 'subscribe'}, ['topic']),
    'services': (set(), {'reply', 'request'}, ['service']),
    'topic': (set(), set(), []),
    'service': (set(), set(), []),
}
"""Element -> attributes that it must have, may have, and what it consists of, in version 0.2.0."""


def tree(namespace: str = 'emotion', choices: Choices | None = None) -> ElementTree.Element:
    return ElementTree.fromstring(policies(namespace, choices))


def allowed(profile: ElementTree.Element, what: str) -> set[str]:
    return {each.text for rule in profile for each in rule if rule.get(what) == 'ALLOW'}


def elements(root: ElementTree.Element) -> Iterator[ElementTree.Element]:
    yield root
    for child in root:
        yield from elements(child)


@pytest.mark.parametrize('choices', [None, EVERYTHING])
@pytest.mark.parametrize('namespace', ['emotion', 'robots/r1', ''])
def test_they_have_the_form_of_the_schema(namespace, choices):
    root = tree(namespace, choices)

    assert root.get('version') == '0.2.0'
    for element in elements(root):
        must, may, parts = FORM[element.tag]
        assert must <= set(element.keys()) <= must | may, element.tag
        assert {child.tag for child in element} <= set(parts)
        assert bool(len(element)) == bool(parts), f'empty {element.tag}'
        if element.tag in ('topics', 'services'):
            assert set(element.attrib.values()) == {'ALLOW'}
        if not parts:
            assert re.fullmatch(r'(/|~/)?[\w*]+(/[\w*]+)*', element.text)


def test_the_schema_of_sros2_accepts_them(tmp_path):
    sros2 = pytest.importorskip('sros2.policy', reason='sudo apt install ros-$ROS_DISTRO-sros2')
    file = tmp_path / 'policies.xml'
    file.write_text(policies('emotion', EVERYTHING))

    assert sros2.load_policy(file) is not None


def test_every_node_has_an_enclave_of_its_name_and_one_process_that_of_all():
    profiles = {
        enclave.get('path'): [profile.get('node') for profile in enclave[0]]
        for enclave in tree()[0]
    }

    assert profiles == {
        **{f'/emotion/{name}': [name] for name in (*NODES, CLIENT)},
        '/emotion/agent': [CAMERA, *NAMES, SESSION, WEB],
    }


@pytest.mark.parametrize('choices', [None, EVERYTHING])
def test_each_node_may_do_what_it_does_and_no_more(choices):
    used = interfaces(choices)

    for profile in tree(choices=choices).iter('profile'):
        name = profile.get('node')
        if name == CLIENT:
            continue
        may = OF_EVERY_NODE + used[name]
        assert allowed(profile, 'publish') == set(may.publishes)
        assert allowed(profile, 'subscribe') == set(may.subscribes)
        assert allowed(profile, 'reply') == set(may.serves)
        assert allowed(profile, 'request') == set(may.calls)


def test_only_those_who_must_may_stimulate_and_see_people():
    for profile in tree().iter('profile'):
        name = profile.get('node')
        images = {topic for topic in allowed(profile, 'subscribe') if 'image_raw' in topic}
        assert bool(images) == (name == 'affect_estimator')
        may_stimulate = 'stimulus' in allowed(profile, 'publish')
        assert may_stimulate == (name in (CLIENT, SESSION, WEB))


@pytest.mark.parametrize('text', ['a b', '1', 'emotion//r1', '<', '/emotion/*'])
def test_a_namespace_or_topic_that_is_none_is_refused(text, capsys):
    for option in ('--namespace', '--image-topic'):
        with pytest.raises(SystemExit):
            main(['policies', option, text])
        assert f'got {text!r}' in capsys.readouterr().err


def test_the_command_writes_them(tmp_path, capsys):
    file = tmp_path / 'policies.xml'

    assert main(['policies', '--namespace', '/r1/', '--hri', '--out', str(file)]) == 0
    assert main(['policies', '--namespace', 'r1', '--hri']) == 0

    name, _, printed = capsys.readouterr().out.partition('\n')
    assert name == str(file)
    assert file.read_text() == printed == policies('r1', Choices(hri=True))


def test_the_table_of_the_documentation_is_that_of_the_code(repository):
    text = (repository / 'docs' / 'interfaces.md').read_text()
    section = text.partition('## Topics and services of each node')[2].partition('\n## ')[0]
    rows = [line.strip('|').split('|') for line in section.splitlines() if line.startswith('| `')]
    table = {
        re.search(r'`(\w+)`', node)[1]: [set(re.findall(r'`(.+?)`', cell)) for cell in cells]
        for node, *cells in rows
    }

    assert table == {
        name: [set(used.publishes), set(used.subscribes), set(used.serves)]
        for name, used in interfaces().items()
    }
    assert set(
        re.findall(r'^\| every node \| (.*?) \|', section, re.MULTILINE)[0].split(', ')
    ) == {f'`{name}`' for name in OF_EVERY_NODE.publishes}
