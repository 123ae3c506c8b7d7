/*
 * A browser of its own for tests: tabs, IndexedDB, Web Locks, fetch and timers on a clock that the test moves. A tab can be
 * killed at any task, as browsers do: its timers, requests, transactions and locks end there. What smartdata.js does not use is not here.
 */
const LATENCY = 20;
const KEEPALIVE_LIMIT = 65_536;
const SHORTEST_TIMER = 4;

/** `server` gets a request as JSON and returns its answer as JSON: `{status, headers, body, type}`, or `{}` for a cut line. */
export function createBrowser(createEmitter, server, seed) {
  const browser = {
    createEmitter,
    now: Date.parse('2026-03-01T10:00:00Z'),
    tasks: [],
    databases: new Map(),
    locks: new Map(),
    random: randomOf(seed),
    server,
    sequence: 0,
    /** What IndexedDB does: `works`, `missing`, `throws`, `refuses`, `hangs`, `full`. */
    storage: 'works',
    /** What tells tabs apart: Web Locks or not. */
    webLocks: true,
    randomUuid: true,
    openTab: (options) => new Tab(browser, JSON.parse(options)),
    nextTask: () => first(browser.tasks)?.at ?? -1,
    /** Runs one task; what it promised runs before the next. */
    step: () => {
      const task = first(browser.tasks);
      browser.tasks.splice(browser.tasks.indexOf(task), 1);
      browser.now = Math.max(browser.now, task.at);
      task.run();
    },
  };
  return browser;
}

function first(tasks) {
  return tasks.reduce((a, b) => (a && (a.at < b.at || (a.at === b.at && a.sequence < b.sequence)) ? a : b), undefined);
}

/** Mulberry32: small, seeded, good enough for a test. */
function randomOf(seed) {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  };
}

function post(browser, tab, delay, run) {
  const task = { at: browser.now + delay, sequence: browser.sequence++, tab, run };
  if (tab?.alive !== false) {
    browser.tasks.push(task);
  }
  return task;
}

function drop(browser, keep) {
  browser.tasks = browser.tasks.filter(keep);
}

function named(name, message = name) {
  return Object.assign(new Error(message), { name });
}

class Events {
  listeners = [];
  addEventListener(type, handler) {
    this.listeners.push({ type, handler });
  }
  removeEventListener(type, handler) {
    this.listeners = this.listeners.filter((each) => each.type !== type || each.handler !== handler);
  }
  fire(type) {
    this.listeners.filter((each) => each.type === type).forEach(({ handler }) => handler({ type }));
  }
}

class Tab {
  failed = [];
  dropped = [];
  alive = true;
  keepaliveBytes = 0;
  transactions = new Set();

  constructor(browser, { hostile, ...options }) {
    this.browser = browser;
    this.window = windowOf(browser, this);
    this.emitter = browser.createEmitter({
      headers: () => ({ 'X-User': 'acme' }),
      onFailed: (failure) => {
        this.failed.push(failure);
        if (hostile) {
          throw new Error('the page is broken');
        }
      },
      onDropped: (drops) => {
        this.dropped.push(drops);
        if (hostile) {
          this.emitter.emit('dropped');
        }
      },
      ...options,
      window: this.window,
    });
  }

  /** `event` is JavaScript, so that a test can pass what JSON cannot say. */
  emit(name, event) {
    return this.emitter.emit(name, event);
  }

  ask(question, ...args) {
    this.answer = undefined;
    this.emitter[question](...args).then((answer) => { this.answer = JSON.stringify(answer); });
  }

  report() {
    return JSON.stringify({ ...this.emitter.stats(), failures: this.failed, drops: this.dropped });
  }

  hide() {
    this.window.document.visibilityState = 'hidden';
    this.window.document.fire('visibilitychange');
  }

  show() {
    this.window.document.visibilityState = 'visible';
    this.window.document.fire('visibilitychange');
    this.window.fire('pageshow');
  }

  /** The visitor goes elsewhere: the page hears of it, and that was its last turn. */
  leave() {
    this.hide();
    this.window.fire('pagehide');
    this.window.Promise.resolve().then(() => this.kill());
  }

  kill() {
    const { browser } = this;
    this.alive = false;
    drop(browser, ({ tab }) => tab !== this);
    [...this.transactions].forEach((transaction) => transaction.end());
    for (const [name, holder] of browser.locks) {
      if (holder === this) {
        browser.locks.delete(name);
      }
    }
  }
}

function windowOf(browser, tab) {
  const window = new Events();
  window.document = Object.assign(new Events(), { visibilityState: 'visible' });
  window.Date = { now: () => browser.now };
  window.Math = { random: browser.random };
  window.Promise = Promise;
  window.setTimeout = (run, delay) => post(browser, tab, Math.max(Math.trunc(delay), SHORTEST_TIMER), run);
  window.clearTimeout = (task) => drop(browser, (each) => each !== task);
  window.fetch = (url, init) => fetch(browser, tab, url, init);
  window.AbortController = AbortController;
  window.crypto = cryptoOf(browser);
  window.console = { errors: 0, error() { this.errors++; } };
  window.navigator = browser.webLocks ? { locks: locksOf(browser, tab) } : {};
  if (browser.storage === 'throws') {
    Object.defineProperty(window, 'indexedDB', { get() { throw named('SecurityError'); } });
  } else if (browser.storage !== 'missing') {
    window.indexedDB = { open: (name) => openDatabase(browser, tab, name) };
  }
  return window;
}

function cryptoOf(browser) {
  const getRandomValues = (bytes) => bytes.map(() => Math.floor(browser.random() * 256));
  const hex = (length) => Array.from({ length }, () => Math.floor(browser.random() * 16).toString(16)).join('');
  const randomUUID = () => `${hex(8)}-${hex(4)}-4${hex(3)}-a${hex(3)}-${hex(12)}`;
  return browser.randomUuid ? { getRandomValues, randomUUID } : { getRandomValues };
}

class AbortController {
  signal = { aborted: false, onabort: () => {} };
  abort() {
    if (!this.signal.aborted) {
      this.signal.aborted = true;
      this.signal.onabort();
    }
  }
}

/** The request is at the server after one latency, its answer at the tab after another, unless either is dead by then. */
function fetch(browser, tab, url, { body, headers, keepalive, signal, method, credentials, redirect }) {
  return new Promise((resolve, reject) => {
    const bytes = encodeURIComponent(body).replace(/%../g, '.').length;
    if (keepalive && tab.keepaliveBytes + bytes > KEEPALIVE_LIMIT) {
      reject(new TypeError('Failed to fetch'));
      return;
    }
    tab.keepaliveBytes += keepalive ? bytes : 0;
    const done = (settle) => {
      tab.keepaliveBytes -= keepalive ? bytes : 0;
      settle();
    };
    signal.onabort = () => {
      drop(browser, (task) => task !== going);
      done(() => reject(named('AbortError')));
    };
    const going = post(browser, keepalive ? null : tab, LATENCY, () => {
      const request = { at: browser.now, url, method, headers, credentials, redirect, keepalive, bytes, body };
      const answer = JSON.parse(browser.server(JSON.stringify(request)));
      if (answer.silent) {
        return;
      }
      post(browser, tab, LATENCY, () => {
        signal.onabort = () => {};
        done(() => (answer.status === undefined ? reject(new TypeError('Failed to fetch')) : resolve(responseOf(answer))));
      });
    });
  });
}

function responseOf({ status, headers, body }) {
  return {
    status,
    ok: status >= 200 && status < 300,
    headers: { get: (name) => headers[name] ?? null },
    json: async () => JSON.parse(body),
  };
}

function locksOf(browser, tab) {
  return {
    request: async (name, { ifAvailable }, work) => {
      if (!ifAvailable) {
        throw named('NotSupportedError');
      }
      if (!tab.alive) {
        return new Promise(() => {});
      }
      if (browser.locks.has(name)) {
        return work(null);
      }
      browser.locks.set(name, tab);
      try {
        return await work({ name });
      } finally {
        if (browser.locks.get(name) === tab) {
          browser.locks.delete(name);
        }
      }
    },
  };
}

function openDatabase(browser, tab, name) {
  const request = {};
  if (browser.storage === 'refuses') {
    post(browser, tab, 0, () => {
      request.error = named('InvalidStateError');
      request.onerror();
    });
  } else if (browser.storage !== 'hangs') {
    post(browser, tab, 0, () => {
      const isNew = !browser.databases.has(name);
      if (isNew) {
        browser.databases.set(name, { stores: {}, queue: [] });
      }
      const database = browser.databases.get(name);
      request.result = {
        createObjectStore: (store, options) => { database.stores[store] = { options, next: 1, records: [] }; },
        transaction: (stores, mode) => new Transaction(browser, tab, database, mode),
        close: () => {},
      };
      if (isNew) {
        request.onupgradeneeded();
      }
      request.onsuccess();
    });
  }
  return request;
}

/** One at a time per database. It works on a copy, which takes the place of the original when no request is left. */
class Transaction {
  #browser;
  #tab;
  #database;
  #mode;
  #requests = [];
  #stores = null;
  #over = false;

  constructor(browser, tab, database, mode) {
    this.#browser = browser;
    this.#tab = tab;
    this.#database = database;
    this.#mode = mode;
    if (tab.alive) {
      tab.transactions.add(this);
      database.queue.push(this);
    }
    this.#later(() => this.begin());
  }

  #later(run) {
    post(this.#browser, this.#tab, 0, run);
  }

  begin() {
    if (this.#database.queue[0] === this && this.#stores === null) {
      this.#stores = draftOf(this.#database.stores);
      this.#next();
    }
  }

  #next() {
    const next = this.#requests.shift();
    if (next) {
      this.#later(() => this.#answer(next));
    } else {
      this.#commit();
    }
  }

  #answer({ request, work }) {
    try {
      request.result = work(this.#stores);
    } catch (error) {
      request.error = error;
      request.onerror?.();
      this.error = error;
      this.end();
      this.#later(() => this.onabort());
      return;
    }
    request.onsuccess?.();
    this.#later(() => this.#next());
  }

  #commit() {
    if (this.#mode === 'readwrite') {
      this.#database.stores = this.#stores;
    }
    this.end();
    this.#later(() => this.oncomplete());
  }

  /** Without a commit before, nothing of it happened. */
  end() {
    this.#over = true;
    this.#tab.transactions.delete(this);
    this.#database.queue = this.#database.queue.filter((each) => each !== this);
    const next = this.#database.queue[0];
    next?.wake();
  }

  wake() {
    this.#later(() => this.begin());
  }

  #request(work) {
    if (this.#over) {
      throw named('TransactionInactiveError');
    }
    const request = {};
    this.#requests.push({ request, work });
    return request;
  }

  objectStore(name) {
    const on = (work) => this.#request((stores) => work(stores[name]));
    const write = (work) => on((store) => {
      if (this.#mode !== 'readwrite') {
        throw named('ReadOnlyError');
      }
      if (this.#browser.storage === 'full') {
        throw named('QuotaExceededError');
      }
      return work(store);
    });
    const without = (store, key) => store.records.filter((record) => record.key !== key);
    return {
      get: (key) => on(({ records }) => copyOf(records.find((record) => record.key === key)?.value)),
      getAll: (range, count) => on(({ records }) => records.slice(0, count).map(({ value }) => copyOf(value))),
      delete: (key) => write((store) => { store.records = without(store, key); }),
      clear: () => write((store) => { store.records = []; }),
      put: (value, key) => write((store) => {
        store.records = [...without(store, key), { key, value: copyOf(value) }];
      }),
      add: (value) => write((store) => {
        const key = store.next++;
        store.records.push({ key, value: { ...copyOf(value), [store.options.keyPath]: key } });
        return key;
      }),
    };
  }
}

/** Records are never changed, only replaced. */
function draftOf(stores) {
  return Object.fromEntries(Object.entries(stores).map(([name, store]) => [name, { ...store, records: [...store.records] }]));
}

function copyOf(value) {
  return value === undefined ? undefined : JSON.parse(JSON.stringify(value));
}
