# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
import numpy as np
import pytest
from matplotlib.collections import LineCollection
from matplotlib.colors import to_rgb
from PIL import Image

from emotion_models.acai.plots.curves import plot_smoothness, plot_transitions
from emotion_models.acai.plots.images import plot_images
from emotion_models.acai.plots.losses import plot_losses, read_history
from emotion_models.acai.plots.pairs import choose_pairs, plot_pairs
from emotion_models.acai.plots.skeletons import animate, plot_codes, plot_strip, project
from emotion_models.acai.plots.sweeps import plot_sweep, sweep_markdown
from emotion_models.data.drawn_lines import draw_lines
from emotion_models.data.generated_poses import generate_poses
from emotion_models.data.poses import BONES, JOINTS
from emotion_models.figures.palette import BLUE, RED

POSES = generate_poses(24, seed=0).positions


def texts(figure):
    return [text.get_text() for axes in figure.axes for text in axes.texts]


def bodies(figure):
    return [c for c in figure.axes[0].collections if isinstance(c, LineCollection)]


def test_viewer_sees_a_body_upright_and_its_left_on_the_right():
    right, up, near = np.moveaxis(project(POSES[:1])[0], -1, 0)
    joint = {name: number for number, name in enumerate(JOINTS)}

    assert up[joint['thorax']] > up[joint['hip']] > max(up[joint['lfoot']], up[joint['rfoot']])
    assert right[joint['lhip']] > right[joint['rhip']]
    ahead, level = project(POSES[[0, 0]] + [[[0, 0, 0.3]], [[0, 0, 0]]])
    assert (ahead[:, 2] > level[:, 2]).all()
    assert near.shape == (17,)


def test_bones_keep_their_lengths_in_view():
    ends = project(POSES)[:, np.array(BONES)]
    seen = np.linalg.norm(ends[:, :, 0] - ends[:, :, 1], axis=-1)
    ends = POSES[:, np.array(BONES)]
    np.testing.assert_allclose(seen, np.linalg.norm(ends[:, :, 0] - ends[:, :, 1], axis=-1), 1e-5)


def test_strip_shows_every_pose_in_colours_of_its_sides():
    figure = plot_strip({'plain': POSES[:5], 'ACAI': POSES[5:10]}, 'two models')

    assert len(bodies(figure)) == 10
    assert figure.axes[0].get_aspect() == 1
    shown = texts(figure)
    assert {'plain', 'ACAI', '0', '0.25', '0.5', '1', 'x', 'y', 'z'} <= set(shown)
    redness = np.subtract(*bodies(figure)[0].get_colors()[:, [0, 2]].T)
    assert ((redness > 0.15).sum(), (redness < -0.15).sum()) == (6, 6)  # right and left bones


def test_codes_fill_whole_rows():
    assert len(bodies(plot_codes(POSES, columns=10))) == 20


def test_pairs_have_both_originals_and_what_they_decode_to():
    figure = plot_pairs(POSES[:4].reshape(2, 2, 17, 3), POSES[:10].reshape(2, 5, 17, 3))
    columns = ['A', 'A decoded', '0.25', '0.5', '0.75', 'B decoded', 'B']
    assert texts(figure)[4:] == ['pair 1', 'pair 2', *columns]  # after those of the directions
    assert len(bodies(figure)) == 14


@pytest.mark.parametrize('kind', ['uniform', 'random'])
def test_no_pose_is_chosen_twice(kind):
    pairs = choose_pairs(10, 40, kind, seed=3)
    assert pairs.shape == (10, 2)
    assert len(np.unique(pairs)) == 20
    np.testing.assert_array_equal(pairs, choose_pairs(10, 40, kind, seed=3))


def test_uniform_pairs_are_spread_over_the_data():
    np.testing.assert_array_equal(choose_pairs(2, 10), [[0, 6], [3, 9]])
    with pytest.raises(ValueError, match='5 pairs need 10 samples and kind uniform or random'):
        choose_pairs(5, 9)


def test_animation_goes_there_and_back(tmp_path):
    path = tmp_path / 'two.gif'
    animate(path, {'plain': POSES[:3], 'ACAI': POSES[3:6]}, rate_hz=10)

    with Image.open(path) as animation:
        lasting, pictures = [], []
        for frame in range(animation.n_frames):
            animation.seek(frame)
            lasting.append(animation.info['duration'])
            pictures.append(np.asarray(animation.convert('RGB')))
    # Frames that are alike are stored as one that lasts longer.
    assert sum(lasting) == 100 * (6 + 3 + 6 + 3)
    assert len(pictures) == 5
    np.testing.assert_array_equal(pictures[1], pictures[3])
    assert (pictures[0] != pictures[2]).any()


@pytest.mark.parametrize('rows', [{'a': POSES[:3], 'b': POSES[:4]}, {'a': np.zeros((3, 5, 3))}])
def test_poses_that_do_not_fit_are_refused(rows):
    with pytest.raises(ValueError, match='every row needs|poses must be'):
        plot_strip(rows)


def test_smoothness_is_blue_for_the_least_weight_and_red_for_the_greatest():
    figure = plot_smoothness({1.0: np.ones(9), 0.0: np.ones((3, 9)), 0.1: np.ones(9)}, 'd = 8')
    axes = figure.axes[0]
    curves = [line for line in axes.lines if line.get_label().startswith('λ')]

    assert [line.get_label() for line in curves] == ['λ = 0', 'λ = 0.1', 'λ = 1']
    np.testing.assert_allclose(curves[0].get_color()[:3], to_rgb(BLUE))
    np.testing.assert_allclose(curves[-1].get_color()[:3], to_rgb(RED))
    assert list(curves[0].get_xdata()) == list(range(1, 10))
    assert axes.get_xlabel() == 'step of the interpolation'
    assert 'normalised change' in axes.get_ylabel()
    assert len(axes.collections) == 1  # a band where there are several seeds


def test_single_pairs_share_one_scale_and_show_their_mean():
    changes = np.random.default_rng(0).uniform(0.5, 1.5, (200, 20))
    figure = plot_transitions({'λ = 0': changes, 'λ = 0.1': 2 * changes})
    first, second = figure.axes
    assert first.get_ylim() == second.get_ylim()
    curves = [line.get_ydata() for line in second.lines if len(line.get_ydata()) == 20]
    np.testing.assert_allclose(curves[-1], 2 * changes.mean(0))


def test_losses_are_read_from_the_table_of_a_run(tmp_path):
    path = tmp_path / 'metrics.csv'
    path.write_text(
        'epoch,step,train_critic_loss,val_critic_loss,val_critic_loss_baseline,val_mpjpe_mm\n'
        '0,10,0.05,,,\n0,10,,0.06,0.052083,300\n1,20,0.04,,,\n1,20,,0.07,0.052083,200\n'
    )
    history = read_history(path)
    np.testing.assert_array_equal(history['critic_loss']['train'], [[0, 1], [0.05, 0.04]])
    np.testing.assert_array_equal(history['mpjpe_mm']['val'], [[0, 1], [300, 200]])

    figure = plot_losses(history)
    critic, mpjpe = figure.axes
    labels = [text.get_text() for text in critic.get_legend().get_texts()]
    assert labels == ['training', 'held out', 'constant answer']
    assert mpjpe.get_title() == 'mpjpe mm'


def test_table_of_something_else_is_no_history(tmp_path):
    path = tmp_path / 'sweep.csv'
    path.write_text('latent,weight\n8,0\n')
    with pytest.raises(ValueError, match='no column epoch'):
        read_history(path)


ROWS = [
    {'latent': d, 'weight': w, 'seed': s, 'anci': 1 + w + 0.1 * s, 'mpjpe_mm': 30.0 + s}
    for d in (8, 16)
    for w in (0.0, 0.1)
    for s in range(3)
]


def test_sweep_table_has_a_column_per_weight_and_a_table_per_size():
    table = sweep_markdown(ROWS)
    assert table.startswith('Latent size 8, 3 seeds:\n\n| λ | 0 | 0.1 |\n| --- | ---: | ---: |\n')
    assert '| ANCI | 1.100 ± 0.248 | 1.200 ± 0.248 |' in table
    assert '| reconstruction error, mm | 31.0 ± 2.5 | 31.0 ± 2.5 |' in table
    assert 'recall' not in table
    assert table.count('Latent size') == 2
    assert '| ANCI | 1.000 |' in sweep_markdown(ROWS[:1])


def test_sweep_figure_has_a_panel_per_metric_and_a_line_per_size():
    figure = plot_sweep(ROWS)
    shown = [axes for axes in figure.axes if axes.axison]
    assert [axes.get_title() for axes in shown] == ['reconstruction error, mm', 'ANCI']
    np.testing.assert_allclose(shown[1].lines[1].get_ydata(), [1.1, 1.2])


def test_images_of_several_pairs_stand_under_the_name_of_their_model():
    lines = draw_lines(np.linspace(0, 2, 16))
    figure = plot_images({'one': lines, 'two': np.stack([lines, -lines])}, 'lines')
    one, two = (axes.images[0].get_array() for axes in figure.axes)
    assert two.shape[0] == 2 * one.shape[0] + 2
    np.testing.assert_array_equal(two[34:66, :32], -lines[0])


@pytest.mark.parametrize('name', ['strip', 'codes', 'curves', 'sweep', 'images'])
def test_every_figure_can_be_saved(name, tmp_path):
    figures = {
        'strip': lambda: plot_strip({'': POSES[:4]}),
        'codes': lambda: plot_codes(POSES, 4),
        'curves': lambda: plot_transitions({'one': np.ones((3, 5))}),
        'sweep': lambda: plot_sweep(ROWS, 'sweep'),
        'images': lambda: plot_images({'': draw_lines([0, 1])}),
    }
    path = tmp_path / f'{name}.png'
    figures[name]().savefig(path, dpi=60)
    assert np.asarray(Image.open(path)).std() > 1
