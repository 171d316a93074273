// All that is stored of a run as one file, for whoever wants to keep or send what this studio cannot read.
import { configure, Uint8ArrayReader, Uint8ArrayWriter, ZipWriter } from '@zip.js/zip.js';

// Workers of its own would be fetched from somewhere else.
configure({ useWebWorkers: false });

/** The row as `row.json`, with what is beside it stored as it lies; what cannot be read is left out. */
export async function zipOfRun(
  row: unknown,
  names: readonly string[],
  read: (name: string) => Promise<Uint8Array | null>,
): Promise<Uint8Array> {
  const zip = new ZipWriter<Uint8Array>(new Uint8ArrayWriter(), { level: 0 });
  await zip.add('row.json', new Uint8ArrayReader(new TextEncoder().encode(textOf(row))));
  for (const name of names) {
    const bytes = await read(name).catch(() => null);
    if (bytes !== null) await zip.add(name, new Uint8ArrayReader(bytes));
  }
  return zip.close();
}

/** Rows are plain data; one that is not is shown as far as it goes. */
function textOf(row: unknown): string {
  try {
    return JSON.stringify(row, null, 2) ?? String(row);
  } catch {
    return String(row);
  }
}
