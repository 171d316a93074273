// A run store that keeps nothing beyond its process.
import { KeptRunStore } from './runs/keptRunStore.ts';
import { MemoryRunFiles } from './runs/memoryRunFiles.ts';

export class MemoryRunStore extends KeptRunStore {
  constructor() {
    super(new MemoryRunFiles(), () => 'memory');
  }
}
