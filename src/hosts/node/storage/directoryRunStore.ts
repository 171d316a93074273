// The command line's run store: the rules of every store over a folder.
import { randomUUID } from 'node:crypto';
import { KeptRunStore } from '../../../session/storage/runs/keptRunStore.ts';
import { DirectoryRunFiles } from './directoryRunFiles.ts';

export class DirectoryRunStore extends KeptRunStore {
  /** `mayWrite` is asked before anything is changed, and throws where the folder is not this process's any more. */
  constructor(directory: string, mayWrite: () => Promise<void> = async () => undefined) {
    super(new DirectoryRunFiles(directory, mayWrite), randomUUID);
  }
}
