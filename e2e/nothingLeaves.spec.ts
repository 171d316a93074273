// Nothing leaves the machine: whatever a script could try, in the page or in the worker, where the photos are, is refused by the
// policy. Held for the built studio as `npm start` serves it and as a static host does that sends no header of its own. A page
// without a policy shows that each way would arrive.
import { readFileSync } from 'node:fs';
import { type Page, test as plain } from '@playwright/test';
import { type Listener, startListener } from './support/listener.ts';
import { type PlainHost, startPlainHost } from './support/plainHost.ts';
import { expect, StudioPage } from './support/studioPage.ts';
import { tryWaysOut } from './support/waysOut.ts';

const test = plain.extend<object, { listener: Listener; host: PlainHost }>({
  listener: [
    async ({ browserName: _ }, use) => {
      const listener = await startListener();
      await use(listener);
      await listener.close();
    },
    { scope: 'worker' },
  ],
  host: [
    async ({ browserName: _ }, use) => {
      const host = await startPlainHost();
      await use(host);
      await host.close();
    },
    { scope: 'worker' },
  ],
});

/** What got out of the page and of its worker, by way; and what became of every try. */
async function attempt(page: Page, listener: Listener) {
  const { httpPort, udpPorts } = listener;
  const elsewhere = {
    http: `http://127.0.0.1:${httpPort}`,
    webrtc: `stun:127.0.0.1:${udpPorts.webrtc}`,
    webtransport: `https://127.0.0.1:${udpPorts.webtransport}/`,
  };
  await expect.poll(() => page.workers().length).toBe(1);
  const [worker] = page.workers();
  if (worker === undefined) throw new Error('The page has no worker.');
  const outOf = async (place: { evaluate: Page['evaluate'] }) => {
    listener.forget();
    const tried = await place.evaluate(tryWaysOut, elsewhere);
    const ran = Object.keys(tried).filter((way) => tried[way] === 'ran');
    return { tried, out: [...listener.heard(), ...ran].sort() };
  };
  return { worker: await outOf(worker as unknown as { evaluate: Page['evaluate'] }), page: await outOf(page) };
}

const EVERYWHERE = [
  ...[
    'data-worker',
    'eval',
    'eventsource',
    'fetch',
    'function',
    'import',
    'import-scripts',
    'keep-alive',
    'nested-worker',
  ],
  ...['no-cors', 'post', 'timer-text', 'websocket', 'webtransport', 'xhr'],
];
const PAGE_ONLY = [
  ...['beacon', 'font', 'form', 'frame', 'image', 'media', 'prefetch', 'preload', 'script', 'style', 'style-url'],
  'webrtc',
];

test('every way leads out of a page without a policy', async ({ page, host, listener }) => {
  await page.goto(`${host.origin}/bare.html`);
  const { worker, page: inPage } = await attempt(page, listener);
  expect(worker.out, JSON.stringify(worker.tried)).toEqual(EVERYWHERE);
  expect(inPage.out, JSON.stringify(inPage.tried)).toEqual([...EVERYWHERE, ...PAGE_ONLY].sort());
});

/** Opens the studio from there, tries every way, and answers when none led anywhere. */
async function expectNothingOut(page: Page, origin: string, listener: Listener): Promise<StudioPage> {
  const studio = new StudioPage(page, origin);
  await page.goto(`${origin}/#network=toy&size=32x16`);
  await studio.ready();
  const { worker, page: inPage } = await attempt(page, listener);
  expect(worker.out, JSON.stringify(worker.tried)).toEqual([]);
  expect(inPage.out, JSON.stringify(inPage.tried)).toEqual([]);
  return studio;
}

test('no way leads out of the studio as npm start serves it', async ({ page, baseURL, listener }) => {
  await expectNothingOut(page, new URL(baseURL ?? '').origin, listener);
});

test('no way leads out of it from a host that sends no headers, and it trains and resumes there', async ({
  page,
  host,
  listener,
}) => {
  const studio = await expectNothingOut(page, host.origin, listener);
  // Under the same policy: WebGPU, the store, and a run that goes on after its worker died.
  await studio.reload();
  await expect(studio.badge).toHaveAttribute('data-backend', 'webgpu');
  await studio.configure({ steps: 20, evaluateEvery: 5, evaluationImages: 2, batchSize: 1 });
  await studio.train();
  await studio.expectBarsToMove([]);
  await studio.reload();
  await studio.button('resume-run').click();
  await studio.expectStatus('paused');
  await studio.train();
  await studio.expectStatus('finished');
  await expect(studio.failure).toHaveCount(0);
});

test('every answer of npm start carries the headers that the hosting guide asks for', async ({ request }) => {
  const [, block = ''] = /```http\n([^`]+)```/.exec(readFileSync('docs/hosting.md', 'utf8')) ?? [];
  const asked = block
    .trim()
    .split('\n')
    .map((line) => line.split(/: (.*)/, 2) as [string, string]);
  expect(asked.length).toBeGreaterThan(5);
  for (const path of ['/', '/favicon.svg', '/assets/nothing.js']) {
    const headers = (await request.get(path)).headers();
    for (const [name, value] of asked) expect(headers[name.toLowerCase()], `${path} ${name}`).toBe(value);
  }
});

test('with its headers the page cannot be framed, go elsewhere or call anybody from a frame', async ({
  page,
  baseURL,
  host,
  listener,
}) => {
  await page.goto(`${host.origin}/bare.html`);
  await page.evaluate((src) => {
    document.body.innerHTML = `<iframe src="${src}"></iframe>`;
  }, baseURL ?? '');
  await expect.poll(() => page.frames()[1]?.url()).toContain('chrome-error');

  await page.goto('/');
  listener.forget();
  const { httpPort, udpPorts } = listener;
  const elsewhere = `http://127.0.0.1:${httpPort}`;
  await page.evaluate((to) => {
    open(`${to}/open`);
    setTimeout(() => {
      location.href = `${to}/navigation`;
    }, 200);
  }, elsewhere);
  await page.waitForTimeout(1500);
  expect(listener.heard()).toEqual([]);

  const other = await page.context().newPage();
  await other.goto('/');
  const called = other.evaluate(async (stun) => {
    const frame = document.body.appendChild(document.createElement('iframe'));
    const { RTCPeerConnection: Fresh } = frame.contentWindow as unknown as typeof globalThis;
    const connection = new Fresh({ iceServers: [{ urls: stun }] });
    connection.createDataChannel('x');
    await connection.setLocalDescription(await connection.createOffer());
  }, `stun:127.0.0.1:${udpPorts.webrtc}`);
  // Chromium may end the page for having tried.
  await called.catch(() => {});
  await new Promise((resolve) => setTimeout(resolve, 1500));
  expect(listener.heard()).toEqual([]);
});
