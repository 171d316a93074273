// Every way that a script has to talk to somebody elsewhere or to run code that came as text, tried one after the other.

export interface Elsewhere {
  readonly http: string;
  readonly webrtc: string;
  readonly webtransport: string;
}

/**
 * Runs inside a page or a worker, so it stands alone. Answers what became of each way: `tried` where it began (whether anything
 * arrived is for the listener to say), `ran` where text became code, `absent` where this place does not have it, or the refusal.
 */
export async function tryWaysOut(elsewhere: Elsewhere): Promise<Record<string, string>> {
  // Out of the debugger's own call, which may evaluate text.
  await new Promise((resolve) => setTimeout(resolve, 0));
  const at = (way: string): string => `${elsewhere.http}/${way}`;
  const scope = globalThis as unknown as Record<string, unknown> & typeof globalThis;
  const isPage = typeof document !== 'undefined';
  const absent = (name: string): boolean => typeof scope[name] !== 'function';
  const blob = (text: string): string => URL.createObjectURL(new Blob([text], { type: 'text/javascript' }));
  const settle = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
  const element = (tag: string, set: Record<string, string>, styled = ''): void => {
    const made = document.createElement(tag);
    for (const [name, value] of Object.entries(set)) made.setAttribute(name, value);
    if (styled !== '') made.style.cssText = styled;
    document.body.append(made);
  };
  const asCode = async (way: string, run: (text: string) => unknown): Promise<string> => {
    const mark = `ranAsText:${way}`;
    run(`globalThis[${JSON.stringify(mark)}] = true;`);
    await settle(50);
    return scope[mark] === true ? 'ran' : 'refused';
  };
  const worker = (text: string, type: WorkerType, url = blob(text)): void => {
    new Worker(url, { type }).onerror = (event) => event.preventDefault();
  };
  const call = async (Connection: typeof RTCPeerConnection): Promise<void> => {
    const connection = new Connection({ iceServers: [{ urls: elsewhere.webrtc }] });
    connection.createDataChannel('x');
    await connection.setLocalDescription(await connection.createOffer());
  };
  const ways: Record<string, () => unknown> = {
    fetch: () => fetch(at('fetch')),
    post: () => fetch(at('post'), { method: 'POST', body: 'x' }),
    'no-cors': () => fetch(at('no-cors'), { mode: 'no-cors' }),
    'keep-alive': () => fetch(at('keep-alive'), { method: 'POST', body: 'x', keepalive: true }),
    xhr: () => {
      const request = new XMLHttpRequest();
      request.open('POST', at('xhr'));
      request.send('x');
    },
    websocket: () => new WebSocket(at('websocket').replace('http', 'ws')),
    eventsource: () => (absent('EventSource') ? 'absent' : new EventSource(at('eventsource'))),
    beacon: () => (isPage ? String(navigator.sendBeacon(at('beacon'), 'x')) : 'absent'),
    import: () => import(/* @vite-ignore */ at('import')),
    'import-scripts': () => {
      worker(`importScripts(${JSON.stringify(at('import-scripts'))});`, 'classic');
      if (!isPage) (scope.importScripts as (url: string) => void)(at('import-scripts'));
    },
    'nested-worker': () => worker(`fetch(${JSON.stringify(at('nested-worker'))});`, 'module'),
    'data-worker': () =>
      worker('', 'classic', `data:text/javascript,fetch(${encodeURIComponent(JSON.stringify(at('data-worker')))})`),
    'foreign-worker': () => worker('', 'module', at('foreign-worker')),
    eval: () => asCode('eval', (text) => scope.eval(text)),
    function: () => asCode('function', (text) => new Function(text)()),
    'timer-text': () => asCode('timer-text', (text) => setTimeout(text, 0)),
    webtransport: () => (absent('WebTransport') ? 'absent' : new WebTransport(elsewhere.webtransport).ready),
    webrtc: () => (absent('RTCPeerConnection') ? 'absent' : call(RTCPeerConnection)),
    ...(isPage
      ? {
          image: () => element('img', { src: at('image') }),
          script: () => element('script', { src: at('script') }),
          frame: () => element('iframe', { src: at('frame') }),
          style: () => element('link', { rel: 'stylesheet', href: at('style') }),
          'style-url': () => element('p', {}, `background: url(${at('style-url')})`),
          font: () => new FontFace('x', `url(${at('font')})`).load(),
          media: () => element('video', { src: at('media'), preload: 'auto' }),
          prefetch: () => element('link', { rel: 'prefetch', href: at('prefetch') }),
          preload: () => element('link', { rel: 'preload', as: 'script', href: at('preload') }),
          form: () => {
            element('iframe', { name: 'form-target' });
            element('form', { id: 'way-out', action: at('form'), target: 'form-target' });
            document.querySelector<HTMLFormElement>('#way-out')?.submit();
          },
        }
      : {}),
  };
  const results: Record<string, string> = {};
  const begin = async ([way, attempt]: [string, () => unknown]): Promise<void> => {
    results[way] = 'tried';
    try {
      const result = await attempt();
      if (typeof result === 'string') results[way] = result;
    } catch (error) {
      results[way] = error instanceof Error ? error.name : String(error);
    }
  };
  // What was begun gets time to arrive.
  await Promise.race([Promise.all([...Object.entries(ways).map(begin), settle(2000)]), settle(2500)]);
  return results;
}
