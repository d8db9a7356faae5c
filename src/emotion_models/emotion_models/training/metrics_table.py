# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""The metrics of a run as one table."""

from argparse import Namespace
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from lightning.pytorch.loggers.logger import Logger
from lightning.pytorch.utilities import rank_zero_only

from emotion_models.data.tables import read_table
from emotion_models.reading import FileError
from emotion_models.training.run_folder import METRICS_NAME
from emotion_models.training.run_table import write_rows

TABLE = 'the table of an earlier run; move it aside to begin anew'


class MetricsTable(Logger):
    """
    Writes `metrics.csv`: a row for each step at which something was logged.

    A run that goes on after an interruption goes on in the table; what was logged after its
    checkpoint gives way to what is logged now.

    Args:
        folder: of the run.
    """

    def __init__(self, folder: str | Path) -> None:
        super().__init__()
        self._path = Path(folder) / METRICS_NAME
        self._rows: list[dict[str, Any]] | None = None

    name = version = None
    """Both are said by the folder."""

    @property
    def save_dir(self) -> str:
        """The run folder."""
        return str(self._path.parent)

    def log_hyperparams(
        self, params: dict[str, Any] | Namespace, *args: Any, **kwargs: Any
    ) -> None:
        """Nothing: they are in the configuration file beside the table."""

    @rank_zero_only
    def log_metrics(self, metrics: Mapping[str, float], step: int | None = None) -> None:
        """Add to the row of the step, and write the table as a whole."""
        if self._rows is None:
            self._rows = [row for row in self._read() if int(row['step']) < (step or 0)]
        if not self._rows or self._rows[-1]['step'] != step:
            self._rows.append({'step': step})
        self._rows[-1] |= metrics
        self._write()

    def _read(self) -> list[dict[str, Any]]:
        if not self._path.is_file():
            return []
        columns, rows = read_table(self._path, TABLE)
        if 'step' not in columns or not all(row['step'].isdecimal() for row in rows):
            raise FileError(f'{self._path} has no steps; expected {TABLE}')
        return rows

    def _write(self) -> None:
        self._path.parent.mkdir(parents=True, exist_ok=True)
        write_rows(self._path, self._rows or ())
