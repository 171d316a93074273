// The campaigns, in the order in which they run: the quick ones first, those in a browser last.
import type { Campaign } from './campaign.ts';
import { commandLines } from './campaigns/commandLines.ts';
import { damage } from './campaigns/damage.ts';
import { databaseDamaged } from './campaigns/databaseDamaged.ts';
import { devices } from './campaigns/devices.ts';
import { fullDisk } from './campaigns/fullDisk.ts';
import { gpuProcessKilled } from './campaigns/gpuProcessKilled.ts';
import { importKilled } from './campaigns/importKilled.ts';
import { kills } from './campaigns/kills.ts';
import { newerSchema } from './campaigns/newerSchema.ts';
import { pageKilled } from './campaigns/pageKilled.ts';
import { signals } from './campaigns/signals.ts';
import { tabs } from './campaigns/tabs.ts';

const IN_A_BROWSER: readonly Campaign[] = [pageKilled, importKilled, gpuProcessKilled, databaseDamaged, newerSchema];
export const CAMPAIGNS: readonly Campaign[] = [
  ...[commandLines, damage, fullDisk, kills, tabs, devices, signals],
  ...IN_A_BROWSER,
];
