# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
import math
import re
from pathlib import Path

import pytest

from emotion_models.affect.peers import COLUMNS, read_peers

ROOT = Path(__file__).resolve().parents[3]
HEADINGS = ('source', *COLUMNS)
ROW = ('a paper', 'SmallNet', 'here, test', '0.8', '0.7', '2.5', 'here')


def write_page(path: Path, *rows: tuple[str, ...], headings: tuple[str, ...] = HEADINGS) -> Path:
    """A page with another table before the one with these headings and rows."""
    other = ['# Page', '| tried | gained |', '| --- | --- |', '| much | little |', '']
    table = [f'| {" | ".join(cells)} |' for cells in (headings, ['---'] * len(headings), *rows)]
    path.write_text('\n'.join([*other, *table, '', 'Words after it.', '| no | row |']))
    return path


def changed(column: str, cell: str) -> tuple[str, ...]:
    return tuple(cell if name == column else old for name, old in zip(HEADINGS, ROW, strict=True))


def test_each_row_is_a_peer(tmp_path):
    unknown = changed('mean recall', '–')
    page = write_page(tmp_path / 'page.md', ROW, unknown)

    first, second = read_peers(page, 'here')

    assert (first.name, first.protocol) == ('SmallNet', 'here, test')
    assert (first.accuracy, first.mean_recall, first.times_ours) == (0.8, 0.7, 2.5)
    assert second.accuracy == 0.8
    assert math.isnan(second.mean_recall)


@pytest.mark.parametrize(
    ('cell', 'seen', 'same'),
    [
        ('here', 'here', True),
        ('`here`', 'here', True),
        ('elsewhere, here', 'here', True),
        ('here', 'there', False),
        ('here', None, False),
        ('–', '–', False),
        ('', '', False),
    ],
)
def test_the_protocol_is_the_same_where_all_faces_of_a_named_data_set_were_seen(
    tmp_path, cell, seen, same
):
    page = write_page(tmp_path / 'page.md', changed('--data', cell))

    (peer,) = read_peers(page, seen)

    assert peer.same_protocol == same


@pytest.mark.parametrize(
    ('row', 'words'),
    [
        (changed('accuracy', '84.99'), 'accuracy of SmallNet must be a number from 0 to 1, or –'),
        (changed('accuracy', 'good'), "got 'good'"),
        (changed('mean recall', '-0.1'), 'mean recall of SmallNet must be'),
        (changed('mean recall', 'nan'), "got 'nan'"),
        (changed('times ours', '0'), "times ours of SmallNet must be a number > 0, got '0'"),
        (changed('times ours', '–'), "got '–'"),
        (changed('times ours', 'inf'), "got 'inf'"),
        (changed('network', ''), 'network is empty'),
        (changed('reported on', '–'), 'reported on is empty'),
        (ROW[:-1], f'expected {len(HEADINGS)} cells, got {len(HEADINGS) - 1}'),
    ],
)
def test_what_is_wrong_with_a_row_is_said_in_one_line(tmp_path, row, words):
    page = write_page(tmp_path / 'page.md', ROW, row)

    with pytest.raises(ValueError, match=re.escape(words)) as said:
        read_peers(page, 'here')

    assert str(said.value).startswith(f'{page}, line 9: ')
    assert '\n' not in str(said.value)


def test_a_row_without_any_figure_is_refused(tmp_path):
    cells = dict(zip(HEADINGS, ROW, strict=True)) | {'accuracy': '–', 'mean recall': '–'}
    page = write_page(tmp_path / 'page.md', tuple(cells.values()))

    with pytest.raises(ValueError, match='SmallNet has neither accuracy nor mean recall'):
        read_peers(page, 'here')


@pytest.mark.parametrize('missing', COLUMNS)
def test_a_page_without_the_table_says_which_columns_it_needs(tmp_path, missing):
    headings = tuple(name if name != missing else 'other' for name in HEADINGS)
    page = write_page(tmp_path / 'page.md', ROW, headings=headings)

    with pytest.raises(ValueError, match=f'expected a table with the columns .*{missing}'):
        read_peers(page, 'here')


def test_what_is_no_page_is_named(tmp_path):
    picture = tmp_path / 'picture.png'
    picture.write_bytes(b'\x89PNG\xff')

    with pytest.raises(FileNotFoundError, match=f'no page {tmp_path}; expected a text file'):
        read_peers(tmp_path, 'here')
    with pytest.raises(ValueError, match='picture.png: expected a table with the columns'):
        read_peers(picture, 'here')


def test_a_table_without_rows_is_refused(tmp_path):
    with pytest.raises(ValueError, match='line 6: the table of peers has no rows'):
        read_peers(write_page(tmp_path / 'page.md'), 'here')


def test_the_results_page_has_peers_on_the_same_faces_and_on_others():
    peers = read_peers(ROOT / 'docs' / 'results' / 'affect.md', 'fer2013plus')

    assert {peer.same_protocol for peer in peers} == {True, False}
    assert any(math.isfinite(peer.mean_recall) for peer in peers)
    assert len({peer.name for peer in peers}) == len(peers)
