// The command line: train, evaluate, inspect, list, tune. Others script against it; docs/ARCHITECTURE.md and `help` list what is stable.
import { runCommandLine } from './commandLine.ts';
import { beginProcess } from './runCommand.ts';

// Dawn keeps a process alive as long as a device exists.
process.exit(await runCommandLine(process.argv.slice(2), beginProcess()));
