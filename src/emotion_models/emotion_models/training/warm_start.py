# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""Trainings that begin with weights of another run."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from lightning.pytorch import LightningModule

from emotion_models.training.checkpoints import BEST_NAME
from emotion_models.training.loading import noted_entry, read_checkpoint


@dataclass(frozen=True)
class WarmStart:
    """
    The weights that a training begins with.

    Args:
        run: folder of a run, whose best checkpoint is read, or a checkpoint.
        parts: of the module that begin with the weights of that run, as "network.blocks"; none =
            all of it. The optimiser and the schedule begin anew.
    """

    run: str
    parts: Sequence[str] = ()

    def apply(self, module: LightningModule) -> None:
        """
        Copy the weights into a module.

        Raises:
            FileNotFoundError: if there is no such checkpoint.
            ValueError: if it is none, or if it or the module has no such part, or one of another
                shape.
        """
        path = Path(self.run)
        checkpoint = path / BEST_NAME if path.is_dir() else path
        found = noted_entry(read_checkpoint(checkpoint), 'state_dict', checkpoint)
        wanted = module.state_dict()
        for part in self.parts or ('',):
            names = {name for name in (*wanted, *found) if _is_of(name, part)}
            if not names:
                raise ValueError(f'init_from: neither {checkpoint} nor the model has {part}')
            for name in sorted(names):
                _check(name, wanted, found, checkpoint)
                wanted[name] = found[name]
        module.load_state_dict(wanted)


def _is_of(name: str, part: str) -> bool:
    return not part or name == part or name.startswith(f'{part}.')


def _check(name: str, wanted: dict, found: dict, checkpoint: Path) -> None:
    for where, state in ((checkpoint, found), ('the model that is trained', wanted)):
        if name not in state:
            raise ValueError(
                f'init_from: {where} has no {name}; init_from.parts names what both have'
            )
    if found[name].shape != wanted[name].shape:
        raise ValueError(
            f'init_from: {name} is {tuple(found[name].shape)} in {checkpoint} and '
            f'{tuple(wanted[name].shape)} in the model that is trained'
        )
