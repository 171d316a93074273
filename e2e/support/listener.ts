// Somebody elsewhere who would like to have what is on the page: answers every origin and writes down what reached it, by HTTP,
// as a WebSocket or as a datagram.
import { createSocket } from 'node:dgram';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface Listener {
  readonly httpPort: number;
  /** For whatever speaks by datagrams: WebRTC's STUN, WebTransport. */
  readonly udpPorts: Readonly<Record<'webrtc' | 'webtransport', number>>;
  /** Ways that reached it since the last `forget`, in order of their names. */
  heard(): readonly string[];
  forget(): void;
  close(): Promise<void>;
}

export async function startListener(): Promise<Listener> {
  const heard = new Set<string>();
  const server = createServer((request, response) => {
    heard.add(wayOf(request.url));
    response.writeHead(200, {
      'Access-Control-Allow-Origin': '*',
      'Cross-Origin-Resource-Policy': 'cross-origin',
      'Content-Type': 'text/javascript',
    });
    response.end('export {};');
  });
  server.on('upgrade', (request, socket) => {
    heard.add(wayOf(request.url));
    socket.destroy();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const datagrams = async (way: string) => {
    const socket = createSocket('udp4');
    socket.on('message', () => heard.add(way));
    await new Promise<void>((resolve) => socket.bind(0, '127.0.0.1', resolve));
    return socket;
  };
  const [webrtc, webtransport] = [await datagrams('webrtc'), await datagrams('webtransport')];
  return {
    httpPort: (server.address() as AddressInfo).port,
    udpPorts: { webrtc: webrtc.address().port, webtransport: webtransport.address().port },
    heard: () => [...heard].sort(),
    forget: () => heard.clear(),
    close: async () => {
      webrtc.close();
      webtransport.close();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

const wayOf = (url = ''): string => url.slice(1).replace(/\?.*$/, '');
