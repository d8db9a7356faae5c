// Copyright 2026 The emotion_agent authors
// SPDX-License-Identifier: Apache-2.0
// A point in a square by mouse, finger or arrow keys: x to the right, y upwards, [-1, 1].

const STEP = 0.05, LONG_STEP = 0.25;
const MOVES = {ArrowRight: [1, 0], ArrowLeft: [-1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1]};

export class Pad {
  /**
   * @param element  takes the focus and the pointer; its content box has a `margin` around ±1
   * @param margin   share of the half width by which the square is larger than ±1
   * @param describe (x, y) -> words for screen readers
   * @param move     called with (x, y)
   * @param end      called when the user lets go with Escape
   */
  constructor(element, {margin, describe, move, end}) {
    Object.assign(this, {element, margin, describe, move, end, x: 0, y: 0});
    this.isOn = true;
    element.setAttribute('aria-valuemin', -1);
    element.setAttribute('aria-valuemax', 1);
    element.setAttribute('aria-roledescription', 'slider in two directions');
    element.addEventListener('pointerdown', event => this._press(event));
    element.addEventListener('pointermove', event => this._drag(event));
    element.addEventListener('keydown', event => this._key(event));
    this.place(0, 0);
  }

  /** Note where the point is, without calling `move`. */
  place(x, y) {
    this.x = clipped(x);
    this.y = clipped(y);
    this.element.setAttribute('aria-valuenow', this.x.toFixed(2));
    this.element.setAttribute('aria-valuetext', this.describe(this.x, this.y));
  }

  _go(x, y) {
    this.place(x, y);
    this.move(this.x, this.y);
  }

  _press(event) {
    if (!this.isOn || event.button) return;
    this.element.setPointerCapture(event.pointerId);
    this._drag(event);
  }

  _drag(event) {
    if (!this.isOn || !this.element.hasPointerCapture(event.pointerId)) return;
    const box = this.element.getBoundingClientRect(), half = box.width / 2 / this.margin;
    this._go((event.clientX - box.left - box.width / 2) / half,
      (box.top + box.height / 2 - event.clientY) / half);
  }

  _key(event) {
    if (!this.isOn || event.ctrlKey || event.altKey || event.metaKey) return;
    const step = event.shiftKey ? LONG_STEP : STEP, way = MOVES[event.key];
    if (way) this._go(this.x + step * way[0], this.y + step * way[1]);
    else if (event.key === 'Home') this._go(0, 0);
    else if (event.key === 'Escape') this.end();
    else return;
    event.preventDefault();
  }
}

const clipped = value => Math.max(-1, Math.min(1, value));
