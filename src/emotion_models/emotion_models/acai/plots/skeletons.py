# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""Skeletons on a floor, viewed from the front, slightly from the side and from above."""

from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.collections import LineCollection
from matplotlib.colors import to_rgb
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Ellipse

from emotion_models.data.poses import BONES, JOINTS
from emotion_models.figures.gif import save_gif
from emotion_models.figures.palette import BLUE, FAINT, INK, ORANGE

TURN_DEG, LIFT_DEG = -30, 12
"""Turn of the body about its vertical axis, and elevation of the view."""
FLOOR_M = 0.3
"""Radius of the disc that a body stands on."""
FOG_M = 1.2
"""What is this much farther away than the nearest part fades by a half."""
INCHES_PER_M = 0.7
MARGIN_M = 0.6
"""Left of the bodies, for the names of the rows and the axes."""
AXIS_M = 0.2
HOLD = 6
"""Frames that an animation rests at either end."""

LEFT, RIGHT, MIDDLE = BLUE, ORANGE, '#4a5568'
SIDES = {'its left': LEFT, 'its right': RIGHT, 'trunk and head': MIDDLE}


def plot_strip(
    rows: Mapping[str, np.ndarray], title: str = '', labels: Sequence[str] | None = None
) -> Figure:
    """
    Interpolations, one in a row, pose by pose.

    Args:
        rows: poses (T, 17, 3) in metres, y up, by the name of the row; the same number in each.
        title: of the figure.
        labels: of the columns; by default the share of the second end, from 0 to 1.

    Raises:
        ValueError: for poses of another shape, or rows of unequal length.
    """
    poses = _stacked(rows)
    if labels is None:
        labels = [f'{share:.2g}' for share in np.linspace(0, 1, poses.shape[1])]
    return plot_grid(poses, list(rows), labels, title)


def plot_codes(poses: np.ndarray, columns: int = 10, title: str = '') -> Figure:
    """What random codes decode to: poses (N, 17, 3), in as many full rows as they make."""
    rows = len(poses) // columns
    grid = np.asarray(poses)[: rows * columns].reshape(rows, columns, *np.shape(poses)[1:])
    return plot_grid(grid, title=title)


def plot_grid(
    poses: np.ndarray, rows: Sequence[str] = (), columns: Sequence[str] = (), title: str = ''
) -> Figure:
    """
    Poses in rows and columns, all to one scale.

    Args:
        poses: metres, y up, shape (R, C, 17, 3).
        rows: names, R of them or none.
        columns: labels, C of them or none.
        title: of the figure.

    Raises:
        ValueError: for poses of another shape.
    """
    bodies = project(_checked(poses))
    width, height = _cell(bodies)
    figure, axes = _make_axes(bodies.shape[1] * width, bodies.shape[0] * height, title)
    for row, column in np.ndindex(bodies.shape[:2]):
        place = ((column + 0.5) * width, (bodies.shape[0] - 1 - row) * height)
        _draw_floor(axes, place)
        _draw_body(axes, bodies[row, column], place)
    for row, name in enumerate(rows):
        at = (bodies.shape[0] - row - 0.5) * height
        axes.text(-0.12, at, name, rotation=90, va='center', ha='right', fontsize=8, color=INK)
    for column, label in enumerate(columns):
        axes.text(
            (column + 0.5) * width, -0.2, label, ha='center', va='top', fontsize=9, color=INK
        )
    return figure


def animate(
    path: str | Path, rows: Mapping[str, np.ndarray], title: str = '', rate_hz: float = 15
) -> None:
    """
    A GIF of interpolations side by side, to the end and back, with both ends as shadows.

    Args:
        path: of the animation.
        rows: poses (T, 17, 3) in metres, y up, by name; the same number in each.
        title: above them.
        rate_hz: poses a second.

    Raises:
        ValueError: for poses of another shape, or of unequal numbers.
    """
    bodies = project(_checked(_stacked(rows)))
    there = [_animation_frame(bodies, step, list(rows), title) for step in range(bodies.shape[1])]
    save_gif(path, [*[there[0]] * HOLD, *there, *[there[-1]] * HOLD, *there[::-1]], rate_hz)


def project(poses: np.ndarray) -> np.ndarray:
    """
    What a distant viewer sees of poses whose lowest joint stands on the floor.

    Args:
        poses: x to the body's left, y up, z forwards, metres, shape (..., 17, 3).

    Returns:
        To the right, up, and toward the viewer, same shape; 0 is on the floor, under the hip.
    """
    x, y, z = np.moveaxis(np.asarray(poses, float), -1, 0)
    return _seen(x, y - y.min(-1, keepdims=True), z)


def _seen(x, y, z) -> np.ndarray:
    turn, lift = np.radians((TURN_DEG, LIFT_DEG))
    right, front = x * np.cos(turn) + z * np.sin(turn), z * np.cos(turn) - x * np.sin(turn)
    up, near = y * np.cos(lift) - front * np.sin(lift), y * np.sin(lift) + front * np.cos(lift)
    return np.stack([right, up, near], -1)


def _cell(bodies: np.ndarray) -> tuple[float, float]:
    """Width and height that every body fits into, with its place in the middle."""
    right = np.abs(bodies[..., 0]).max()
    return 2 * max(right, FLOOR_M) + 0.08, bodies[..., 1].max() + 0.22


def _make_axes(width: float, height: float, title: str) -> tuple[Figure, Axes]:
    """Axes in metres without a frame, with the directions and the meaning of the colours."""
    low, high = -0.5, height + 0.05
    size = np.array([width + MARGIN_M, high - low]) * INCHES_PER_M
    figure = Figure(figsize=(max(size[0], 4.5), size[1] + 0.6), layout='constrained')
    axes = figure.subplots()
    axes.set(xlim=(-MARGIN_M, width), ylim=(low, high), aspect='equal')
    axes.axis('off')
    if title:
        figure.suptitle(title, fontsize=11, color=INK)
    handles = [Line2D([], [], color=colour, lw=2.5, label=name) for name, colour in SIDES.items()]
    figure.legend(handles=handles, loc='outside lower center', ncols=3, frameon=False, fontsize=8)
    _draw_directions(axes)
    return figure, axes


def _draw_directions(axes: Axes) -> None:
    """The three directions of space and their scale."""
    origin = np.array([0.28 - MARGIN_M, -0.24])
    for name, direction in zip('xyz', AXIS_M * np.eye(3), strict=True):
        tip = _seen(*direction)[:2]
        axes.plot(*np.stack([origin, origin + tip], 1), color=INK, lw=1, solid_capstyle='round')
        at = origin + tip + 0.08 * tip / np.linalg.norm(tip)
        axes.text(at[0], at[1], name, ha='center', va='center', fontsize=7, color=INK)
    label = f'{100 * AXIS_M:g} cm each'
    axes.text(origin[0], -0.44, label, ha='center', va='center', fontsize=6.5, color=INK)


def _draw_floor(axes: Axes, place: tuple[float, float]) -> None:
    depth = FLOOR_M * np.sin(np.radians(LIFT_DEG))
    axes.add_patch(Ellipse(place, 2 * FLOOR_M, 2 * depth, color='#edf2f7', zorder=0))


def _draw_body(
    axes: Axes, body: np.ndarray, place: tuple[float, float], faint: bool = False
) -> None:
    bones = body[np.array(BONES)]  # (bones, 2, 3)
    depth = bones[..., 2].mean(1)
    order = np.argsort(depth)  # what is near is drawn last
    if faint:
        colours = np.array([to_rgb(FAINT)] * len(BONES))
    else:
        fog = np.clip(0.5 * (body[:, 2].max() - depth) / FOG_M, 0, 0.6)[:, None]
        colours = (1 - fog) * np.array([to_rgb(_side(bone)) for bone in BONES]) + fog
    lines = LineCollection(
        bones[order][..., :2] + place,
        colors=colours[order],
        linewidths=1.4 if faint else 2.2,
        capstyle='round',
        zorder=1 if faint else 2,
    )
    axes.add_collection(lines)


def _side(bone: tuple[int, int]) -> str:
    """The colour of a bone: the side of its outer joint."""
    name = JOINTS[bone[1]]
    return {'l': LEFT, 'r': RIGHT}.get(name[0], MIDDLE)


def _animation_frame(bodies: np.ndarray, step: int, names: list[str], title: str) -> np.ndarray:
    width, height = _cell(bodies)
    figure, axes = _make_axes(len(bodies) * width, height, title)
    figure.set_size_inches(1.6 * figure.get_size_inches())
    for row, path in enumerate(bodies):
        place = ((row + 0.5) * width, 0.0)
        _draw_floor(axes, place)
        for end in (path[0], path[-1]):
            _draw_body(axes, end, place, faint=True)
        _draw_body(axes, path[step], place)
        axes.text(place[0], -0.14, names[row], ha='center', va='top', color=INK)
    share = step / max(1, bodies.shape[1] - 1)
    axes.plot([0, len(bodies) * width], [-0.42, -0.42], color=FAINT, lw=2, solid_capstyle='round')
    axes.plot(share * len(bodies) * width, -0.42, 'o', color=INK, ms=6)
    canvas = FigureCanvasAgg(figure)
    canvas.draw()
    return np.asarray(canvas.buffer_rgba())[..., :3].copy()


def _stacked(rows: Mapping[str, np.ndarray]) -> np.ndarray:
    lengths = {name: len(poses) for name, poses in rows.items()}
    if len(set(lengths.values())) != 1:
        raise ValueError(f'every row needs as many poses as the others, got {lengths}')
    return _checked(np.stack([np.asarray(poses) for poses in rows.values()]))


def _checked(poses: np.ndarray) -> np.ndarray:
    poses = np.asarray(poses, float)
    if poses.ndim != 4 or poses.shape[2:] != (len(JOINTS), 3):
        raise ValueError(f'poses must be (rows, columns, {len(JOINTS)}, 3), got {poses.shape}')
    return poses
