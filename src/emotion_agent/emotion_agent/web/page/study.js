// Copyright 2026 The emotion_agent authors
// SPDX-License-Identifier: Apache-2.0
// The session and the script: what runs, and the buttons that change it.

import {byId, setOptions, setText} from './dom.js';
import {clockText, plain, spanText} from './words.js';

const STOP_MS = 4000;  // in which a second press stops a recording
const SCRIPT_WORDS = {playing: 'plays', paused: 'is paused', ended: 'has ended'};

export class Study {
  /** @param ask sends a request and tells what went wrong; resolves to whether it went well */
  constructor(ask) {
    this._ask = ask;
    this._status = null;
    this._on('session_start', 'submit', () => this._start());
    this._on('marker_form', 'submit', () => this._mark());
    this._on('session_stop', 'click', () => this._stop());
    this._on('script_form', 'submit', () => ask({do: 'play', name: byId('scripts').value}));
    this._on('script_pause', 'click', () => this._control(this._isPaused ? 'resume' : 'pause'));
    this._on('script_skip', 'click', () => this._control('skip'));
    this._on('script_stop', 'click', () => this._control('stop'));
    this._on('script_key', 'click', () => this._control('key', this._awaitedKey));
    this._on('temperament_form', 'submit',
      () => ask({do: 'temperament', name: byId('temperament').value}));
    this._on('reset', 'click', () => ask({do: 'reset'}));
    this.show({there: false});
  }

  /** Show a message `session`. */
  show(status) {
    this._status = status;
    const there = Boolean(status.there), runs = there && Boolean(status.session);
    byId('session_absent').hidden = there;
    byId('session_start').hidden = !there || runs;
    byId('session_running').hidden = !runs;
    byId('script').hidden = !there;
    setText(byId('session_participant'), status.participant || '–');
    setText(byId('session_condition'), status.condition || '–');
    setText(byId('session_folder'), status.folder || '–');
    byId('temperament_form').hidden = !there;
    setOptions(byId('temperament'), status.temperaments ?? []);
    setOptions(byId('scripts'), status.scripts ?? [], plain);
    this._showScript(status);
  }

  /** Show the temperament that was set. */
  showTemperament(name) {
    if ([...byId('temperament').options].some(option => option.value === name)) {
      byId('temperament').value = name;
    }
  }

  /** Show how long the session lasts, `t` = the time of the agent. */
  showTime(t) {
    const since = this._status.since;
    if (this._status.session && since) {
      setText(byId('session_since'), `${clockText(since)}, ${spanText(t - since)}`);
    }
  }

  get _isPaused() {
    return this._status.script_state === 'paused';
  }

  get _awaitedKey() {
    const words = this._status.waits_for ?? '';
    return words === 'any key' ? 'go on' : /^key (.+)$/.exec(words)?.[1] ?? '';
  }

  _showScript(status) {
    const {script, script_state: state, script_at_s: at, script_duration_s: duration} = status;
    const runs = Boolean(script) && state !== 'ended' && state !== '', key = this._awaitedKey;
    byId('script_running').hidden = !script;
    for (const id of ['script_pause', 'script_skip', 'script_stop']) byId(id).disabled = !runs;
    if (!script) return;
    byId('script_at').value = duration > 0 ? at / duration : 0;
    setText(byId('script_clock'), `${spanText(at)} of ${spanText(duration)}`);
    const doing = state === 'waiting' ? `waits for ${status.waits_for}` : SCRIPT_WORDS[state];
    setText(byId('script_state'), `${plain(script)} ${doing ?? ''}`);
    setText(byId('script_pause'), this._isPaused ? 'go on' : 'pause');
    byId('script_key').hidden = !(state === 'waiting' && key);
    setText(byId('script_key'), key);
  }

  async _start() {
    const [participant, condition, notes] = ['participant', 'condition', 'notes']
      .map(id => byId(id).value.trim());
    const keep_state = byId('keep_state').checked, button = byId('session_begin');
    button.disabled = true;  // it takes a moment
    if (await this._ask({do: 'start_session', participant, condition, notes, keep_state})) {
      byId('session_start').reset();
    }
    button.disabled = false;
  }

  async _mark() {
    const marker = byId('marker'), text = marker.value.trim();
    if (text && await this._ask({do: 'mark', text})) marker.value = '';
  }

  // A recording is stopped by a second press, so that none is ended by mistake.
  _stop() {
    const button = byId('session_stop');
    if (button.dataset.armed) {
      this._disarm(button);
      this._ask({do: 'stop_session'});
    } else {
      button.dataset.armed = 'yes';
      setText(button, 'stop recording: press again');
      this._armed = setTimeout(() => this._disarm(button), STOP_MS);
    }
  }

  _disarm(button) {
    clearTimeout(this._armed);
    delete button.dataset.armed;
    setText(button, 'stop recording');
  }

  _control(action, value = '') {
    this._ask({do: 'control', action, value});
  }

  _on(id, kind, call) {
    byId(id).addEventListener(kind, event => {
      event.preventDefault();
      call();
    });
  }
}
