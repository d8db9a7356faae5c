# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""YAML of which nobody knows how much it will be: bounded in length, levels and repetition."""

import yaml

from node_kit.limits import YAML_BYTES, YAML_LEVELS, YAML_NODES, cut


class YamlLimit(yaml.YAMLError):
    """More YAML than is taken. The message names the limit."""


class LimitedLoader(yaml.SafeLoader):
    """
    A loader that refuses what would take long or much memory, before anything is made of it.

    Raises:
        YamlLimit: if the text is longer than `YAML_BYTES`, has more than `YAML_LEVELS` lists and
            mappings in each other, more than `YAML_NODES` values once its aliases are written out,
            or a value that contains itself.
    """

    def __init__(self, text: str):
        if len(text) > YAML_BYTES:
            raise YamlLimit(f'has {len(text)} characters, at most {YAML_BYTES} are read')
        super().__init__(text)
        self._levels = 0

    def compose_node(self, parent: yaml.Node | None, index: int) -> yaml.Node | None:
        """Compose one level deeper."""
        self._levels += 1
        if self._levels > YAML_LEVELS:
            raise YamlLimit(
                f'line {self.line + 1}: more than {YAML_LEVELS} lists and mappings in each other'
            )
        node = super().compose_node(parent, index)
        self._levels -= 1
        return node

    def get_single_node(self) -> yaml.Node | None:
        """Compose all, and count it."""
        root = super().get_single_node()
        if root is not None and _written_out(root, {}) > YAML_NODES:
            raise YamlLimit(f'has more than {YAML_NODES} values where its aliases are written out')
        return root


def without_content(error: yaml.YAMLError) -> str:
    """Return what is wrong and where, without a line of the text."""
    mark = getattr(error, 'problem_mark', None)
    if mark is None:
        return cut(' '.join(str(error).split()))
    return f'line {mark.line + 1}, column {mark.column + 1}'


def _written_out(node: yaml.Node, known: dict[int, int]) -> int:
    """How many values a node has in all; refuses one that contains itself."""
    if id(node) not in known:
        known[id(node)] = 0  # until it is counted
        if isinstance(node, yaml.MappingNode):
            parts = [part for pair in node.value for part in pair]
        else:
            parts = node.value if isinstance(node, yaml.SequenceNode) else []
        known[id(node)] = 1 + sum(_written_out(part, known) for part in parts)
    if not known[id(node)]:
        raise YamlLimit(f'line {node.start_mark.line + 1}: an alias within what it stands for')
    return known[id(node)]
