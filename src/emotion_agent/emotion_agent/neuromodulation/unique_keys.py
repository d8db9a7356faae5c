# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""YAML in which every key stands once: of one that is written twice, YAML drops the first."""

from typing import Any

import yaml

from node_kit.limited_yaml import LimitedLoader


class WrittenTwice(yaml.YAMLError):
    """A key that stands twice in one mapping. The message names it and its lines."""


def load_unique(text: str) -> Any:
    """
    Return what YAML stands for.

    Raises:
        WrittenTwice: if a mapping has a key twice.
        YamlLimit: if it is too much.
        yaml.YAMLError: if it is no YAML.
    """
    try:
        return yaml.load(text, _Loader)
    except (ValueError, RecursionError) as error:  # such as a date that there is not
        raise yaml.YAMLError(f'{error}') from error


class _Loader(LimitedLoader):
    def compose_mapping_node(self, anchor: str | None) -> yaml.MappingNode:
        node = super().compose_mapping_node(anchor)
        lines: dict[str, int] = {}
        for key in (key for key, _ in node.value if isinstance(key, yaml.ScalarNode)):
            line = key.start_mark.line + 1
            if key.value in lines:
                raise WrittenTwice(
                    f'{key.value} is written twice, in lines {lines[key.value]} and {line}; '
                    'keep one of them'
                )
            lines[key.value] = line
        return node
