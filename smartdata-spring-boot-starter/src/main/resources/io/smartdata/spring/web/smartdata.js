/*
 * smartdata.js sends the events of a page to smartdata. No dependency, no third-party host, nothing that a strict
 * Content-Security-Policy forbids, and nothing about the visitor that the page does not pass in.
 *
 * An event waits in memory for a moment, then in IndexedDB, which all tabs of the site share and which survives a reload.
 * One tab at a time sends, in order, and deletes what the server answered for. Every event has its id from the beginning, so
 * whatever is sent twice (a lost answer, a page that was closed) is a duplicate at the server and counts once.
 */

/** A little below the 64 KiB that browsers allow for all keepalive requests of a page together. */
const KEEPALIVE_BYTES = 60_000;

/** How long IndexedDB may take to open. Some browsers never answer; the page then works from memory. */
const OPEN_MILLIS = 5_000;

/** Drops come in floods, so they are told together. */
const DROPS_MILLIS = 1_000;

/** A Retry-After that asks for longer is cut, so that a wrong one does not silence a page for good. */
const MAX_RETRY_AFTER_MILLIS = 24 * 3_600_000;

/** What a longer timer is set to fires at once. */
const LONGEST_TIMER_MILLIS = 2 ** 31 - 1;

/** A lease of a tab that died ends this much later than the request it may have been in. */
const LEASE_SLACK_MILLIS = 10_000;

const NOTHING = Object.freeze({ events: 0, bytes: 0 });

const DEFAULTS = {
  source: 'browser',
  headers: () => ({}),
  credentials: 'same-origin',
  queue: '',
  storage: 'indexeddb',
  maxQueueEvents: 10_000,
  maxQueueBytes: 5_000_000,
  batchEvents: 100,
  batchBytes: 256 * 1024,
  flushInterval: 5_000,
  requestTimeout: 30_000,
  minBackoff: 1_000,
  maxBackoff: 300_000,
  onFailed: () => {},
  onDropped: () => {},
  window: globalThis,
};

/**
 * Starts an emitter. Options and their units stand in smartdata.d.ts.
 *
 * @throws TypeError if an option cannot work; nothing else here ever throws
 */
export function createEmitter(options) {
  const given = Object.entries(options ?? {}).filter(([, value]) => value !== undefined);
  const settings = { ...DEFAULTS, ...Object.fromEntries(given) };
  check(settings);
  const emitter = new Emitter(settings);
  return Object.freeze({
    emit: (name, event) => emitter.emit(name, event),
    flush: () => emitter.flush(),
    close: (deadline) => emitter.close(deadline),
    clear: () => emitter.clear(),
    stats: () => emitter.stats(),
  });
}

function check(settings) {
  if (typeof settings.url !== 'string' || settings.url === '') {
    throw new TypeError('smartdata: url must be the address of api/v1/events');
  }
  for (const [name, standard] of Object.entries(DEFAULTS)) {
    const value = settings[name];
    if (typeof value !== typeof standard || (typeof value === 'number' && !(value > 0 && value < Infinity))) {
      throw new TypeError(`smartdata: ${name} must be a ${typeof standard}, numbers above 0`);
    }
  }
}

class Emitter {
  #settings;
  #window;
  #address;
  #queue;
  #counts = { emitted: 0, accepted: 0, duplicates: 0, failed: 0, dropped: 0, requests: 0 };
  /** Drops by reason that onDropped has not heard of yet. */
  #untold = {};
  #lastError = null;
  #lastSuccess = null;
  /** Events of one request; halved while the server finds them too large. */
  #batchEvents;
  /** Records that are in a request. */
  #inHand = new Set();
  #sending = null;
  #farewell = null;
  #leaving = false;
  #closing = null;
  #stopped = false;
  #aborts = new Set();
  #timer = null;
  #due = Infinity;
  #listeners = [];

  constructor(settings) {
    this.#settings = settings;
    this.#window = settings.window;
    const { url, source, queue } = settings;
    this.#address = `${url}${url.includes('?') ? '&' : '?'}source=${encodeURIComponent(source)}`;
    this.#batchEvents = settings.batchEvents;
    this.#queue = new Queue(settings, `smartdata ${JSON.stringify([url, source, queue])}`);
    this.#listen('online', () => this.#online());
    this.#listen('pagehide', () => this.#hidden(true));
    this.#listen('pageshow', () => { this.#leaving = false; });
    this.#listen('visibilitychange', () => this.#hidden(false), this.#window.document);
    this.#schedule(0);
  }

  #listen(type, handler, target = this.#window) {
    target?.addEventListener?.(type, handler);
    this.#listeners.push(() => target?.removeEventListener?.(type, handler));
  }

  /** Queues one event. Returns its id, or undefined if it was not taken; then onFailed or onDropped says why. */
  emit(name, event) {
    let record;
    try {
      record = recordOf(name, event ?? {}, this.#window);
    } catch (error) {
      const told = error instanceof InvalidEvent ? error : CANNOT_BE_WRITTEN;
      this.#failed({ reason: told.reason, message: told.message });
      return undefined;
    }
    if (record.bytes + 2 > this.#settings.batchBytes) {
      this.#failed({ id: record.id, reason: 'event_too_large', message: `The event has ${record.bytes} bytes.` });
      return undefined;
    }
    if (this.#closing || !this.#queue.hasRoomFor(record)) {
      this.#dropped(this.#closing ? 'closed' : 'queue_full', 1);
      this.#schedule(this.#settings.flushInterval);
      return undefined;
    }
    this.#counts.emitted++;
    this.#queue.add(record);
    Promise.resolve().then(() => this.#afterEmit());
    return record.id;
  }

  /** Once for all events of one turn of the page's script. */
  async #afterEmit() {
    if (this.#leaving) {
      this.#sayFarewell();
    }
    this.#dropped('queue_full', await this.#queue.settle());
    const { events, bytes } = this.#queue.size();
    const full = events >= this.#settings.batchEvents || bytes >= this.#settings.batchBytes;
    this.#schedule(full ? 0 : this.#settings.flushInterval);
  }

  /** Sends what is queued unless the server asked to wait. Resolves when that is done or was put off; never rejects. */
  async flush() {
    await this.#sending;
    await this.#send();
    return this.stats();
  }

  /** Flushes for at most this many milliseconds, then stops for good. What is in IndexedDB waits for the next page. */
  close(deadline = 5_000) {
    this.#closing ??= this.#close(deadline);
    return this.#closing;
  }

  async #close(deadline) {
    this.#listeners.forEach((remove) => remove());
    let timer;
    const late = new Promise((resolve) => { timer = this.#window.setTimeout(resolve, deadline); });
    await Promise.race([this.flush(), late]);
    this.#window.clearTimeout(timer);
    this.#stopped = true;
    this.#schedule(Infinity);
    this.#aborts.forEach((abort) => abort.abort());
    await this.#sending;
    this.#dropped('queue_full', await this.#queue.settle());
    this.#dropped('closed', this.#queue.close());
    return this.stats();
  }

  /** Forgets every queued event, also those of other tabs, for a log-out on a shared device. */
  async clear() {
    this.#dropped('cleared', await this.#queue.clear());
    return this.stats();
  }

  stats() {
    const { events, bytes } = this.#queue.size();
    const { notBefore, attempts } = this.#queue.pace;
    return {
      ...this.#counts,
      queued: events,
      queuedBytes: bytes,
      sending: this.#sending !== null,
      failedAttempts: attempts,
      nextAttempt: notBefore > this.#now() ? new Date(notBefore).toISOString() : null,
      lastSuccess: this.#lastSuccess,
      lastError: this.#lastError,
      storage: this.#queue.storage,
      storageError: this.#queue.storageError,
    };
  }

  #now() {
    return this.#window.Date.now();
  }

  /** Wakes up in this many milliseconds, unless it does so earlier already; Infinity never. */
  #schedule(millis) {
    const due = this.#now() + millis;
    if (millis < Infinity && (this.#stopped || this.#due <= due)) {
      return;
    }
    this.#window.clearTimeout(this.#timer);
    this.#due = due;
    if (millis < Infinity) {
      this.#timer = this.#window.setTimeout(() => {
        this.#due = Infinity;
        this.#send();
      }, Math.min(millis, LONGEST_TIMER_MILLIS));
    }
  }

  /** One flight per tab, and per site where the browser lets tabs agree. */
  #send() {
    this.#sending ??= this.#fly().finally(() => { this.#sending = null; });
    return this.#sending;
  }

  async #fly() {
    try {
      const own = await this.#queue.exclusively(() => this.#drain());
      const { events } = this.#queue.size();
      if (!own) {
        this.#schedule(this.#settings.flushInterval);
      } else if (events > 0) {
        this.#schedule(Math.max(this.#queue.pace.notBefore - this.#now(), this.#settings.minBackoff));
      }
    } catch (error) {
      this.#lastError = { reason: 'internal', message: String(error), at: isoTime(this.#now()) };
      this.#schedule(this.#settings.maxBackoff);
    }
  }

  async #drain() {
    while (!this.#stopped) {
      await this.#farewell;
      this.#dropped('queue_full', await this.#queue.settle());
      const batch = await this.#queue.next(this.#batchEvents);
      if (batch.length === 0 || !await this.#queue.stillOwn() || !await this.#deliver(batch, false)) {
        return;
      }
    }
  }

  /** True if the next batch may follow at once. */
  async #deliver(batch, keepalive) {
    batch.forEach((record) => this.#inHand.add(record));
    try {
      const verdict = await this.#post(batch, keepalive);
      return await this.#obey(verdict, batch, keepalive);
    } finally {
      batch.forEach((record) => this.#inHand.delete(record));
    }
  }

  /** The request is made before the first await if the headers are there at once, as a page that goes away needs it. */
  async #post(batch, keepalive) {
    const abort = new this.#window.AbortController();
    const timer = this.#window.setTimeout(() => abort.abort(), this.#settings.requestTimeout);
    this.#aborts.add(abort);
    try {
      const given = this.#settings.headers();
      const headers = typeof given?.then === 'function' ? await given : given;
      this.#counts.requests++;
      const response = await this.#window.fetch(this.#address, {
        method: 'POST',
        headers: { Accept: 'application/json', ...headers, 'Content-Type': 'application/json' },
        body: `[${batch.map((record) => record.json).join(',')}]`,
        credentials: this.#settings.credentials,
        cache: 'no-store',
        redirect: 'manual',
        keepalive,
        signal: abort.signal,
      });
      return await judge(response, this.#now());
    } catch (error) {
      return { kind: 'later', reason: 'network', message: String(error) };
    } finally {
      this.#aborts.delete(abort);
      this.#window.clearTimeout(timer);
    }
  }

  async #obey(verdict, batch, keepalive) {
    switch (verdict.kind) {
      case 'answered':
        return this.#answered(verdict.reply, batch);
      case 'refused':
        this.#lastError = this.#errorOf(verdict);
        await this.#queue.remove(batch);
        batch.forEach((record) => this.#refused(record, verdict));
        return true;
      case 'split':
        if (batch.length > 1) {
          this.#batchEvents = Math.ceil(batch.length / 2);
          return !keepalive;
        }
        return this.#obey({ ...verdict, kind: 'refused' }, batch, keepalive);
      default:
        this.#lastError = this.#errorOf(verdict);
        if (!keepalive || verdict.retryAfter !== undefined) {
          await this.#backOff(verdict);
        }
        return false;
    }
  }

  /** What may work later stays queued, everything else is settled. */
  async #answered(reply, batch) {
    const kept = new Set();
    for (const item of reply.failed) {
      const record = batch[item.index] ?? batch.find(({ id }) => id === item.id);
      if (item.retryable === true && record) {
        kept.add(record);
      } else {
        this.#refused(record, item);
      }
    }
    this.#counts.accepted += countOf(reply.accepted);
    this.#counts.duplicates += countOf(reply.duplicates);
    this.#lastSuccess = isoTime(this.#now());
    this.#batchEvents = Math.min(this.#batchEvents * 2, this.#settings.batchEvents);
    await this.#queue.remove(batch.filter((record) => !kept.has(record)));
    if (kept.size > 0) {
      await this.#backOff({ reason: 'retryable' });
      return false;
    }
    await this.#queue.setPace({ attempts: 0, notBefore: 0 });
    return true;
  }

  #refused(record, { id, reason, field, message, status }) {
    const event = record && JSON.parse(record.json);
    this.#failed({ id: id ?? record?.id, reason, field, message, status, event });
  }

  /** Exponential with full jitter; after a Retry-After not before it, and not all clients in the same instant. */
  async #backOff({ reason, retryAfter }) {
    const { minBackoff, maxBackoff } = this.#settings;
    const attempts = this.#queue.pace.attempts + 1;
    const jitter = this.#window.Math.random();
    const millis = retryAfter === undefined
      ? jitter * Math.min(maxBackoff, minBackoff * 2 ** Math.min(attempts, 30))
      : Math.min(retryAfter, MAX_RETRY_AFTER_MILLIS) + jitter * minBackoff;
    await this.#queue.setPace({ attempts, notBefore: Math.ceil(this.#now() + millis), reason });
  }

  /** A network that is back is a reason to try again; a server that asked to wait is still asking. */
  async #online() {
    const { attempts, reason } = this.#queue.pace;
    if (reason === 'network') {
      await this.#queue.setPace({ attempts, notBefore: 0, reason });
      this.#schedule(this.#window.Math.random() * this.#settings.minBackoff);
    }
  }

  #hidden(leaving) {
    this.#leaving ||= leaving;
    if (leaving || this.#window.document?.visibilityState === 'hidden') {
      this.#sayFarewell();
    }
  }

  /**
   * Sends what this tab can lay hands on without waiting, as far as the browser lets it. Not sendBeacon, which cannot carry a
   * CSRF header or tell what came of it. If the answer does not arrive any more, the events are still queued.
   */
  #sayFarewell() {
    if (this.#farewell || this.#queue.pace.notBefore > this.#now()) {
      return;
    }
    const atHand = this.#queue.atHand().filter((record) => !this.#inHand.has(record) && record.bytes < KEEPALIVE_BYTES);
    const batch = cut(atHand, this.#settings.batchEvents, KEEPALIVE_BYTES);
    if (batch.length > 0) {
      this.#farewell = this.#deliver(batch, true).finally(() => { this.#farewell = null; });
    }
  }

  #errorOf({ reason, message, status }) {
    return { reason, message, status, at: isoTime(this.#now()) };
  }

  #failed(failure) {
    this.#counts.failed++;
    this.#tell(() => this.#settings.onFailed(failure));
  }

  #dropped(reason, events) {
    if (events === 0) {
      return;
    }
    this.#counts.dropped += events;
    if (!this.#untold[reason]) {
      this.#tell(() => {
        const told = this.#untold[reason];
        this.#untold[reason] = 0;
        this.#settings.onDropped({ reason, events: told });
      }, DROPS_MILLIS);
    }
    this.#untold[reason] = (this.#untold[reason] ?? 0) + events;
  }

  /** In a turn of its own, so that a listener that emits cannot hang the page. */
  #tell(telling, delay = 0) {
    this.#window.setTimeout(() => {
      try {
        telling();
      } catch (error) {
        this.#window.console?.error('smartdata: a listener failed', error);
      }
    }, delay);
  }
}

/** Events without an answer: fresh ones in memory, the others on the disk, for as long as there is one. */
class Queue {
  storage = 'memory';
  storageError = null;
  pace = { attempts: 0, notBefore: 0 };
  #settings;
  #window;
  #name;
  #owner;
  #disk = null;
  #opened;
  #fresh = [];
  #onDisk = NOTHING;
  /** Keys on the disk that it was too full to delete. */
  #answered = new Set();
  /** The pace that counts is not on the disk. */
  #paceIsOurs = false;
  /** What this tab put on the disk lately, since a page that goes away has no time to read. */
  #written = [];
  #settling = Promise.resolve(0);
  #leased = false;

  constructor(settings, name) {
    this.#settings = settings;
    this.#window = settings.window;
    this.#name = name;
    this.#owner = newId(settings.window.crypto);
    this.#opened = settings.storage === 'indexeddb' ? this.#open() : Promise.resolve();
  }

  async #open() {
    try {
      this.#disk = await Disk.open(this.#window, this.#name);
      ({ size: this.#onDisk, pace: this.pace } = await this.#disk.read(1));
      this.storage = 'indexeddb';
    } catch (error) {
      this.#loseDisk(error);
    }
  }

  /** For the rest of this page; what is there waits for the next one. */
  #loseDisk(error) {
    this.storage = 'memory';
    this.storageError = String(error?.name ?? error);
    this.#disk?.close();
    this.#disk = null;
    this.#onDisk = NOTHING;
    this.#written = [];
    this.#answered.clear();
  }

  /** What the disk answers to a write; undefined if there is none or it is full, which does not keep it from being read. */
  async #write(work) {
    await this.#opened;
    try {
      const answer = await (this.#disk && work(this.#disk));
      this.storage = this.#disk ? 'indexeddb' : 'memory';
      return answer ?? undefined;
    } catch (error) {
      this.storage = 'memory';
      this.storageError = String(error?.name ?? error);
      return undefined;
    }
  }

  size() {
    const bytes = this.#fresh.reduce((sum, record) => sum + record.bytes, this.#onDisk.bytes);
    return { events: this.#onDisk.events - this.#answered.size + this.#fresh.length, bytes };
  }

  hasRoomFor(record) {
    const { events, bytes } = this.size();
    return events < this.#settings.maxQueueEvents && bytes + record.bytes <= this.#settings.maxQueueBytes;
  }

  add(record) {
    this.#fresh.push(record);
  }

  /** Puts fresh events on the disk. Resolves to how many found it full, by what other tabs had put there. */
  settle() {
    this.#settling = this.#settling.then(() => this.#settle());
    return this.#settling;
  }

  async #settle() {
    const records = [...this.#fresh];
    const added = records.length > 0 && await this.#write((disk) => disk.add(records, this.#settings));
    if (!added) {
      return 0;
    }
    const moved = new Set(records);
    this.#fresh = this.#fresh.filter((record) => !moved.has(record));
    this.#onDisk = added.size;
    this.#written = cut([...this.#written, ...records.filter(({ key }) => key)], Infinity, KEEPALIVE_BYTES);
    return added.refused;
  }

  /** The oldest events of all tabs; none while the server asked any of them to wait. */
  async next(events) {
    const stored = await this.#read(events);
    const oldest = stored[0]?.key ?? Infinity;
    this.#written = this.#written.filter(({ key }) => key >= oldest);
    const own = new Map(this.#written.map((record) => [record.key, record]));
    const records = stored.length > 0 ? stored.map((record) => own.get(record.key) ?? record) : this.#fresh;
    return this.#waiting() ? [] : cut(records, events, this.#settings.batchBytes);
  }

  async #read(events) {
    await this.#opened;
    try {
      const { stored, size, pace } = await this.#disk?.read(events + this.#answered.size) ?? { stored: [], size: NOTHING };
      this.#onDisk = size;
      this.pace = this.#paceIsOurs ? this.pace : pace ?? this.pace;
      return stored.filter(({ key }) => !this.#answered.has(key));
    } catch (error) {
      this.#loseDisk(error);
      return [];
    }
  }

  /** A wait that is longer than any can be was noted by a clock that was wrong. */
  #waiting() {
    const wait = this.pace.notBefore - this.#window.Date.now();
    const longest = Math.max(this.#settings.maxBackoff, MAX_RETRY_AFTER_MILLIS) + this.#settings.minBackoff;
    return wait > 0 && wait <= longest;
  }

  async remove(records) {
    await this.#settling;
    const done = new Set(records);
    this.#fresh = this.#fresh.filter((record) => !done.has(record));
    this.#written = this.#written.filter((record) => !done.has(record));
    const keys = records.map(({ key }) => key).filter((key) => key !== undefined);
    keys.forEach((key) => this.#answered.add(key));
    const size = this.#answered.size > 0 && await this.#write((disk) => disk.remove([...this.#answered]));
    if (size) {
      this.#onDisk = size;
      this.#answered.clear();
    }
  }

  /** Own events that can be sent without waiting for the disk. */
  atHand() {
    return [...this.#written, ...this.#fresh];
  }

  async clear() {
    await this.#settling;
    const fresh = this.#fresh.length;
    this.#fresh = [];
    this.#written = [];
    const stored = await this.#write((disk) => disk.clear()) ?? 0;
    this.#onDisk = NOTHING;
    return fresh + stored;
  }

  async setPace(pace) {
    if (pace.attempts > 0 || this.pace.attempts > 0) {
      this.pace = pace;
      this.#paceIsOurs = await this.#write((disk) => disk.setPace(pace)) === undefined;
    }
  }

  /** Does the work unless another tab is at it. True if it was done. */
  async exclusively(work) {
    await this.#opened;
    const locks = this.#window.navigator?.locks;
    let begun = false;
    try {
      if (locks) {
        return await locks.request(this.#name, { ifAvailable: true }, async (lock) => {
          begun = lock !== null;
          return begun && (await work(), true);
        });
      }
    } catch (error) {
      if (begun) {
        throw error;
      }
    }
    this.#leased = true;
    try {
      return await this.stillOwn() && (await work(), true);
    } finally {
      await this.#write((disk) => disk.giveLease(this.#owner));
      this.#leased = false;
    }
  }

  /** Takes or renews the lease that stands in for a lock where the browser has none. */
  async stillOwn() {
    const length = this.#settings.requestTimeout + LEASE_SLACK_MILLIS;
    return !this.#leased
      || (await this.#write((disk) => disk.takeLease(this.#owner, this.#window.Date.now(), length)) ?? true);
  }

  /** How many events are lost since they were in memory only. */
  close() {
    this.#disk?.close();
    this.#disk = null;
    const lost = this.#fresh.length;
    this.#fresh = [];
    return lost;
  }
}

/** The queue in IndexedDB. Each method is one transaction, so that tabs cannot come between. */
class Disk {
  #database;

  constructor(database) {
    this.#database = database;
    database.onversionchange = () => database.close();
  }

  static open(window, name) {
    return new Promise((resolve, reject) => {
      let late = false;
      const timer = window.setTimeout(() => {
        late = true;
        reject('TimeoutError');
      }, OPEN_MILLIS);
      const request = window.indexedDB.open(name, 1);
      request.onupgradeneeded = () => {
        request.result.createObjectStore('events', { keyPath: 'key', autoIncrement: true });
        request.result.createObjectStore('state');
      };
      request.onerror = () => reject(request.error);
      request.onsuccess = () => {
        window.clearTimeout(timer);
        const disk = new Disk(request.result);
        if (late) {
          disk.close();
        }
        resolve(disk);
      };
    });
  }

  async #run(mode, work) {
    const transaction = this.#database.transaction(['events', 'state'], mode);
    const committed = new Promise((resolve, reject) => {
      transaction.oncomplete = resolve;
      transaction.onabort = () => reject(transaction.error ?? new Error('IndexedDB aborted'));
    });
    const worked = work(transaction.objectStore('events'), transaction.objectStore('state'));
    const [result] = await Promise.all([worked, committed]);
    return result;
  }

  /** Gives the records their keys. */
  add(records, { maxQueueEvents, maxQueueBytes }) {
    const added = [];
    return this.#run('readwrite', async (events, state) => {
      const size = await sizeIn(state);
      for (const record of records) {
        if (size.events < maxQueueEvents && size.bytes + record.bytes <= maxQueueBytes) {
          size.events++;
          size.bytes += record.bytes;
          const { id, json, bytes } = record;
          added.push(result(events.add({ id, json, bytes })).then((key) => ({ record, key })));
        }
      }
      state.put(size, 'size');
      return { size, refused: records.length - added.length, added: await Promise.all(added) };
    }).then(({ size, refused, added: stored }) => {
      stored.forEach(({ record, key }) => { record.key = key; });
      return { size, refused };
    });
  }

  read(count) {
    return this.#run('readonly', async (events, state) => ({
      stored: await result(events.getAll(null, count)),
      size: await sizeIn(state),
      pace: await result(state.get('pace')) ?? { attempts: 0, notBefore: 0 },
    }));
  }

  remove(keys) {
    return this.#run('readwrite', async (events, state) => {
      const size = await sizeIn(state);
      for (const key of keys) {
        const stored = await result(events.get(key));
        if (stored) {
          events.delete(key);
          size.events--;
          size.bytes -= stored.bytes;
        }
      }
      state.put(size, 'size');
      return size;
    });
  }

  clear() {
    return this.#run('readwrite', async (events, state) => {
      const { events: cleared } = await sizeIn(state);
      events.clear();
      state.delete('size');
      return cleared;
    });
  }

  setPace(pace) {
    return this.#run('readwrite', (events, state) => result(state.put(pace, 'pace')).then(() => true));
  }

  /** A lease far in the future was taken by a clock that was wrong, so it is not kept. */
  takeLease(owner, now, length) {
    return this.#run('readwrite', async (events, state) => {
      const lease = await result(state.get('lease'));
      if (lease && lease.owner !== owner && lease.until > now && lease.until <= now + 2 * length) {
        return false;
      }
      await result(state.put({ owner, until: now + length }, 'lease'));
      return true;
    });
  }

  giveLease(owner) {
    return this.#run('readwrite', async (events, state) => {
      const lease = await result(state.get('lease'));
      if (lease?.owner === owner) {
        await result(state.delete('lease'));
      }
    });
  }

  close() {
    this.#database.close();
  }
}

function result(request) {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}

async function sizeIn(state) {
  return { ...await result(state.get('size')) ?? NOTHING };
}

/** The event as it will be sent, written once, so that a retry is the same to the byte. */
function recordOf(name, { id, time, value, subject, entity, properties }, window) {
  if (typeof name !== 'string' || name.trim() === '') {
    throw new InvalidEvent('invalid_name', 'The name of an event is a text that is not blank.');
  }
  if (typeof value === 'number' && !Number.isFinite(value)) {
    throw new InvalidEvent('invalid_value', 'A value is a finite number.');
  }
  const at = new Date(time ?? window.Date.now());
  if (Number.isNaN(at.getTime())) {
    throw new InvalidEvent('invalid_time', 'A time is a Date, milliseconds since 1970 or ISO 8601.');
  }
  const event = {
    id: id === undefined || id === null ? newId(window.crypto) : String(id),
    name,
    occurredAt: at.toISOString(),
    value: typeof value === 'bigint' ? String(value) : value,
    subject,
    entity,
    properties,
  };
  const json = JSON.stringify(event);
  return { id: event.id, json, bytes: utf8Length(json) + 1 };
}

class InvalidEvent extends Error {
  constructor(reason, message) {
    super(message);
    this.reason = reason;
  }
}

const CANNOT_BE_WRITTEN = new InvalidEvent('invalid_event', 'The event cannot be written as JSON.');

/** A random UUID, also where the page is not a secure context and the browser makes none. */
function newId(crypto) {
  if (crypto.randomUUID) {
    return crypto.randomUUID();
  }
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6] & 0x0f) | 0x40;
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}

function utf8Length(json) {
  return encodeURIComponent(json).replace(/%../g, '.').length;
}

/** The first records that fit a request, at least one. */
function cut(records, maxEvents, maxBytes) {
  let bytes = 2;
  const end = records.findIndex((record, index) => {
    bytes += record.bytes;
    return index >= maxEvents || (index > 0 && bytes > maxBytes);
  });
  return end < 0 ? [...records] : records.slice(0, end);
}

/**
 * What an answer means. A login page, a captive portal or a redirect is no answer of smartdata, whatever its status: the
 * events stay. So do they when the server asks who the caller is (401, or 403 from a CSRF filter): the caller may log in.
 */
async function judge(response, now) {
  const { status } = response;
  const answer = await response.json().catch(() => null);
  const reason = typeof answer?.code === 'string' ? answer.code : `http_${status}`;
  const message = typeof answer?.detail === 'string' ? answer.detail : '';
  if (response.ok) {
    return Array.isArray(answer?.failed) && answer.failed.every(Boolean) && answer.accepted !== undefined
      ? { kind: 'answered', reply: answer }
      : { kind: 'later', reason: 'unexpected_answer', status };
  }
  if (status === 413) {
    return { kind: 'split', reason, message, status };
  }
  const ours = typeof answer?.code === 'string';
  const passes = status < 400 || status >= 500 || [401, 408, 425, 429].includes(status) || (status === 403 && !ours);
  return passes
    ? { kind: 'later', reason, message, status, retryAfter: retryAfterOf(response, now) }
    : { kind: 'refused', reason, message, status };
}

/** Milliseconds; a date is read against the clock of the server that wrote it. Undefined if there is none. */
function retryAfterOf({ headers }, now) {
  const text = headers.get('Retry-After')?.trim() ?? '';
  if (/^\d+$/.test(text)) {
    return Number(text) * 1_000;
  }
  const date = Date.parse(text);
  const serverNow = Date.parse(headers.get('Date') ?? '');
  return Number.isNaN(date) ? undefined : Math.max(0, date - (Number.isNaN(serverNow) ? now : serverNow));
}

function countOf(numberOrList) {
  return Array.isArray(numberOrList) ? numberOrList.length : Number(numberOrList) || 0;
}

function isoTime(millis) {
  return new Date(millis).toISOString();
}
