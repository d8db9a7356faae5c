// Copyright 2026 The emotion_agent authors
// SPDX-License-Identifier: Apache-2.0
// Courses over time.

import {make, setColour} from './dom.js';
import {pieces} from './history.js';
import {clockText, two} from './words.js';

export class Course {
  /**
   * @param canvas its size is that of the style sheet
   * @param legend element for the names, null = none
   * @param low    least value shown
   * @param high   largest
   */
  constructor(canvas, legend, low, high) {
    Object.assign(this, {canvas, legend, low, high, lines: [], at: null});
    new ResizeObserver(() => this._redraw()).observe(canvas);
    matchMedia('(prefers-color-scheme: dark)').addEventListener('change', () => this._redraw());
    canvas.addEventListener('pointermove', event => this._point(event.offsetX));
    canvas.addEventListener('pointerleave', () => this._point(null));
  }

  /** Set the lines: [{name, colour (a value or variable of CSS), dashed, value(sample)}]. */
  setLines(lines) {
    this.lines = lines.map(line => ({...line, swatch: make('i')}));
    this.legend?.replaceChildren(...this.lines.map(line => {
      const name = make('span', {class: line.dashed ? 'line dashed' : 'line'}, line.swatch, line.name);
      setColour(name, line.colour.startsWith('--') ? `var(${line.colour})` : line.colour);
      return name;
    }));
    this._redraw();
  }

  /** Draw samples from one time to another. `marks`: times with a line down. */
  show(samples, from, to, marks = []) {
    this._shown = [samples, from, to, marks];
    const {width, height, pen} = this._sheet(), ink = getComputedStyle(this.canvas);
    const x = t => (t - from) / (to - from) * width;
    const y = value => 2 + (this.high - value) / (this.high - this.low) * (height - 4);
    pen.clearRect(0, 0, width, height);
    pen.lineWidth = 1;
    pen.strokeStyle = ink.getPropertyValue('--line');
    pen.fillStyle = ink.getPropertyValue('--soft');
    pen.font = `11px ${ink.fontFamily}`;
    for (const level of [this.low, (this.low + this.high) / 2, this.high]) {
      stroke(pen, [[0, y(level)], [width, y(level)]]);
      pen.fillText(String(level).replace('-', '−'), 0, y(level) + (level === this.high ? 12 : -3));
    }
    for (const t of marks) stroke(pen, [[x(t), 0], [x(t), height]]);
    pen.lineWidth = 1.75;
    pen.lineJoin = 'round';
    for (const line of this.lines) {
      pen.strokeStyle = line.colour.startsWith('--')
        ? ink.getPropertyValue(line.colour) : line.colour;
      pen.setLineDash(line.dashed ? [4, 3] : []);
      for (const piece of pieces(samples, line.value)) {
        stroke(pen, piece.map(([t, value]) => [x(t), y(value)]));
      }
    }
    pen.setLineDash([]);
    this._read(pen, ink, width, height);
  }

  _redraw() {
    if (this._shown) this.show(...this._shown);
  }

  _point(at) {
    this.at = at;
    this._redraw();
  }

  // The values under the pointer.
  _read(pen, ink, width, height) {
    if (this.at === null || !this._shown) return;
    const [samples, from, to] = this._shown, t = from + this.at / width * (to - from);
    const near = samples.reduce((best, sample) =>
      (Math.abs(sample.t - t) < Math.abs((best?.t ?? Infinity) - t) ? sample : best), null);
    if (near === null || Math.abs(near.t - t) > (to - from) / 20) return;
    const texts = [clockText(near.t), ...this.lines
      .filter(line => typeof line.value(near) === 'number')
      .map(line => `${line.name} ${two(line.value(near))}`)];
    pen.strokeStyle = ink.getPropertyValue('--soft');
    pen.lineWidth = 1;
    stroke(pen, [[this.at, 0], [this.at, height]]);
    pen.font = `12px ${ink.fontFamily}`;
    const wide = Math.max(...texts.map(text => pen.measureText(text).width)) + 12;
    const left = this.at + wide + 8 < width ? this.at + 8 : this.at - wide - 8;
    pen.fillStyle = ink.getPropertyValue('--card');
    pen.globalAlpha = 0.9;
    pen.fillRect(left, 2, wide, Math.min(height - 4, 15 * texts.length + 6));
    pen.globalAlpha = 1;
    pen.fillStyle = ink.getPropertyValue('--ink');
    texts.forEach((text, row) => pen.fillText(text, left + 6, 16 + 15 * row));
  }

  // The canvas with a pixel for each of the screen, and coordinates as in the style sheet.
  _sheet() {
    const {clientWidth: width, clientHeight: height} = this.canvas, ratio = devicePixelRatio;
    const [wide, high] = [Math.round(width * ratio), Math.round(height * ratio)];
    if (this.canvas.width !== wide || this.canvas.height !== high) {
      this.canvas.width = wide;
      this.canvas.height = high;
    }
    const pen = this.canvas.getContext('2d');
    pen.setTransform(ratio, 0, 0, ratio, 0, 0);
    return {width, height, pen};
  }
}

function stroke(pen, points) {
  pen.beginPath();
  for (const [x, y] of points) pen.lineTo(x, y);
  pen.stroke();
}
