// WebRTC is the one way out of a page that no policy in the page itself covers (docs/hosting.md): the studio takes the API away
// from whatever code might ever reach for it.

export function removePeerConnections(scope: object = globalThis): void {
  for (const name of ['RTCPeerConnection', 'webkitRTCPeerConnection']) Reflect.deleteProperty(scope, name);
}
