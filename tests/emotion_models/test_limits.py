# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""Files that would take much more memory than they have bytes are refused before they are read."""

import io
import zipfile

import cv2
import numpy as np
import pytest
import yaml

from emotion_models import limits
from emotion_models.data.archives import load_array, load_arrays
from emotion_models.data.tables import read_table
from emotion_models.imaging.files import read_colour, read_grey
from emotion_models.limits import FileError, YamlLimit, check_arrays, read_yaml
from emotion_models.runtime.artefact import WEIGHTS_FOLDER, ArtefactError, load_artefact

LAUGHS = '\n'.join(
    ['a0: &a0 [ha, ha, ha, ha, ha, ha, ha, ha, ha, ha]']
    + [f'a{n}: &a{n} [{", ".join([f"*a{n - 1}"] * 10)}]' for n in range(1, 9)]
)


def claiming(shape, dtype='<f8', content=b''):
    """An array file of a few bytes that says that it has a shape."""
    file = io.BytesIO()
    header = {'descr': dtype, 'fortran_order': False, 'shape': shape}
    np.lib.format.write_array_header_1_0(file, header)
    return file.getvalue() + content


@pytest.mark.parametrize(
    'text', [LAUGHS, '[' * 500 + ']' * 500, 'a: ' * 3 + '{b: ' * 60 + '}' * 60]
)
def test_yaml_that_grows_is_refused_before_anything_is_made_of_it(tmp_path, text):
    file = tmp_path / 'file.yaml'
    file.write_text(text)

    with pytest.raises(yaml.YAMLError):
        read_yaml(file)


def test_yaml_whose_aliases_grow_is_refused_with_the_limit(tmp_path):
    file = tmp_path / 'file.yaml'
    file.write_text(LAUGHS)

    with pytest.raises(YamlLimit, match=f'more than {limits.YAML_NODES} values'):
        read_yaml(file)


def test_an_alias_as_it_is_commonly_used_is_read(tmp_path):
    file = tmp_path / 'file.yaml'
    file.write_text('a: &a {x: 1}\nb: {<<: *a, y: 2}\nc: [*a, *a]\n')

    assert read_yaml(file) == {'a': {'x': 1}, 'b': {'x': 1, 'y': 2}, 'c': [{'x': 1}, {'x': 1}]}


@pytest.mark.skipif(not yaml.__with_libyaml__, reason='this PyYAML has no parser in C')
@pytest.mark.parametrize('name', ['affect', 'sketch'])
def test_a_card_is_read_as_by_pyyaml_without_its_slow_scanner(monkeypatch, name):
    card = WEIGHTS_FOLDER / name / 'card.yaml'
    expected = yaml.safe_load(card.read_text(encoding='utf-8'))
    monkeypatch.delattr(yaml.scanner.Scanner, 'fetch_more_tokens')

    assert read_yaml(card) == expected


def test_a_file_of_yaml_may_only_be_so_long(tmp_path):
    file = tmp_path / 'file.yaml'
    file.write_text('# ' + 'x' * limits.YAML_BYTES)

    with pytest.raises(FileError, match=f'more than {limits.YAML_BYTES} bytes'):
        read_yaml(file)


def test_a_card_passes_the_limits_of_yaml(tmp_path):
    (tmp_path / 'card.yaml').write_text(LAUGHS)

    with pytest.raises(ArtefactError, match='values where its aliases are written out'):
        load_artefact(tmp_path)

    (tmp_path / 'card.yaml').write_text('# ' + 'x' * limits.YAML_BYTES)
    with pytest.raises(ArtefactError, match='bytes, which are the most'):
        load_artefact(tmp_path)


def test_arrays_that_say_more_than_the_file_has_are_refused(tmp_path):
    file = tmp_path / 'array.npy'
    file.write_bytes(claiming((10**12,)))
    with pytest.raises(FileError, match='says that it has 8000000000000 bytes; the file has'):
        load_array(file, 'numbers')

    archive = tmp_path / 'arrays.npz'
    with zipfile.ZipFile(archive, 'w') as members:
        members.writestr('faces.npy', claiming((10**6, 10**6), '|u1', bytes(100)))
    with pytest.raises(FileError, match='says that it has 1000000000000 bytes; the file has'):
        load_arrays(archive, 'faces')


def test_an_archive_that_is_large_when_unpacked_is_refused(tmp_path, monkeypatch):
    monkeypatch.setattr(limits, 'ARCHIVE_BYTES', 1_000_000)
    archive = tmp_path / 'arrays.npz'
    np.savez_compressed(archive, a=np.zeros(600_000, np.uint8), b=np.zeros(600_000, np.uint8))

    with pytest.raises(FileError, match='bytes when it is unpacked, at most 1000000 are read'):
        load_arrays(archive, 'faces')


@pytest.mark.parametrize('save', [np.savez, np.savez_compressed])
def test_arrays_of_every_kind_pass(tmp_path, save):
    arrays = {
        'a': np.zeros((3, 4)),
        'b': np.array(['x', 'yy']),
        'c': np.int8(1),
        'd': np.zeros((0, 2)),
    }
    save(tmp_path / 'arrays.npz', **arrays)
    np.save(tmp_path / 'array.npy', np.asfortranarray(np.ones((3, 2))))

    check_arrays(tmp_path / 'array.npy')
    assert load_arrays(tmp_path / 'arrays.npz', 'x').keys() == arrays.keys()


def test_a_table_may_only_be_so_long(tmp_path, monkeypatch):
    file = tmp_path / 'table.csv'
    file.write_text('a,b\n' + '1,2\n' * 100)
    assert len(read_table(file, 'numbers').rows) == 100

    monkeypatch.setattr('emotion_models.data.tables.TABLE_BYTES', 100)
    with pytest.raises(FileError, match='at most 100 are read'):
        read_table(file, 'numbers')


@pytest.mark.parametrize('read', [read_grey, read_colour])
def test_a_picture_file_that_claims_too_much_is_not_decoded(tmp_path, monkeypatch, read):
    data = bytearray(cv2.imencode('.png', np.zeros((8, 8), np.uint8))[1].tobytes())
    data[16:24] = (30_000).to_bytes(4, 'big') * 2
    file = tmp_path / 'bomb.png'
    file.write_bytes(data)
    monkeypatch.setattr(cv2, 'imdecode', lambda *_: pytest.fail('it was decoded'))

    with pytest.raises(FileError, match=r'bomb.png has 30000 x 30000 pixels; expected 1 to'):
        read(file)
