/*
 * Tries smartdata.js in a real Chromium against a real host that it starts, stops and starts again.
 * Needs Node 22, or 20 with --experimental-websocket, and chromium. Command: see CONTRIBUTING.md.
 */
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';

const [classPathFile] = process.argv.slice(2);
const folder = mkdtempSync(join(tmpdir(), 'smartdata-browser-'));
const port = 18_931;
const debugPort = 18_932;
const site = `http://localhost:${port}`;
const chromium = process.env.CHROMIUM ?? 'chromium';
let failures = 0;

const sleep = (millis) => new Promise((resolve) => { setTimeout(resolve, millis); });

async function until(what, question, millis = 60_000) {
  const deadline = Date.now() + millis;
  for (;;) {
    const answer = await question().catch(() => false);
    if (answer) {
      return answer;
    }
    if (Date.now() > deadline) {
      throw new Error(`It does not happen: ${what}`);
    }
    await sleep(100);
  }
}

function startHost() {
  const host = spawn('java', ['-cp', readFileSync(classPathFile, 'utf8').trim(), 'io.smartdata.spring.script.BrowserHost', `${port}`, folder]);
  let output = '';
  host.stdout.on('data', (text) => { output += text; });
  host.stderr.on('data', (text) => { output += text; });
  return until('the host starts', async () => {
    if (host.exitCode !== null) {
      throw new Error(output);
    }
    return output.includes('listening');
  }, 120_000).then(() => host);
}

async function stopHost(host) {
  const gone = new Promise((resolve) => { host.on('exit', resolve); });
  host.stdin.end();
  await gone;
}

/** The DevTools protocol over one connection; sessions are told apart by id. */
async function connect() {
  const { webSocketDebuggerUrl } = await until('the browser starts', async () => (await fetch(`http://localhost:${debugPort}/json/version`)).json());
  const socket = new WebSocket(webSocketDebuggerUrl);
  await new Promise((resolve) => { socket.onopen = resolve; });
  const waiting = new Map();
  let last = 0;
  socket.onmessage = ({ data }) => {
    const { id, result, error } = JSON.parse(data);
    waiting.get(id)?.(error ? Promise.reject(new Error(error.message)) : result);
    waiting.delete(id);
  };
  return (method, params = {}, sessionId = undefined) => new Promise((resolve) => {
    waiting.set(++last, resolve);
    socket.send(JSON.stringify({ id: last, method, params, sessionId }));
  });
}

class Page {
  static async open(send, before = '') {
    const page = new Page();
    page.send = send;
    ({ targetId: page.target } = await send('Target.createTarget', { url: 'about:blank' }));
    ({ sessionId: page.session } = await send('Target.attachToTarget', { targetId: page.target, flatten: true }));
    await page.do('Page.enable');
    await page.do('Network.enable');
    if (before) {
      await page.do('Page.addScriptToEvaluateOnNewDocument', { source: before });
    }
    return page;
  }

  do(method, params) {
    return this.send(method, params, this.session);
  }

  async run(expression) {
    const { result, exceptionDetails } = await this.do('Runtime.evaluate', { expression, awaitPromise: true, returnByValue: true });
    if (exceptionDetails) {
      throw new Error(exceptionDetails.exception?.description ?? exceptionDetails.text);
    }
    return result.value;
  }

  async visit(path) {
    await this.do('Page.navigate', { url: site + path });
    await sleep(300);
    await until(`${path} is loaded`, () => this.run("document.readyState === 'complete'"));
  }

  /** Waits for the emitter, whose module a deferred script loads. */
  async shop() {
    await this.visit('/page');
    await until('the emitter is there', () => this.run('!!window.emitter'));
  }

  async login() {
    await this.visit('/login');
    await this.run("document.querySelector('[name=username]').value = 'ann'; document.querySelector('[name=password]').value = 'pw'; document.querySelector('form').submit()");
    await until('the login is through', async () => !(await this.run('location.pathname')).startsWith('/login'));
  }

  offline(offline) {
    return this.do('Network.emulateNetworkConditions', { offline, latency: 0, downloadThroughput: -1, uploadThroughput: -1 });
  }

  emit(name, from, to) {
    return this.run(`for (let i = ${from}; i < ${to}; i++) emitter.emit('${name}', { value: i }); 0`);
  }

  stats() {
    return this.run('emitter.stats()');
  }

  async drained() {
    await until('the queue is empty', async () => (await this.stats()).queued === 0)
      .catch(async (error) => { throw new Error(`${error.message} ${JSON.stringify(await this.stats())}`); });
  }

  /** Count and sum at the server. */
  async stored(name) {
    const total = (kpi) => this.run(`fetch('/smartdata/api/v1/kpis/${name}.${kpi}/series?last=P7D').then((r) => r.json()).then((s) => (s.points ?? []).reduce((sum, p) => sum + p.value, 0))`);
    return { count: await total('count'), sum: await total('sum') };
  }

  close() {
    return this.send('Target.closeTarget', { targetId: this.target });
  }
}

async function report(scenario, page, name, events) {
  const { count, sum } = await page.stored(name);
  const wanted = (events * (events - 1)) / 2;
  const right = count === events && sum === wanted;
  failures += right ? 0 : 1;
  const { accepted, duplicates, failed, dropped, requests, storage, storageError } = await page.stats();
  console.log(`${right ? 'ok  ' : 'FAIL'} ${scenario}: emitted ${events}, stored ${count}, sum ${sum} of ${wanted};`
    + ` last page: accepted ${accepted}, duplicates ${duplicates}, failed ${failed}, dropped ${dropped}, requests ${requests}, ${storage} ${storageError ?? ''}`);
}

const browser = spawn(chromium, ['--headless=new', '--no-sandbox', '--disable-gpu', `--remote-debugging-port=${debugPort}`, `--user-data-dir=${join(folder, 'profile')}`, 'about:blank'], { stdio: 'ignore' });
let host = await startHost();
try {
  const send = await connect();
  let page = await Page.open(send);
  await page.login();

  await page.shop();
  await page.emit('plain', 0, 500);
  await page.drained();
  await report('500 events under a strict policy, session login and CSRF', page, 'plain', 500);

  await page.offline(true);
  await page.emit('offline', 0, 250);
  await sleep(1_500);
  const waiting = await page.stats();
  console.log(`     offline: queued ${waiting.queued}, last error ${waiting.lastError?.reason}, ${waiting.storage}`);
  await page.close();
  page = await Page.open(send);
  await page.shop();
  await page.drained();
  await report('offline, closed, opened online', page, 'offline', 250);

  await page.offline(true);
  await page.emit('online', 0, 100);
  await sleep(1_500);
  await page.offline(false);
  await page.drained();
  await report('offline and online in the same page', page, 'online', 100);

  const other = await Page.open(send);
  await other.shop();
  for (let i = 0; i < 20; i++) {
    await Promise.all([page.emit('tabs', i * 20, i * 20 + 10), other.emit('tabs', i * 20 + 10, i * 20 + 20)]);
  }
  await Promise.all([page.drained(), other.drained()]);
  const tabs = [await page.stats(), await other.stats()];
  console.log(`     two tabs: accepted ${tabs.map(({ accepted }) => accepted)}, duplicates ${tabs.map(({ duplicates }) => duplicates)}`);
  await report('two tabs at once', page, 'tabs', 400);
  await other.close();

  for (let i = 0; i < 20; i++) {
    await page.run(`for (let i = ${i * 10}; i < ${i * 10 + 10}; i++) emitter.emit('left', { value: i }); location.href = '/page?${i}'; 0`);
    await sleep(200);
    await until('the next page is there', () => page.run(`location.search === '?${i}' && !!window.emitter`));
  }
  await page.drained();
  await report('20 pages left in the turn that emitted', page, 'left', 200);

  const closing = await Page.open(send);
  await closing.shop();
  await closing.emit('closed', 0, 50);
  await closing.close();
  await sleep(1_000);
  await page.shop();
  await page.drained();
  await report('a tab closed right after it emitted', page, 'closed', 50);

  await page.emit('restart', 0, 300);
  await stopHost(host);
  await page.emit('restart', 300, 600);
  await sleep(3_000);
  const down = await page.stats();
  console.log(`     server down: queued ${down.queued}, failed attempts ${down.failedAttempts}, last error ${down.lastError?.reason}`);
  host = await startHost();
  await until('the lost session is noticed', async () => (await page.stats()).lastError?.reason === 'http_0');
  await page.emit('restart', 600, 900);
  const visitor = await Page.open(send);
  await visitor.login();
  await page.drained();
  await report('server restarted, session lost, logged in again', page, 'restart', 900);
  await visitor.close();

  for (const [what, before] of [
    ['IndexedDB blocked', "Object.defineProperty(window, 'indexedDB', { get() { throw new DOMException('blocked', 'SecurityError') } })"],
    ['IndexedDB never opens', "IDBFactory.prototype.open = () => ({})"],
    ['no Web Locks', "Object.defineProperty(navigator, 'locks', { value: undefined })"],
    ['no randomUUID', 'crypto.randomUUID = undefined'],
  ]) {
    const name = what.replace(/\W/g, '').toLowerCase();
    const limited = await Page.open(send, before);
    await limited.shop();
    await limited.emit(name, 0, 150);
    await limited.drained();
    await report(what, limited, name, 150);
    await limited.close();
  }

  await page.offline(true);
  await page.do('Storage.overrideQuotaForOrigin', { origin: site, quotaSize: 100_000 });
  for (let i = 0; i < 3; i++) {
    await page.run(`for (let i = ${i * 50}; i < ${i * 50 + 50}; i++) emitter.emit('quota', { value: i, properties: { text: 'x'.repeat(20_000) } }); 0`);
    await sleep(1_000);
  }
  await page.offline(false);
  await page.drained();
  await report('no room on the disk', page, 'quota', 150);
} finally {
  browser.kill();
  await stopHost(host);
  await sleep(500);
  rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
}
console.log(failures === 0 ? 'everything arrived once' : `${failures} scenarios failed`);
process.exitCode = failures === 0 ? 0 : 1;
