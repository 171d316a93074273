// The networks there are. A new one is a file beside this and a line in the list.
import { StudioError } from '../../domain/errors.ts';
import type { NetworkEntry } from './core/network.ts';
import { deepLabV2ResNet50, deepLabV2ResNet101 } from './deepLabV2.ts';
import { lite } from './lite.ts';
import { deepLabV3ResNet50, fcnResNet50 } from './torchvision.ts';
import { toy } from './toy.ts';

export const NETWORKS: readonly NetworkEntry[] = [
  toy,
  lite,
  deepLabV2ResNet50,
  deepLabV2ResNet101,
  deepLabV3ResNet50,
  fcnResNet50,
];

/** Throws `config.invalid` for an id that is not listed. */
export function networkEntry(id: string): NetworkEntry {
  const entry = NETWORKS.find(({ info }) => info.id === id);
  if (entry !== undefined) return entry;
  const known = NETWORKS.map(({ info }) => info.id).join(', ');
  throw new StudioError('config.invalid', `There is no network "${id}".`, `Choose one of: ${known}.`, { network: id });
}
