# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""Who may import whom: the rooms of docs/architecture.md, read from the source files."""

import ast
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
SRC = ROOT / 'src'

MODELS_FLOORS = (
    {'cli'},
    {'affect', 'levasa', 'acai', 'sketch', 'vdsm', 'temporal'},
    {'training'},
    {'data'},
    {'nn'},
    {'runtime'},
    {'drawing'},
    {'figures'},
    {'metrics'},
    {'latent'},
    {'imaging'},
    {'labels'},
    {'programs'},
    {'limits'},
    {'reading'},
    {'missing'},
)
"""From the top down; rooms of one floor do not import each other."""

WITHOUT_TORCH = {'runtime', 'drawing', 'figures', 'metrics', 'latent', 'imaging', 'labels'}
TORCH = {'torch', 'torchmetrics', 'lightning', 'onnx'}
LOADED_LATE = {
    *('aiohttp', 'asyncio', 'av', 'h5py', 'http.server', 'luma.oled', 'matplotlib'),
    *('onnxruntime', 'pygame', 'scipy', 'skimage', 'torch'),
}
"""What takes longer to import than all of a node; a start waits for it."""
ROS = re.compile(
    r'rcl\w*|ament\w*|rosidl\w*|launch(_ros)?|rqt\w*|python_qt_binding|cv_bridge|\w+_(msgs|srvs|interfaces)'
)
PACKAGES = {
    'node_kit': set(),
    'emotion_models': set(),
    'oled_face': {'node_kit'},
    'emotion_agent': {'node_kit', 'emotion_models'},
}


def imported(file: Path, anywhere: bool = True) -> Iterator[str]:
    """All modules that a file imports, anywhere in it or as it is loaded, and the names taken."""
    tree = ast.parse(file.read_text(encoding='utf-8'))
    for node in ast.walk(tree) if anywhere else tree.body:
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert not node.level, f'{file}: relative import'
            yield from (f'{node.module}.{alias.name}' for alias in node.names)


def sources(package: str, *rooms: str) -> list[Path]:
    """The files of rooms of a package, or of all of it."""
    base = SRC / package / package
    folders = [base / room for room in rooms] if rooms else [base]
    files = [file for folder in folders for file in sorted(folder.rglob('*.py'))]
    assert files, f'no files in {folders}'
    return files


def room_of(file: Path, package: str) -> str:
    return file.relative_to(SRC / package / package).with_suffix('').parts[0]


@pytest.mark.parametrize('package', PACKAGES)
def test_packages_import_only_what_they_may(package):
    for file in sources(package):
        others = {name.partition('.')[0] for name in imported(file)} & (
            PACKAGES.keys() - {package}
        )
        assert others <= PACKAGES[package], f'{file} imports {others - PACKAGES[package]}'


def test_every_room_of_the_models_has_a_floor():
    rooms = {room_of(file, 'emotion_models') for file in sources('emotion_models')}

    assert rooms - {'__init__'} <= set.union(*MODELS_FLOORS)


def test_each_floor_of_the_models_imports_only_from_below():
    floor_of = {room: floor for floor, rooms in enumerate(MODELS_FLOORS) for room in rooms}
    wrong = []
    for file in sources('emotion_models'):
        room = room_of(file, 'emotion_models')
        for name in imported(file):
            parts = name.split('.')
            if parts[0] != 'emotion_models' or len(parts) < 2 or room in ('__init__', parts[1]):
                continue
            if floor_of[parts[1]] <= floor_of[room]:
                wrong.append(f'{file.relative_to(SRC)}: {name}')
    assert not wrong, '\n'.join(wrong)


def test_inference_never_imports_torch():
    for file in sources('emotion_models', *(WITHOUT_TORCH & existing_rooms())):
        found = TORCH & {name.partition('.')[0] for name in imported(file)}
        assert not found, f'{file} imports {found}'


def test_nodes_load_nothing_before_they_need_it():
    pytest.importorskip('rclpy')
    program = (
        'import sys; from emotion_agent.agent import CAMERA, NAMES, NODES, find;'
        '[find(NODES[name]) for name in (*NAMES, CAMERA)]; print(*sys.modules)'
    )

    loaded = subprocess.check_output([sys.executable, '-c', program], text=True).split()

    assert 'emotion_agent.nodes.camera' in loaded
    assert LOADED_LATE.isdisjoint(loaded)


def existing_rooms() -> set[str]:
    return {path.name for path in (SRC / 'emotion_models' / 'emotion_models').iterdir()}


@pytest.mark.parametrize(
    'room',
    ['logic', 'animation', 'neuromodulation', 'replay', 'export', 'launching', 'speaking'],
)
def test_what_the_agent_does_knows_no_ros(room):
    files = sources('emotion_agent', room)
    names = {name: file for file in files for name in imported(file)}
    names |= {name: file for file in loaded_with(files) for name in imported(file, anywhere=False)}

    found = {name: file for name, file in names.items() if ROS.fullmatch(name.partition('.')[0])}
    assert not found, f'{room} leads to {found}'


def loaded_with(files: list[Path]) -> set[Path]:
    """The files, and those of all our modules that are loaded as they are."""
    reached: set[Path] = set()
    waiting = list(files)
    while waiting:
        if (file := waiting.pop()) not in reached:
            reached.add(file)
            for name in imported(file, anywhere=False):
                waiting += [
                    path for module in module_and_parents(name) for path in files_of(module)
                ]
    return reached


def module_and_parents(name: str) -> list[str]:
    parts = name.split('.')
    return ['.'.join(parts[:count]) for count in range(1, len(parts) + 1)]


def files_of(module: str) -> list[Path]:
    """The file of one of our modules; none for what is no module."""
    if module.partition('.')[0] not in PACKAGES:
        return []
    base = SRC / module.partition('.')[0] / Path(*module.split('.'))
    return [path for path in (base.with_suffix('.py'), base / '__init__.py') if path.is_file()]


@pytest.mark.parametrize('package', ['emotion_agent', 'oled_face', 'node_kit'])
def test_rooms_do_not_import_each_other_in_a_circle(package):
    rooms: dict[str, set[str]] = {}
    for file in sources(package):
        names = (name.split('.') for name in imported(file))
        below = {parts[1] for parts in names if parts[0] == package and len(parts) > 1}
        rooms.setdefault(room_of(file, package), set()).update(below)
    rooms = {room: below & rooms.keys() - {room} for room, below in rooms.items()}
    while free := [room for room, below in rooms.items() if not below & rooms.keys()]:
        for room in free:
            del rooms[room]

    assert not rooms, f'a circle among {rooms}'
