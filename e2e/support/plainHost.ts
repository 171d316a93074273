// A static host as most are: sends the built files, and no header but their type. `/bare.html` is a page without any policy.
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { extname, join, normalize } from 'node:path';

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html',
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.svg': 'image/svg+xml',
};
const BARE: Readonly<Record<string, string>> = {
  '/bare.html': '<!doctype html><title>Bare</title><script>new Worker("bare.js", { type: "module" });</script>',
  '/bare.js': 'export {};',
};

export interface PlainHost {
  readonly origin: string;
  close(): Promise<void>;
}

export async function startPlainHost(directory = 'dist/studio'): Promise<PlainHost> {
  const server = createServer(async (request, response) => {
    const { pathname } = new URL(request.url ?? '/', 'http://localhost');
    const path = pathname === '/' ? '/index.html' : normalize(pathname);
    const body = BARE[path] ?? (await readFile(join(directory, path)).catch(() => null));
    response.writeHead(body === null ? 404 : 200, { 'Content-Type': TYPES[extname(path)] ?? 'text/plain' });
    response.end(body);
  });
  await new Promise<void>((resolve) => server.listen(0, resolve));
  return {
    origin: `http://localhost:${(server.address() as AddressInfo).port}`,
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
