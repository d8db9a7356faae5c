// Copyright 2026 The emotion_agent authors
// SPDX-License-Identifier: Apache-2.0
// The connection to the server: it comes back by itself, and each request has its answer.

const FIRST_WAIT_MS = 500, LONGEST_WAIT_MS = 15000;
const REFUSALS = {  // close code of the server -> what to tell
  4401: 'the token is missing or wrong: open the address that the node printed',
  4429: 'as many pages as are allowed are open already',
};

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

  _open() {
    clearTimeout(this._timer);
    this._timer = null;
    this._tell('connecting', 'connecting …');
    const address = new URL('socket', location.href);
    address.protocol = location.protocol === 'https:' ? 'wss:' : 'ws:';
    address.search = this._token ? `?token=${encodeURIComponent(this._token)}` : '';
    const socket = this._socket = new WebSocket(address);
    socket.onmessage = event => this._take(JSON.parse(event.data));
    socket.onclose = event => this._lost(event.code);
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

  _lost(code) {
    for (const resolve of this._asked.values()) {
      resolve({ok: false, text: 'not sure: the connection was lost before the answer'});
    }
    this._asked.clear();
    const waitMs = REFUSALS[code] ? LONGEST_WAIT_MS : this._waitMs * (0.8 + 0.4 * Math.random());
    this._waitMs = Math.min(2 * this._waitMs, LONGEST_WAIT_MS);
    this._timer = setTimeout(() => this._open(), waitMs);
    if (REFUSALS[code]) this._tell('refused', REFUSALS[code]);
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
