# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""Which requests of services are taken, and what the others are answered."""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from typing import Any

from lifecycle_msgs.msg import Transition
from lifecycle_msgs.srv import ChangeState
from rcl_interfaces.msg import Parameter, SetLoggerLevelsResult, SetParametersResult
from rcl_interfaces.srv import SetLoggerLevels, SetParameters, SetParametersAtomically

from node_kit.limits import LIST_ITEMS, NAME_CHARACTERS, SET_PARAMETERS, excess_of, shown

Answer = Callable[[Any, Any], Any]
"""Gets a request and an empty response; returns the response."""

_ARRAYS = ('byte', 'bool', 'integer', 'double', 'string')


def limited(answer: Answer, refused: Callable[[str], None]) -> Answer:
    """
    Return what answers the requests that are within the limits, and refuses the others.

    Args:
        answer: of the service.
        refused: called with what is too much in a request; where the type of the response has a
            place for it, whoever asks learns it too.
    """

    def take(request: Any, response: Any) -> Any:
        if not (excess := excess_of_request(request)):
            return answer(request, response)
        refused(excess)
        return _refusal(request, response, excess)

    return take


def possible(answer: Answer, transitions: Callable[[], Sequence[tuple]], refused) -> Answer:
    """
    Return what makes the transitions that the present state allows, and refuses the others.

    rcl would log the label of an unknown one as it came, with what steers a terminal.

    Args:
        answer: of the service `change_state`.
        transitions: returns those of the present state, each as id, label and more.
        refused: called with what was wrong.
    """

    def take(request: ChangeState.Request, response: ChangeState.Response) -> Any:
        known = {item[1]: item[0] for item in transitions()}
        if problem := _problem_of(request.transition, known):
            refused(problem)
            response.success = False
            return response
        return answer(request, response)

    return take


def excess_of_request(request: Any) -> str:
    """Return what of a request is beyond a limit, '' = nothing."""
    if isinstance(request, SetParameters.Request | SetParametersAtomically.Request):
        return _excess_of_change(request.parameters)
    return excess_of(request)


def _problem_of(transition: Transition, known: dict[str, int]) -> str:
    # As in rcl, a label counts more than the id.
    is_known = transition.label in known if transition.label else transition.id in known.values()
    if is_known:
        return ''
    name = shown(transition.label) if transition.label else transition.id
    expected = ', '.join(f'{label} ({number})' for label, number in known.items()) or 'none'
    return f'the present state has no transition {name}; expected one of {expected}'


def _excess_of_change(parameters: Sequence[Parameter]) -> str:
    if len(parameters) > SET_PARAMETERS:
        return f'parameters has {len(parameters)} items, at most {SET_PARAMETERS} are taken'
    for parameter in parameters:
        if len(parameter.name) > NAME_CHARACTERS:
            return (
                f'name has {len(parameter.name)} characters, at most {NAME_CHARACTERS} are taken'
            )
        if (most := max(_lengths(parameter))) > LIST_ITEMS:
            return f'{shown(parameter.name)} has {most} items, at most {LIST_ITEMS} are taken'
    for name, count in Counter(parameter.name for parameter in parameters).items():
        if count > 1:
            return f'{shown(name)} stands {count} times in one request, once is taken'
    return ''


def _lengths(parameter: Parameter) -> Iterable[int]:
    return (len(getattr(parameter.value, f'{kind}_array_value')) for kind in _ARRAYS)


def _refusal(request: Any, response: Any, why: str) -> Any:
    """The response, which says why where its type has a place for it."""
    if isinstance(response, SetParameters.Response):
        result = SetParametersResult(successful=False, reason=why)
        response.results = [result] * min(len(request.parameters), SET_PARAMETERS)
    elif isinstance(response, SetParametersAtomically.Response):
        response.result = SetParametersResult(successful=False, reason=why)
    elif isinstance(response, SetLoggerLevels.Response):
        result = SetLoggerLevelsResult(successful=False, reason=why)
        response.results = [result] * min(len(request.levels), LIST_ITEMS)
    elif hasattr(response, 'failure_reason'):
        response.failure_reason = why
    elif hasattr(response, 'success') and hasattr(response, 'message'):
        response.success, response.message = False, why
    return response
