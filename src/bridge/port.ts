// The smallest thing two sides can talk over: a Worker, a worker's own scope, or an in-memory pair in tests.

export interface Port<Out, In> {
  /** `transfer` lists buffers and ports that move instead of being copied. */
  post(message: Out, transfer?: readonly object[]): void;
  listen(receive: (message: In) => void): void;
  close(): void;
}

/** Two connected ports that deliver clones in order, asynchronously, like a real thread boundary. */
export function portPair<A, B>(): [Port<A, B>, Port<B, A>] {
  let toLeft: ((message: B) => void) | null = null;
  let toRight: ((message: A) => void) | null = null;
  let open = true;
  const later = (deliver: () => void) => {
    setTimeout(() => {
      if (open) deliver();
    }, 0);
  };
  const close = () => {
    open = false;
  };
  return [
    {
      post: (message, transfer = []) => {
        const copy = structuredClone(message, { transfer: [...transfer] });
        later(() => toRight?.(copy));
      },
      listen: (receive) => {
        toLeft = receive;
      },
      close,
    },
    {
      post: (message, transfer = []) => {
        const copy = structuredClone(message, { transfer: [...transfer] });
        later(() => toLeft?.(copy));
      },
      listen: (receive) => {
        toRight = receive;
      },
      close,
    },
  ];
}
