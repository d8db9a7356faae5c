# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""Who may open the pages of a server; without a server."""

import socket

import pytest
from hypothesis import given
from hypothesis import strategies as st

from node_kit.web.access import TOKEN_CHARACTERS, Access, is_loopback

TOKEN = 'a token of enough characters'
OTHERS = Access('0.0.0.0', TOKEN)
LOCAL = Access()


@pytest.mark.parametrize('host', ['127.0.0.1', '127.1.2.3', 'localhost', 'LOCALHOST', '::1'])
def test_this_computer_needs_no_token(host):
    assert is_loopback(host)
    assert Access(host).token_refusal(None) is None


@pytest.mark.parametrize('host', ['0.0.0.0', '::', '192.168.0.7', 'robot.local', ''])
def test_where_others_come_a_token_is_needed_at_once(host):
    with pytest.raises(ValueError, match='^token: expected one, .*; python3 -c .* makes one'):
        Access(host)


@pytest.mark.parametrize('host', ['127.0.0.1', '0.0.0.0'])
def test_a_short_token_is_refused_with_its_length(host):
    with pytest.raises(ValueError, match=f'at least {TOKEN_CHARACTERS} characters, got 15'):
        Access(host, 'x' * (TOKEN_CHARACTERS - 1))


@pytest.mark.parametrize(
    ('token', 'status'), [(None, 401), ('', 401), ('x' * 20, 403), ('é', 403)]
)
def test_without_the_token_nothing_is_served(token, status):
    refusal = OTHERS.token_refusal(token)

    assert refusal.status == status
    assert '\n' not in refusal.text
    assert TOKEN not in refusal.text
    assert OTHERS.token_refusal(TOKEN) is None


@given(st.text())
def test_any_other_token_is_wrong(token):
    assert (OTHERS.token_refusal(token) is None) == (token == TOKEN)


@pytest.mark.parametrize('hosts', [[], ['localhost', 'robot.example'], ['localhost', 'localhost']])
def test_one_name_is_asked_for(hosts):
    assert LOCAL.refusal(hosts, []).status == 403


@pytest.mark.parametrize(
    'host', ['192.168.0.7:8066', '[fe80::1]:80', 'localhost:8066', socket.gethostname()]
)
def test_others_come_by_an_address_or_the_name_of_the_computer(host):
    assert OTHERS.refusal([host], []) is None


@pytest.mark.parametrize('host', ['evil.example', '192.168.0.7.evil.example', 'x@[::1', ''])
def test_nobody_comes_by_a_name_that_may_be_made_to_lead_here(host):
    for access in (OTHERS, LOCAL):
        assert access.refusal([host], []).status == 403


def test_a_computer_that_serves_itself_is_not_reached_by_its_address():
    assert LOCAL.refusal(['192.168.0.7:8066'], []).status == 403


@pytest.mark.parametrize(
    ('origin', 'is_ours'),
    [
        ('http://localhost:9000', True),
        ('https://LOCALHOST:9000', True),
        ('http://localhost', False),
        ('http://localhost:9001', False),
        ('http://127.0.0.1:9000', False),
        ('http://evil.example', False),
        ('http://localhost:9000.evil.example', False),
        ('file://', False),
        ('null', False),
        ('', False),
    ],
)
def test_only_the_page_itself_may_connect(origin, is_ours):
    assert (LOCAL.refusal(['localhost:9000'], [origin]) is None) == is_ours
    assert LOCAL.refusal(['localhost:9000'], [origin, origin]) is not None


@given(st.text(), st.text())
def test_any_header_gets_an_answer(host, origin):
    for access in (OTHERS, LOCAL):
        access.refusal([host], [origin])
