/** What the module `smartdata.js` offers. For editors; the starter serves the module only. */

/** JSON, as far as a property may be: at most 16 levels and 200 members of one event. */
export type Json = string | number | boolean | null | Json[] | { [name: string]: Json | undefined };

export interface Options {
  /** Address of the batch route, for example `/smartdata/api/v1/events`; may have a query, `?org=acme`. */
  url: string;
  /** Which emitter the events come from; 1 to 200 characters. Default `browser`. */
  source?: string;
  /** Headers of every request, asked for each time, for example the CSRF token. A promise works except while a page is left. */
  headers?: () => Record<string, string> | Promise<Record<string, string>>;
  /** As for `fetch`; default `same-origin`. */
  credentials?: RequestCredentials;
  /** Tells queues of one site apart. Give each account its own where several share a device. Default empty. */
  queue?: string;
  /** Where events wait; default `indexeddb`. In `memory` they do not survive the page. */
  storage?: 'indexeddb' | 'memory';
  /** Most events that wait, those of all tabs together; default 10 000. */
  maxQueueEvents?: number;
  /** Most bytes of JSON that wait; default 5 000 000. */
  maxQueueBytes?: number;
  /** Most events of a request, and how many are sent without waiting for more; default 100. */
  batchEvents?: number;
  /** Most bytes of a request; default 262 144. */
  batchBytes?: number;
  /** Longest that an event waits for others, in milliseconds; default 5 000. */
  flushInterval?: number;
  /** Milliseconds after which a request is given up; default 30 000. */
  requestTimeout?: number;
  /** The n-th failed attempt in a row is followed by a random wait of up to `minBackoff * 2 ** n`; default 1 000 ms. */
  minBackoff?: number;
  /** Longest such wait; default 300 000 ms. A Retry-After is kept also if it is longer, up to a day. */
  maxBackoff?: number;
  /** Told of every event that will never be stored, with the reason. */
  onFailed?: (failure: Failure) => void;
  /** Told, at most once a second for each reason, how many events were not kept. */
  onDropped?: (drop: Drop) => void;
  /** The window to work in; for frames and tests. Default `globalThis`. */
  window?: typeof globalThis;
}

export interface EventDetails {
  /** Makes it the same event when emitted again; 1 to 255 characters. Default a random UUID. */
  id?: string | number;
  /** When it happened; default now. */
  time?: Date | number | string;
  /** A finite number, a bigint or a decimal text. */
  value?: number | bigint | string;
  /** Who did it. */
  subject?: string;
  /** What it was done to, as a path: `course/42/lesson/7`. */
  entity?: string;
  /** Everything else. */
  properties?: { [name: string]: Json | undefined };
}

export interface Failure {
  id?: string;
  /** A rejection code of the server, a code of a problem, `http_404`, or of this module: `invalid_name`, `invalid_value`, `invalid_time`, `invalid_event`, `event_too_large`. */
  reason: string;
  field?: string | null;
  message?: string;
  /** HTTP status, if the whole request was refused. */
  status?: number;
  /** The event as it was sent. */
  event?: Record<string, unknown>;
}

export interface Drop {
  /** The queue had no room, the emitter was closed, or `clear()` was called. */
  reason: 'queue_full' | 'closed' | 'cleared';
  events: number;
}

export interface Stats {
  /** Events that this page put into the queue. */
  emitted: number;
  /** Events of any tab that this page sent and the server took. */
  accepted: number;
  /** The same, of events that it had already. */
  duplicates: number;
  failed: number;
  dropped: number;
  requests: number;
  /** Events that wait, as far as this page knows. */
  queued: number;
  queuedBytes: number;
  sending: boolean;
  /** Attempts in a row that failed. */
  failedAttempts: number;
  /** Not before this instant is anything sent; null if nothing holds it up. */
  nextAttempt: string | null;
  lastSuccess: string | null;
  lastError: { reason: string; message?: string; status?: number; at: string } | null;
  /** Where events wait now: `memory` also if IndexedDB is missing, blocked or full; `storageError` says which. */
  storage: 'indexeddb' | 'memory';
  storageError: string | null;
}

export interface Emitter {
  /** Queues an event. Returns its id, or undefined if it was not taken; `onFailed` or `onDropped` says why. Never throws. */
  emit(name: string, event?: EventDetails): string | undefined;
  /** Sends what is queued, unless a server that asked to wait is still to be waited for. Never rejects. */
  flush(): Promise<Stats>;
  /** Flushes for at most `deadline` milliseconds (default 5 000) and stops. What is in IndexedDB waits for the next page. */
  close(deadline?: number): Promise<Stats>;
  /** Forgets what is queued in all tabs, for a log-out on a shared device. */
  clear(): Promise<Stats>;
  stats(): Stats;
}

/** @throws TypeError if an option cannot work */
export function createEmitter(options: Options): Emitter;
