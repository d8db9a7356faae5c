// Copyright 2026 The emotion_agent authors
// SPDX-License-Identifier: Apache-2.0
// The connection to the server: it comes back by itself, and each request has its answer.

const FIRST_WAIT_MS = 500, LONGEST_WAIT_MS = 15000;
const PATIENCE_MS = 8000;  // with a server that does not answer at all
const FULL = 4429;  // close code: one page too many

export class Link {
  /**
   * @param hear called with each message
   * @param tell called with the state (connecting, open, lost, refused) and words for it
   */
  constructor(hear, tell) {
    this._hear = hear;
    this._tell = tell;
    this._asked = new Map();  // id -> resolve
    this._id = 0;
    this._waitMs = FIRST_WAIT_MS;
    this._token = takeToken();
    addEventListener('online', () => this._now());
    addEventListener('offline', () => this.drop());
    document.addEventListener('visibilitychange', () => document.hidden || this._now());
    this._open();
  }

  /** Ask for something; resolves to {ok, text}, also where nobody can answer. */
  ask(request) {
    if (this._socket.readyState !== WebSocket.OPEN) {
      return Promise.resolve({ok: false, text: 'not sent: there is no connection'});
    }
    const id = ++this._id;
    this._socket.send(JSON.stringify({...request, id}));
    return new Promise(resolve => this._asked.set(id, resolve));
  }

  /** Give up a connection on which nothing comes any more: a robot without power says no goodbye. */
  drop() {
    if (this._timer) return;
    const socket = this._socket;
    socket.onopen = socket.onmessage = socket.onclose = null;
    socket.close();
    this._lost('');
  }

  _open() {
    clearTimeout(this._timer);
    this._timer = null;
    this._tell('connecting', 'connecting …');
    const socket = new WebSocket(this._address().href.replace(/^http/, 'ws'));
    this._socket = socket;
    let wasOpen = false;
    const patience = setTimeout(() => this.drop(), PATIENCE_MS);
    socket.onopen = () => {
      wasOpen = true;
      clearTimeout(patience);
    };
    socket.onmessage = event => this._take(JSON.parse(event.data));
    socket.onclose = async event => {
      clearTimeout(patience);
      const why = event.code === FULL ? event.reason : wasOpen ? '' : await this._refusal();
      this._lost(why);
    };
  }

  _address() {
    const address = new URL('socket', location.href);
    if (this._token) address.searchParams.set('token', this._token);
    return address;
  }

  // Why there is no socket: a browser tells it of an ordinary request only. '' = no refusal.
  async _refusal() {
    try {
      const answer = await fetch(this._address(), {signal: AbortSignal.timeout(PATIENCE_MS)});
      return answer.status === 401 || answer.status === 403 ? await answer.text() : '';
    } catch {
      return '';
    }
  }

  _take(message) {
    if (message.type === 'hello') {  // the server takes us: only then is it well
      this._waitMs = FIRST_WAIT_MS;
      this._tell('open', 'connected');
    }
    if (message.type === 'answer') {
      this._asked.get(message.id)?.(message);
      this._asked.delete(message.id);
    } else this._hear(message);
  }

  _lost(refusal) {
    for (const resolve of this._asked.values()) {
      resolve({ok: false, text: 'not sure: the connection was lost before the answer'});
    }
    this._asked.clear();
    const waitMs = refusal ? LONGEST_WAIT_MS : this._waitMs * (0.8 + 0.4 * Math.random());
    this._waitMs = Math.min(2 * this._waitMs, LONGEST_WAIT_MS);
    clearTimeout(this._timer);
    this._timer = setTimeout(() => this._open(), waitMs);
    if (refusal) this._tell('refused', refusal.trim());
    else this._tell('lost', `connection lost, trying again in ${Math.ceil(waitMs / 1000)} s`);
  }

  _now() {
    if (this._timer) this._open();
  }
}

/** The token of the address, kept for this tab and taken off the address. */
function takeToken() {
  const address = new URL(location.href), given = address.searchParams.get('token');
  if (given !== null) {
    sessionStorage.setItem('token', given);
    address.searchParams.delete('token');
    history.replaceState(null, '', address);
  }
  return sessionStorage.getItem('token') ?? '';
}
