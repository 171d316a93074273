// One drop imported in Node, as the page imports it: what the report says, and a digest of every tile.
import { createHash } from 'node:crypto';
import type { Split } from '../../src/domain/dataset.ts';
import type { ImportOptions } from '../../src/domain/importing.ts';
import { nodePhotoDecoder } from '../../src/hosts/node/decodePhoto.ts';
import { nodeClock } from '../../src/hosts/node/nodeClock.ts';
import { filesAt } from '../../src/hosts/node/storage/nodeFiles.ts';
import { createDatasets } from '../../src/session/datasets/datasets.ts';
import { MemoryTileStore } from '../../src/session/storage/memoryTileStore.ts';

/** Findings without their texts: paths and codes, which are the same in every host. */
export async function importDigest(paths: readonly string[], options: ImportOptions): Promise<Record<string, unknown>> {
  const tileStore = new MemoryTileStore();
  const datasets = createDatasets(
    { tileStore, decoder: nodePhotoDecoder, openFiles: async () => filesAt(paths), clock: nodeClock },
    () => {},
  );
  const report = await datasets.inspect([]);
  const id = await datasets.start(report.reportId, options);
  await datasets.settled(id);
  const [info] = await tileStore.listDatasets();
  const { issues } = await datasets.findings(id);
  const digest = createHash('sha256');
  const jpegs: Uint8Array[] = [];
  for (const split of ['train', 'val'] as Split[]) {
    const count = info?.splits[split].tiles ?? 0;
    for (const { name, image, labels } of await tileStore.read(id, split, [...Array(count).keys()])) {
      digest.update(name);
      // Decoders round JPEGs differently.
      if (name.includes('jena')) jpegs.push(image);
      else digest.update(image);
      if (labels !== null) digest.update(labels);
    }
  }
  return {
    layout: info?.layout,
    coding: info?.coding?.id,
    splits: info?.splits,
    classPixels: info?.classPixels,
    findings: issues.map(({ code, path: file }) => `${code} ${file}`),
    jpegs: Buffer.concat(jpegs).toString('base64'),
    tiles: digest.digest('hex'),
  };
}
