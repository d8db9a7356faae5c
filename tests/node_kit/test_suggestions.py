# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""Suggestions for unknown names."""

from node_kit.suggestions import did_you_mean


def test_the_nearest_name_is_suggested():
    assert did_you_mean('prase', ['praise', 'threat_near']) == '; did you mean praise?'


def test_nothing_is_suggested_where_nothing_is_near():
    assert did_you_mean('xyz', ['praise', 'threat_near']) == ''
    assert did_you_mean('praise', []) == ''
