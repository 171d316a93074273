// Files that the page holds, asked for one by one: a File costs the browser a call or two, and a drop may name a hundred thousand.
import type { SourceFile } from '../../data/ports.ts';
import type { BrowserFile } from './blobBytes.ts';

/** What the page answers: the file, or why it could not be opened. */
export type PageAnswer = { readonly id: number } & ({ readonly blob: Blob } | { readonly error: string });
/** What it is asked: a file by its place in the drop. */
export interface PageAsk {
  readonly id: number;
  readonly index: number;
}

export class PageFiles {
  private readonly port: MessagePort;
  private readonly waiting = new Map<number, { resolve(blob: Blob): void; reject(error: Error): void }>();
  private asked = 0;

  constructor(port: MessagePort) {
    this.port = port;
    port.onmessage = ({ data }: MessageEvent<PageAnswer>) => {
      const asker = this.waiting.get(data.id);
      this.waiting.delete(data.id);
      if ('blob' in data) asker?.resolve(data.blob);
      else asker?.reject(new Error(data.error));
    };
  }

  /** Rejects with the browser's reason where the file cannot be opened. */
  open(index: number): Promise<Blob> {
    const id = this.asked++;
    return new Promise((resolve, reject) => {
      this.waiting.set(id, { resolve, reject });
      this.port.postMessage({ id, index } satisfies PageAsk);
    });
  }

  file(path: string, index: number): SourceFile {
    return new PageFile(path, () => this.open(index));
  }
}

/** Its size is known once it was opened. */
class PageFile implements BrowserFile {
  readonly path: string;
  sizeBytes: number | null = null;
  private readonly ask: () => Promise<Blob>;

  constructor(path: string, ask: () => Promise<Blob>) {
    this.path = path;
    this.ask = ask;
  }

  async open(): Promise<Blob> {
    const blob = await this.ask();
    this.sizeBytes = blob.size;
    return blob;
  }

  async askSize(): Promise<number> {
    return this.sizeBytes ?? (await this.open()).size;
  }

  async bytes(): Promise<Uint8Array> {
    return new Uint8Array(await (await this.open()).arrayBuffer());
  }
}
