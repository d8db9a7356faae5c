# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""A causal model frame by frame, as it is exported: its state goes in and comes out."""

from typing import TYPE_CHECKING, Any

import torch
from torch import Tensor, nn

from emotion_models.temporal.networks import FcLstm
from emotion_models.temporal.normalisation import Normalisation
from emotion_models.training.export import ExportPlan

if TYPE_CHECKING:
    from emotion_models.temporal.module import TemporalModule

STATES = ('hidden', 'cell')
AFTER = 'next_{}'


class Step(nn.Module):
    """
    One frame more.

    Args:
        normalisation: of the features.
        network: with a state of two parts.
    """

    def __init__(self, normalisation: Normalisation, network: FcLstm) -> None:
        super().__init__()
        self.normalisation, self.network = normalisation, network

    def forward(self, features: Tensor, hidden: Tensor, cell: Tensor) -> tuple[Tensor, ...]:
        """Targets of a frame (N, width), and the state after it."""
        affect, state = self.network.step(self.normalisation(features), (hidden, cell))
        return affect, *state


def export_plan(module: 'TemporalModule') -> ExportPlan:
    """
    One step of the network with its state, and the card that names both.

    Raises:
        ValueError: if the model looks ahead, or has no state.
    """
    network = module.network
    if not isinstance(network, FcLstm):
        raise ValueError(
            f'{module.hparams["network"]} cannot answer frame by frame; only fclstm_xl is exported'
        )
    if module.normalisation.looks_ahead:
        raise ValueError(
            'normalisation "batch" takes the whole clip; export a model that was trained with '
            '"trn" or without normed_features'
        )
    hidden = network.sizes.hidden
    rows = 4
    example = tuple(torch.randn(rows, width) for width in (len(module.features), hidden, hidden))
    return ExportPlan(Step(module.normalisation, network), example, _card(module, hidden))


def _card(module: 'TemporalModule', hidden: int) -> dict[str, Any]:
    states = [{'name': name, 'shape': ['N', hidden], 'dtype': 'float32'} for name in STATES]
    return {
        'description': 'Valence and arousal of a frame, from it and all frames before it.',
        'inputs': [
            {
                'name': 'features',
                'shape': ['N', len(module.features)],
                'dtype': 'float32',
                'features': dict(module.features.widths),
                'normalisation': 'done inside',
            },
            *states,
        ],
        'outputs': [
            {
                'name': 'affect',
                'shape': ['N', len(module.targets)],
                'columns': list(module.targets),
                'unit': 'labels lie in [-1, 1]; the output is not clipped',
            },
            *({**state, 'name': AFTER.format(state['name'])} for state in states),
        ],
        'states': [
            {'input': name, 'output': AFTER.format(name), 'begins_with': 0.0} for name in STATES
        ],
        'delay_frames': module.hparams['delay_frames'],
        'rate_hz': round(float(module.rate_hz), 3),
        'metrics': {'held_out': module.held_out},
        'limits': 'for the rate of its training; a state is of one person and ends with a gap',
    }
