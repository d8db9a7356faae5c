# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""From a trained torch network to a model folder."""

import copy
import io
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import onnx
import torch
from onnx import TensorProto, helper, numpy_helper
from torch import Tensor, nn
from torch.fx.experimental.optimization import fuse

from emotion_models.runtime.artefact import MODEL_NAME, open_onnx, write_card
from emotion_models.training.evaluation import system_of_class
from emotion_models.training.loading import (
    DATA_KEY,
    MODULE_KEY,
    load_module,
    noted_arguments,
    noted_class,
    noted_entry,
    read_checkpoint,
)

TOLERANCE = 1e-5
"""Largest difference between torch and onnxruntime that an export may show."""

LEAST_HALVED = 1024
"""Weights with fewer elements stay in single precision: halving them saves nothing."""


@dataclass(frozen=True)
class ExportPlan:
    """
    What a training module wants to be exported as.

    Args:
        network: takes one or several tensors, answers with one or several.
        example: an input of several rows that shows what the network is for; several inputs are
            a tuple.
        card: description with `inputs` and `outputs`, whose names the file takes over; lengths
            that are letters may be any. What goes in and comes out again at the next call is
            named in `states`.
        tolerance: largest difference between torch and onnxruntime on the example.
    """

    network: nn.Module
    example: Tensor | tuple[Tensor, ...]
    card: dict[str, Any]
    tolerance: float = TOLERANCE

    @property
    def examples(self) -> tuple[Tensor, ...]:
        """One for each input."""
        return self.example if isinstance(self.example, tuple) else (self.example,)


def export_network(plan: ExportPlan, folder: str | Path) -> float:
    """
    Write `model.onnx` and `card.yaml`, and compare the file with the network.

    Batch norms are folded into their convolutions and large weights are stored in half precision,
    which onnxruntime widens once, when it loads them: the arithmetic stays in single precision.

    Args:
        plan: network, example and card.
        folder: made if it is not there.

    Returns:
        Largest difference between torch and onnxruntime on the example.

    Raises:
        RuntimeError: if that difference is above the plan's tolerance.
    """
    folder = Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    rounded = round_weights(fuse(copy.deepcopy(plan.network).eval().float().cpu()))
    model = _trace(rounded, plan)
    onnx.save(store_in_half(model), folder / MODEL_NAME)
    difference = _compare(rounded, plan.examples, folder / MODEL_NAME)
    if difference > plan.tolerance:
        raise RuntimeError(
            f'{folder / MODEL_NAME} differs from the network by {difference:.2g}, more than '
            f'{plan.tolerance:g}; the export is not to be used'
        )
    write_card(folder, plan.card)
    return difference


def round_weights(network: nn.Module) -> nn.Module:
    """The network with its large weights rounded to what half precision can hold, in place."""
    with torch.no_grad():
        for weight in network.parameters():
            if weight.numel() >= LEAST_HALVED:
                weight.copy_(weight.half().float())
    return network


def store_in_half(model: onnx.ModelProto) -> onnx.ModelProto:
    """The model with its large weights stored as float16, each with a cast to float32."""
    casts = []
    for weight in model.graph.initializer:
        if weight.data_type != TensorProto.FLOAT or np.prod(weight.dims) < LEAST_HALVED:
            continue
        name, half_name = weight.name, f'{weight.name}.half'
        values = numpy_helper.to_array(weight).astype(np.float16)
        weight.CopyFrom(numpy_helper.from_array(values, half_name))
        casts.append(helper.make_node('Cast', [half_name], [name], to=TensorProto.FLOAT))
    nodes = casts + list(model.graph.node)
    del model.graph.node[:]
    model.graph.node.extend(nodes)
    onnx.checker.check_model(model)
    return model


def export_checkpoint(checkpoint: str | Path, folder: str | Path) -> float:
    """
    A model folder from a checkpoint of one of our training modules.

    A module of several networks, which has `export_plans`, gets a folder in it for each of them.

    Args:
        checkpoint: file written by `emotion-models fit`.
        folder: of the model; made if it is not there.

    Returns:
        Largest difference between torch and onnxruntime on an example.

    Raises:
        FileNotFoundError: if there is no such checkpoint.
        ValueError: if it belongs to no module of ours that can be exported, or was written by
            another version.
        RuntimeError: if the file differs from the network.
    """
    saved = read_checkpoint(checkpoint)
    module_class = noted_class(saved, MODULE_KEY, checkpoint)
    if not hasattr(module_class, 'export_plan') and not hasattr(module_class, 'export_plans'):
        raise ValueError(f'{module_class.__name__} of {checkpoint} has nothing to export')
    module = load_module(checkpoint)
    origin = {
        'training_data': noted_entry(saved, 'training_data', checkpoint),
        'made_by': {
            **noted_entry(saved, 'made_by', checkpoint),
            'model': noted_arguments(saved, MODULE_KEY),
            'data': noted_arguments(saved, DATA_KEY),
        },
    }
    system = {'system': system_of_class(module_class)}
    plans = (
        module.export_plans() if hasattr(module, 'export_plans') else {'': module.export_plan()}
    )
    return max(
        export_network(replace(plan, card={**system, **plan.card, **origin}), Path(folder) / name)
        for name, plan in plans.items()
    )


def _trace(network: nn.Module, plan: ExportPlan) -> onnx.ModelProto:
    inputs, outputs = (plan.card[kind] for kind in ('inputs', 'outputs'))
    names = [[entry['name'] for entry in part] for part in (inputs, outputs)]
    buffer = io.BytesIO()
    torch.onnx.export(
        network,
        plan.examples,
        buffer,
        input_names=names[0],
        output_names=names[1],
        dynamic_axes={
            entry['name']: _open_axes(entry.get('shape', ['N'])) for entry in inputs + outputs
        },
        opset_version=17,
        dynamo=False,
    )
    return onnx.load_from_string(buffer.getvalue())


def _open_axes(shape: Sequence[Any]) -> dict[int, str]:
    """The axes of any length, by name: those that a card gives letters."""
    return {axis: length for axis, length in enumerate(shape) if isinstance(length, str)}


def _compare(network: nn.Module, examples: tuple[Tensor, ...], path: Path) -> float:
    with torch.no_grad():
        expected: Tensor | Sequence[Tensor] = network(*examples)
    session = open_onnx(path)
    names = [entry.name for entry in session.get_inputs()]
    found = session.run(None, {n: e.numpy() for n, e in zip(names, examples, strict=True)})
    pairs = zip([expected] if isinstance(expected, Tensor) else expected, found, strict=True)
    return max(float(np.abs(e.numpy() - f).max()) for e, f in pairs)
