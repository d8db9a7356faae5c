// Copyright 2026 The emotion_agent authors
// SPDX-License-Identifier: Apache-2.0
// What the last minute was like.

export const LENGTH_S = 60;
const STEP_S = 0.1;  // of samples closer in time than this only the newest is kept
const JUMP_S = 5;  // a hole as long is none to draw a line over

export class History {
  constructor() {
    this.samples = [];  // {t, valence, arousal, emotions, person: {valence, arousal} or null}
  }

  /** Add one; a time earlier than the last begins anew, as the clock was set back. */
  add(sample) {
    const {samples} = this, last = samples.at(-1);
    if (last && sample.t < last.t) this.clear();
    if (samples.length > 1 && sample.t - samples.at(-2).t < STEP_S) samples.pop();
    this.samples.push(sample);
    const first = this.samples.findIndex(({t}) => sample.t - t <= LENGTH_S + 1);
    if (first > 50) this.samples.splice(0, first);
  }

  clear() {
    this.samples = [];
  }
}

/** The pieces of a course without holes: value(sample) is null or undefined in a hole. */
export function* pieces(samples, value) {
  let piece = [];
  for (const sample of samples) {
    const at = value(sample), last = piece.at(-1);
    const isHole = at === null || at === undefined;
    if (piece.length && (isHole || sample.t - last[0] > JUMP_S)) {
      yield piece;
      piece = [];
    }
    if (!isHole) piece.push([sample.t, at]);
  }
  if (piece.length) yield piece;
}
