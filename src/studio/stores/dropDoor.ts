// The worker's way to files that the page holds: it asks by a file's place in the drop, and only then is the file opened.

/** A file of a drop, or a folder that could not be listed: then nothing opens it. */
export interface PageFile {
  readonly path: string;
  readonly open: (() => Promise<Blob>) | null;
}

/** A port that answers for these files as long as anybody holds its other end. */
export function doorTo(files: readonly PageFile[]): MessagePort {
  const { port1, port2 } = new MessageChannel();
  port1.onmessage = ({ data: { id, index } }: MessageEvent<{ id: number; index: number }>) => {
    const open = files[index]?.open;
    const answer = open ? open() : Promise.reject(new Error('There is no such file.'));
    answer.then(
      (blob) => port1.postMessage({ id, blob }),
      (error: unknown) => port1.postMessage({ id, error: String(error) }),
    );
  };
  return port2;
}
