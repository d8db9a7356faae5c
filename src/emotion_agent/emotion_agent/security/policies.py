# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""Policies of SROS2: each node may do what it does, and nothing else."""

from collections.abc import Iterable
from xml.etree import ElementTree
from xml.etree.ElementTree import Element, SubElement

from emotion_agent.security.interfaces import (
    CLIENT,
    OF_EVERY_NODE,
    OF_ROS,
    Choices,
    Interfaces,
    interfaces,
)

VERSION = '0.2.0'
"""Of the format, as `ros2 security create_permission` reads it."""
AGENT = 'agent'
IN_ONE_PROCESS = (
    *('camera', 'affect_estimator', 'emotion_state', 'face_sketcher', 'oled_face'),
    *('session', 'emotion_web'),
)


def policies(namespace: str, choices: Choices | None = None) -> str:
    """
    Return the policies of all nodes as XML.

    Each node has an enclave of its name, as the launch file starts it; `agent` that of all nodes
    in one process.

    Args:
        namespace: of the nodes, without slash before it.
        choices: which parameters are set.
    """
    space = f'/{namespace}'.rstrip('/')
    root = Element('policy', version=VERSION)
    enclaves = SubElement(root, 'enclaves')
    used = interfaces(choices)
    processes = {**{name: (name,) for name in used}, AGENT: IN_ONE_PROCESS}
    for process, nodes in processes.items():
        enclave = SubElement(enclaves, 'enclave', path=f'{space}/{process}')
        profiles = SubElement(enclave, 'profiles')
        for name in nodes:
            base = OF_ROS if name == CLIENT else OF_EVERY_NODE
            profile = SubElement(profiles, 'profile', ns=space or '/', node=name)
            _allow(profile, base + used[name])
    ElementTree.indent(root)
    return ElementTree.tostring(root, encoding='unicode', xml_declaration=True) + '\n'


def _allow(profile: Element, used: Interfaces) -> None:
    _rule(profile, 'topic', 'publish', used.publishes)
    _rule(profile, 'topic', 'subscribe', used.subscribes)
    _rule(profile, 'service', 'reply', used.serves)
    _rule(profile, 'service', 'request', used.calls)


def _rule(profile: Element, kind: str, what: str, names: Iterable[str]) -> None:
    if names := sorted(names):
        rule = SubElement(profile, f'{kind}s', {what: 'ALLOW'})
        for name in names:
            SubElement(rule, kind).text = name
