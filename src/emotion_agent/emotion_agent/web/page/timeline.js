// Copyright 2026 The emotion_agent authors
// SPDX-License-Identifier: Apache-2.0
// A recording: where it is, playing it, and moving in it.

import {byId, seldom, setText} from './dom.js';
import {Course} from './courses.js';
import {clockText, spanText} from './words.js';

const SEEK_MS = 60;

export class Timeline {
  /**
   * @param ask  sends a request
   * @param log  its entries are marked
   */
  constructor(ask, log) {
    this._log = log;
    this._runs = false;
    this._slider = byId('at');
    this._seek = seldom(SEEK_MS, t => ask({do: 'seek', t}));
    this._overview = new Course(byId('overview'), null, -1, 1);
    this._slider.addEventListener('input', () => this._seek(Number(this._slider.value)));
    byId('overview').addEventListener('click', event => {
      this.seek(this.start + event.offsetX / event.target.clientWidth * (this.end - this.start));
    });
    const run = () => ask(this._runs ? {do: 'stop'} : this._request());
    byId('run').addEventListener('click', run);
    byId('speed').addEventListener('change', () => this._runs && ask(this._request()));
    document.addEventListener('keydown', event => {
      if (event.key === 'k' && !event.target.closest('input:not([type=range]), textarea')) run();
    });
  }

  /** Begin with a recording from `start` to `end`. */
  open(start, end, lines) {
    Object.assign(this, {start, end, _samples: []});
    Object.assign(this._slider, {min: start, max: end, step: Math.min(0.1, (end - start) / 1000)});
    this._overview.setLines(lines);
    this.showTime(start, false);
  }

  seek(t) {
    this._seek(t);
  }

  /** Take the course of the whole recording: samples as in `History`. */
  showCourse(samples) {
    this._samples = samples;
    this.showTime(this._at, this._runs);
  }

  /** Show where the recording is, and whether it runs. */
  showTime(t, runs) {
    this._at = t;
    this._runs = runs;
    if (document.activeElement !== this._slider || runs) this._slider.value = t;
    const said = `${clockText(t)}, ${spanText(t - this.start)} of ${spanText(this.end - this.start)}`;
    this._slider.setAttribute('aria-valuetext', said);
    setText(byId('at_said'), said);
    setText(byId('run'), runs ? 'stop' : 'play');
    this._overview.show(this._samples, this.start, this.end, [t]);
    this._log.showTime(t);
  }

  _request() {
    return {do: 'run', speed: Number(byId('speed').value)};
  }
}
