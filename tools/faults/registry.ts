// The campaigns, in the order in which they run: the quick ones first.
import type { Campaign } from './campaign.ts';
import { commandLines } from './campaigns/commandLines.ts';
import { signals } from './campaigns/signals.ts';

export const CAMPAIGNS: readonly Campaign[] = [commandLines, signals];
