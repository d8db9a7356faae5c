# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""Trained models as folders: `model.onnx` and the `card.yaml` that describes it."""

import hashlib
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import yaml

import emotion_models
from emotion_models.limits import LimitedLoader, read_yaml
from emotion_models.missing import what_to_install
from emotion_models.reading import FileError, cause_of, shown

if TYPE_CHECKING:
    import onnxruntime

CARD_NAME = 'card.yaml'
MODEL_NAME = 'model.onnx'
LARGEST = 1e38
"""Of the numbers of a card."""

WEIGHTS_FOLDER = Path(emotion_models.__file__).parent / 'weights'


class ArtefactError(ValueError):
    """A model folder that is missing, damaged or unfit for its use; says what to do."""


@dataclass(frozen=True)
class Artefact:
    """
    One model folder whose file matches its card.

    Args:
        folder: where `model.onnx` and `card.yaml` lie.
        card: the card as a mapping, see docs/models.md.
    """

    folder: Path
    card: dict[str, Any]

    @property
    def name(self) -> str:
        """Name of the folder; a shipped network of several, MODEL/NETWORK."""
        if WEIGHTS_FOLDER in self.folder.parents:
            return self.folder.relative_to(WEIGHTS_FOLDER).as_posix()
        return self.folder.name

    @property
    def model_path(self) -> Path:
        """The ONNX file."""
        return self.folder / MODEL_NAME

    def open_session(self, threads: int = 1) -> 'onnxruntime.InferenceSession':
        """
        A CPU session of the model.

        Args:
            threads: threads of one run, >= 1.

        Raises:
            ArtefactError: if onnxruntime cannot read the file, or its inputs and outputs are not
                those of the card.
        """
        session = open_onnx(self.model_path, threads)
        for kind, found in (('inputs', session.get_inputs()), ('outputs', session.get_outputs())):
            expected = [entry['name'] for entry in self.card[kind]]
            names = [entry.name for entry in found]
            if names != expected:
                raise ArtefactError(
                    f'{self.model_path} has the {kind} {names}, its card says {shown(expected)}; '
                    'correct the names and their order in the card'
                )
        return session


def open_onnx(path: Path, threads: int = 1) -> 'onnxruntime.InferenceSession':
    """
    A CPU session of an ONNX file that keeps to `threads` threads and does not spin.

    Raises:
        ArtefactError: if onnxruntime cannot read the file, or is not installed.
        ValueError: if `threads` is below 1.
    """
    if threads < 1:
        raise ValueError(f'threads must be >= 1, got {threads}')
    try:
        import onnxruntime
    except ModuleNotFoundError as error:
        raise ArtefactError(f'{what_to_install(error)}; it runs {path}') from error
    # Others in this process may have imported it before this package could speak (__init__.py).
    onnxruntime.disable_telemetry_events()
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    options.inter_op_num_threads = 1
    options.log_severity_level = 3
    options.add_session_config_entry('session.intra_op.allow_spinning', '0')
    try:
        return onnxruntime.InferenceSession(
            path.read_bytes(), sess_options=options, providers=['CPUExecutionProvider']
        )
    except Exception as error:  # onnxruntime raises a class of its own for every kind of failure
        cause = str(error).splitlines()[0]
        raise ArtefactError(f'onnxruntime cannot read {path}: {cause}') from error


def load_artefact(model: str | Path) -> Artefact:
    """
    The model folder of a shipped name or at a path, its file checked against its card.

    Args:
        model: name of a shipped model (`affect`) or path of a folder.

    Raises:
        ArtefactError: if there is no such model, or its card or file is missing or damaged.
    """
    folder = _find_folder(model)
    card = _read_card(folder / CARD_NAME)
    model_path = folder / MODEL_NAME
    if not model_path.is_file():
        raise ArtefactError(f'{folder} has a card but no {MODEL_NAME}; copy the folder again')
    found = file_digest(model_path)
    if found != card['sha256']:
        raise ArtefactError(
            f'{model_path} has the SHA-256 {found}, its card says {shown(card["sha256"])}; '
            'the file is damaged or not the one of this card: copy the folder again'
        )
    return Artefact(folder, card)


def list_artefacts() -> list[Artefact]:
    """All shipped models, by name; of those of several networks each one."""
    return [load_artefact(folder) for folder in _shipped_folders()]


def write_card(folder: Path, card: dict[str, Any]) -> None:
    """Write `card.yaml` beside the model in `folder`, with the SHA-256 of its file."""
    sealed = {**card, 'sha256': file_digest(folder / MODEL_NAME)}
    text = yaml.dump(sealed, Dumper=_CardDumper, sort_keys=False, allow_unicode=True, width=99)
    (folder / CARD_NAME).write_text(text, encoding='utf-8')


def is_number(value: Any) -> bool:
    """Whether an entry of a card is a number that single precision can hold."""
    # Huge whole numbers can be compared, but not made floats; a comparison with NaN is false.
    return type(value) in (int, float) and abs(value) <= LARGEST


def file_digest(path: Path) -> str:
    """SHA-256 of a file, in hexadecimal."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


def _find_folder(model: str | Path) -> Path:
    for folder in (Path(model), WEIGHTS_FOLDER / str(model)):
        if (folder / CARD_NAME).is_file():
            return folder.absolute()
    shipped = ', '.join(
        folder.relative_to(WEIGHTS_FOLDER).as_posix() for folder in _shipped_folders()
    )
    raise ArtefactError(
        f'no model {str(model)!r}: expected a folder with {CARD_NAME} and {MODEL_NAME}, '
        f'or one of the shipped names ({shipped or "none"})'
    )


def _shipped_folders() -> list[Path]:
    return sorted(card.parent for card in WEIGHTS_FOLDER.rglob(CARD_NAME))


def _read_card(path: Path) -> dict[str, Any]:
    try:
        card = read_yaml(path, _CardLoader)
    except _WrittenTwice as error:
        raise ArtefactError(f'{path}: {error}') from None
    except FileError as error:
        raise ArtefactError(str(error)) from None
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        raise ArtefactError(f'{path} is not YAML: {cause_of(error)}') from error
    required = {'inputs', 'outputs', 'sha256'}
    missing = required - set(card) if isinstance(card, dict) else required
    if missing:
        raise ArtefactError(f'{path} lacks {", ".join(sorted(missing))}; see docs/models.md')
    for kind in ('inputs', 'outputs'):
        _check_entries(path, kind, card[kind])
    return card


def _check_entries(path: Path, kind: str, entries: Any) -> None:
    if not isinstance(entries, list) or not entries:
        raise ArtefactError(
            f'{path}: {kind} must be a list, got {shown(entries)}; see docs/models.md'
        )
    for entry in entries:
        is_named = isinstance(entry, dict) and isinstance(entry.get('name'), str)
        columns = entry.get('columns', []) if is_named else None
        if not isinstance(columns, list) or not all(isinstance(name, str) for name in columns):
            raise ArtefactError(
                f'{path}: each of the {kind} has a name and perhaps columns, a list of names; '
                f'got {shown(entry)}; see docs/models.md'
            )


class _CardDumper(yaml.SafeDumper):
    """Writes lists of numbers on lines, not each number on its own."""

    def represent_sequence(self, tag: str, sequence: Any, flow_style: Any = None) -> yaml.Node:
        is_row = bool(sequence) and all(is_number(value) for value in sequence)
        return super().represent_sequence(tag, sequence, True if is_row else flow_style)


class _WrittenTwice(yaml.YAMLError):
    pass


class _CardLoader(LimitedLoader):
    """Refuses a key that is written twice, of which YAML would drop the first."""

    def compose_mapping_node(self, anchor: str | None) -> yaml.MappingNode:
        node = super().compose_mapping_node(anchor)
        lines: dict[str, int] = {}
        for key in (key for key, _ in node.value if isinstance(key, yaml.ScalarNode)):
            line = key.start_mark.line + 1
            if key.value in lines:
                raise _WrittenTwice(
                    f'{key.value} is written twice, in lines {lines[key.value]} and {line}; '
                    'keep one of them'
                )
            lines[key.value] = line
        return node
