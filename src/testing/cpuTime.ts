// Measures the processor time of a test file, its imports and the software GPU's threads included: what it costs whatever
// else the machine does. Every project runs its files one after the other in a process of its own, so the process's time is
// the file's. tools/check/reporter.mjs writes it down.
import { afterEach } from 'vitest';

const before = process.cpuUsage();

afterEach(({ task }) => {
  const { user, system } = process.cpuUsage(before);
  Object.assign(task.file.meta, { cpuMs: (user + system) / 1000 });
});
