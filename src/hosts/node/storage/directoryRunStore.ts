// The command line's run store: the rules of every store over a folder.
import { randomUUID } from 'node:crypto';
import { KeptRunStore } from '../../../session/storage/runs/keptRunStore.ts';
import { DirectoryRunFiles } from './directoryRunFiles.ts';

export class DirectoryRunStore extends KeptRunStore {
  constructor(directory: string) {
    super(new DirectoryRunFiles(directory), randomUUID);
  }
}
