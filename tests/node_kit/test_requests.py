# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""No request of a service holds a node up, changes its log, or goes beyond the limits."""

import pytest
from lifecycle_msgs.msg import State, Transition
from lifecycle_msgs.srv import ChangeState, GetState
from rcl_interfaces.msg import LoggerLevel, Parameter, ParameterValue
from rcl_interfaces.srv import (
    DescribeParameters,
    GetLoggerLevels,
    GetParameters,
    GetParameterTypes,
    ListParameters,
    SetLoggerLevels,
    SetParameters,
    SetParametersAtomically,
)
from rclpy.impl.rcutils_logger import RcutilsLogger
from std_srvs.srv import Trigger
from type_description_interfaces.srv import GetTypeDescription

from node_kit import ManagedNode, Setting
from node_kit.limits import (
    LINE_CHARACTERS,
    LIST_ITEMS,
    NAME_CHARACTERS,
    SET_PARAMETERS,
    SHOWN_CHARACTERS,
)

LONG = 'x' * (NAME_CHARACTERS + 1)
LONG_LABEL = 'bad\n\x1b[31mFORGED' + 'x' * 10_000


class Sample(ManagedNode):
    """A node with as many parameters as one request may set, and one more."""

    TABLE = tuple(Setting(f'gain_{i}', 0.0, 'a factor') for i in range(SET_PARAMETERS + 1))

    def on_start(self):
        self.create_service(Trigger, '~/reset', self._reset)

    def _reset(self, request, response):
        response.success = True
        return response


@pytest.fixture
def node(ros, monkeypatch):
    """An active node; its warnings are in `lines`, and what it publishes of parameters counted."""
    lines = []
    monkeypatch.setattr(RcutilsLogger, 'warning', lambda _, line, **__: lines.append(line))
    node = Sample('sample')
    node.autostart()
    node.lines = lines
    yield node
    node.close()
    node.destroy_node()


def ask(node, kind, name, **request):
    """What the node answers."""
    callback = next(s.callback for s in node.services if s.srv_name.endswith(f'/{name}'))
    return callback(kind.Request(**request), kind.Response())


def gains(numbers, value=0.5):
    typed = ParameterValue(type=3, double_value=value)
    return [Parameter(name=f'gain_{i}', value=typed) for i in numbers]


def test_what_is_beyond_the_limits_is_refused_in_the_answer_and_changes_nothing(node):
    texts = ParameterValue(type=9, string_array_value=['x'] * (LIST_ITEMS + 1))
    for given, words in (
        (gains(range(SET_PARAMETERS + 1)), f'parameters has {SET_PARAMETERS + 1} items'),
        (gains([0] * 2), "'gain_0' stands 2 times in one request"),
        ([*gains([0]), Parameter(name=LONG)], f'name has {len(LONG)} characters'),
        ([*gains([0]), Parameter(name='gain_1', value=texts)], f"'gain_1' has {LIST_ITEMS + 1}"),
    ):
        results = ask(node, SetParameters, 'set_parameters', parameters=given).results
        both = ask(node, SetParametersAtomically, 'set_parameters_atomically', parameters=given)

        assert len(results) == min(len(given), SET_PARAMETERS)
        for result in (*results, both.result):
            assert not result.successful
            assert words in result.reason
            assert '\n' not in result.reason
            assert len(result.reason) < 200
    assert node.settings['gain_0'] == 0.0
    assert node.refused_messages == 8
    assert len(node.lines) == 1  # of their kind


def test_lists_and_names_of_every_request_have_a_limit(node):
    for kind, name, field, item in (
        (GetParameters, 'get_parameters', 'names', str),
        (DescribeParameters, 'describe_parameters', 'names', str),
        (GetParameterTypes, 'get_parameter_types', 'names', str),
        (ListParameters, 'list_parameters', 'prefixes', str),
        (GetLoggerLevels, 'get_logger_levels', 'names', str),
        (SetLoggerLevels, 'set_logger_levels', 'levels', lambda name: LoggerLevel(name=name)),
    ):
        for given in ([item('x')] * (LIST_ITEMS + 1), [item(LONG)]):
            before = node.refused_messages

            answer = ask(node, kind, name, **{field: given})

            assert node.refused_messages == before + 1
            assert not any(result.successful for result in getattr(answer, 'results', ()))


def test_a_type_of_any_length_is_refused_with_the_reason(node):
    answer = ask(node, GetTypeDescription, 'get_type_description', type_name=LONG)

    assert not answer.successful
    assert f'type_name has {len(LONG)} characters' in answer.failure_reason


def test_requests_within_the_limits_are_answered_as_ever(node):
    names = [f'gain_{i}' for i in range(SET_PARAMETERS)]
    given = gains(range(SET_PARAMETERS))

    assert all(
        r.successful for r in ask(node, SetParameters, 'set_parameters', parameters=given).results
    )
    values = ask(node, GetParameters, 'get_parameters', names=names).values
    assert [value.double_value for value in values] == [0.5] * SET_PARAMETERS
    assert ask(node, Trigger, 'reset').success
    assert node.refused_messages == 0


def test_the_parameters_are_published_once_for_a_request_with_all_that_it_set(node, monkeypatch):
    published = []
    monkeypatch.setattr(
        'node_kit.parameter_topic.publish', lambda _, __, message: published.append(message)
    )
    ask(node, SetParameters, 'set_parameters', parameters=gains(range(9)))
    ask(node, SetParameters, 'set_parameters', parameters=[Parameter(name='unknown')])
    ask(node, GetParameters, 'get_parameters', names=['gain_0'])

    (message,) = published
    values = {item.name: item.value.double_value for item in message.new_parameters}
    assert [values[f'gain_{i}'] for i in range(9)] == [0.5] * 9


def change(node, **transition):
    return ask(node, ChangeState, 'change_state', transition=Transition(**transition)).success


def test_unknown_transitions_are_refused_before_rcl_logs_them(node, capfd):
    for transition in (
        {'label': LONG_LABEL},
        {'label': LONG_LABEL, 'id': Transition.TRANSITION_DEACTIVATE},
        {'label': 'configure'},  # not from here
        {'id': Transition.TRANSITION_CONFIGURE},
        {'id': 77},
        {'id': 0},
    ):
        assert not change(node, **transition)

    assert node.is_active
    assert node.refused_messages == 6
    (line,) = node.lines
    assert line.isprintable()
    assert len(line) < LINE_CHARACTERS
    assert 'x' * SHOWN_CHARACTERS not in line
    assert 'expected one of deactivate (4), shutdown (7)' in line
    assert 'FORGED' not in capfd.readouterr().err


def test_transitions_are_made_by_id_and_by_label(node):
    assert change(node, id=Transition.TRANSITION_DEACTIVATE)
    assert change(node, label='activate')
    assert node.is_active
    assert change(node, label='deactivate')
    assert change(node, id=Transition.TRANSITION_CLEANUP, label='cleanup')
    assert change(node, label='configure')
    assert change(node, label='shutdown')

    state = ask(node, GetState, 'get_state').current_state
    assert state.id == State.PRIMARY_STATE_FINALIZED
    assert not change(node, label='configure')
