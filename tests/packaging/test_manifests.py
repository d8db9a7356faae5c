# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""package.xml, setup.py and what lies beside them agree with the source and with each other."""

import ast
import re
from importlib import metadata

import pytest
from catkin_pkg.package import parse_package
from catkin_pkg.package_version import bump_version
from packaging.requirements import Requirement
from source_imports import SRC, imported_packages

PACKAGES = ('emotion_agent', 'emotion_models', 'emotion_msgs', 'node_kit', 'oled_face')
LIBRARIES = ('emotion_models', 'oled_face')

ROSDEP_KEYS = {
    'PIL': 'python3-pil',
    'aiohttp': 'python3-aiohttp',
    'cv2': 'python3-opencv',
    'matplotlib': 'python3-matplotlib',
    'numpy': 'python3-numpy',
    'onnxruntime': 'python3-onnxruntime-pip',
    'rosbags': 'python3-rosbags-pip',
    'smbus2': 'python3-smbus2',
    'tqdm': 'python3-tqdm',
    'yaml': 'python3-yaml',
}
"""
Python module -> key in rosdistro's rosdep/python.yaml.

Packages of ROS and of this repository have their own names.
"""

UNDECLARED = {
    'emotion_agent': {
        'apsw': 'comes with rosbags',
        'backports': 'comes with rosbags',
        'lz4': 'comes with rosbags',
        'pyarrow': 'only with export --parquet',
        'python_qt_binding': 'rqt: a robot needs no Qt (docs/rqt.md)',
        'rqt_gui': 'rqt',
        'rqt_gui_py': 'rqt',
        'hri_msgs': 'only with use_hri',
        'skimage': 'the photograph of the demo',
    },
    'emotion_models': dict.fromkeys(
        (
            *('av', 'h5py', 'jsonargparse', 'kaldi_native_fbank', 'lightning', 'onnx', 'scipy'),
            *('sklearn', 'threadpoolctl', 'torch', 'torchmetrics', 'tqdm'),
        ),
        'training (docs/training.md); several have no key',
    ),
    'node_kit': {
        'aiohttp': 'node_kit.web: whoever serves pages declares it',
        'cv_bridge': 'used where it is, replaced elsewhere',
    },
    'oled_face': {'luma': 'has no key (docs/hardware.md)', 'pygame': 'the output window'},
}
"""What is imported late, or where it is there, and not declared: why."""

NOT_IMPORTED = {
    'emotion_agent': {'oled_face': 'started by the launch files', 'ros2launch': 'the command'},
    'emotion_models': {},
    'node_kit': {},
    'oled_face': {},
}
"""What is declared and needed without an import: why."""

DISTRIBUTIONS = {
    'PIL': 'pillow',
    'cv2': 'opencv-python-headless',
    'kaldi_native_fbank': 'kaldi-native-fbank',
    'luma': 'luma.oled',
    'sklearn': 'scikit-learn',
    'yaml': 'pyyaml',
}
"""Python module -> name in the package index, where they differ."""
FROM_ROS = {'node_kit', 'rclpy', 'sensor_msgs', 'std_msgs', 'std_srvs'}
"""What only the node of a library imports, and of node_kit its page."""


def manifest(package: str):
    return parse_package(str(SRC / package))


@pytest.mark.parametrize('package', NOT_IMPORTED)
def test_every_import_is_declared_and_every_declaration_is_used(package):
    used = imported_packages(package)
    declared = {dependency.name for dependency in manifest(package).exec_depends}
    needed = {ROSDEP_KEYS.get(name, name) for name in used.keys() - UNDECLARED[package].keys()}

    assert needed - declared == set(), f'{package}: {used}'
    assert declared - needed == NOT_IMPORTED[package].keys()
    assert UNDECLARED[package].keys() <= used.keys(), 'no longer imported'


def test_every_package_of_the_cmake_file_is_declared():
    package = manifest('emotion_msgs')
    declared = {
        dependency.name
        for kind in ('buildtool_depends', 'build_depends', 'test_depends')
        for dependency in getattr(package, kind)
    }

    found = re.findall(
        r'find_package\((\w+)', (SRC / 'emotion_msgs' / 'CMakeLists.txt').read_text()
    )

    assert len(found) > 4
    assert set(found) <= declared


@pytest.mark.parametrize('package', PACKAGES)
def test_keys_of_pip_are_asked_for_only_where_pip_may_install(package):
    """Elsewhere rosdep would end at them, and bloom could not release the package."""
    for allowed in ('', '1'):
        description = manifest(package)
        description.evaluate_conditions({'PIP_BREAK_SYSTEM_PACKAGES': allowed})
        for dependency in description.exec_depends:
            is_of_pip = dependency.name.endswith('-pip')
            assert dependency.evaluated_condition == (not is_of_pip or bool(allowed))


@pytest.mark.parametrize('package', PACKAGES)
def test_a_package_can_be_released(package):
    description = manifest(package)
    changelog = (SRC / package / 'CHANGELOG.rst').read_text()
    bump_version(description.version)

    assert {url.type for url in description.urls} == {'website', 'repository', 'bugtracker'}
    assert description.maintainers
    assert description.test_depends
    assert re.match(rf'(\^+)\nChangelog for package {package}\n\1\n', changelog)
    assert re.search(r'^Forthcoming\n-----------\n(\* .+\n)+', changelog, re.MULTILINE)
    assert list((SRC / package / 'test').glob('test_*.py'))


@pytest.mark.parametrize('package', PACKAGES)
def test_licences_lie_in_the_package(package, repository):
    description = manifest(package)

    for licence in description.licenses:
        assert (SRC / package / licence.file).is_file()
    assert str(description.licenses[0]) == 'Apache-2.0'
    assert (SRC / package / 'LICENSE').read_text() == (repository / 'LICENSE').read_text()


def test_the_terms_of_every_shipped_model_are_said(repository):
    weights = SRC / 'emotion_models' / 'emotion_models' / 'weights'
    terms = (SRC / 'emotion_models' / 'LICENSE-weights').read_text()
    description = manifest('emotion_models')

    assert len(description.licenses) == 2
    assert 'FER2013' in description.description
    models = {card.relative_to(weights).parts[0] for card in weights.rglob('card.yaml')}
    assert models >= {'affect', 'sketch', 'vdsm_faces'}
    for model in models:
        assert re.search(rf'^{model}$', terms, re.MULTILINE)


@pytest.mark.parametrize('package', NOT_IMPORTED)
def test_setup_and_manifest_agree(package):
    description, installed = manifest(package), metadata.metadata(package)

    assert installed['Version'] == description.version
    assert installed['Maintainer'] == description.maintainers[0].name
    assert installed['Maintainer-email'] == description.maintainers[0].email
    assert installed['License'].startswith('Apache-2.0')


@pytest.mark.parametrize('package', LIBRARIES)
def test_every_import_of_a_library_is_a_requirement_or_in_an_extra(package):
    requirements = list(map(Requirement, metadata.requires(package) or ()))
    declared = {requirement.name.lower() for requirement in requirements}
    used = imported_packages(package, package)

    assert used.keys() >= {'cv2', 'numpy'}
    for name, files in used.items():
        if name in FROM_ROS and package == 'oled_face':
            page = {'oled_face/oled_face/views/web.py'} if name == 'node_kit' else set()
            assert files == {'oled_face/oled_face/node.py'} | page
        else:
            assert DISTRIBUTIONS.get(name, name) in declared, f'{name}: {files}'


def test_inference_needs_no_extra():
    required = {
        requirement.name.lower()
        for requirement in map(Requirement, metadata.requires('emotion_models') or ())
        if requirement.marker is None
    }
    for room in ('runtime', 'drawing', 'imaging', 'labels'):
        for name in imported_packages('emotion_models', f'emotion_models/{room}'):
            assert DISTRIBUTIONS.get(name, name) in required, f'{room} imports {name}'


def guarded_modules() -> list[str]:
    """Modules that do something by `python -m`."""
    return [
        str(file.relative_to(SRC))
        for package in PACKAGES
        for file in sorted((SRC / package / package).rglob('*.py'))
        if "__name__ == '__main__'" in file.read_text(encoding='utf-8')
    ]


@pytest.mark.parametrize('name', guarded_modules())
def test_a_module_that_can_be_run_imports_nothing_before_its_program(name):
    """Otherwise a package that is not installed is a traceback there."""
    body = ast.parse((SRC / name).read_text(encoding='utf-8')).body[1:]
    if isinstance(body[0], ast.ImportFrom) and body[0].module == '__future__':
        body = body[1:]

    assert isinstance(body[0], ast.If)
    assert ast.unparse(body[0].test) == "__name__ == '__main__'"
    assert not any(
        isinstance(node, ast.If) and '__main__' in ast.unparse(node) for node in body[1:]
    )
