// The keys: what people know from players and annotation tools. Silent while typing, in dialogs, and with modifiers held.
import { useWindowEvent } from '@mantine/hooks';
import { stepRun, togglePlay } from '../stores/runActions.ts';
import type { Studio } from '../stores/studio.ts';
import { useStudio } from '../stores/studioContext.ts';
import { setOpacity, setThreshold } from '../stores/view.ts';

/** Keys as the sheet shows them; texts are under `shortcuts.<action>`. */
export const SHORTCUTS = [
  { action: 'play', keys: ['Space'] },
  { action: 'step', keys: ['.'] },
  { action: 'threshold', keys: [';', "'"] },
  { action: 'opacity', keys: ['[', ']'] },
  { action: 'probe', keys: ['←', '→', '↑', '↓'] },
  { action: 'help', keys: ['?'] },
] as const;

export function useShortcuts(onHelp: () => void): void {
  const studio = useStudio();
  useWindowEvent('keydown', (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || isBusyWithKeys(event)) return;
    if (act(studio, event.key, onHelp)) event.preventDefault();
  });
}

function act(studio: Studio, key: string, onHelp: () => void): boolean {
  const { view, runs } = studio;
  const { threshold, opacity } = view.getState();
  switch (key) {
    case ' ':
      togglePlay(studio);
      return true;
    case '.':
      if (runs.getState().state?.status === 'paused') stepRun(studio);
      return true;
    case ';':
      setThreshold(view, threshold - 0.01);
      return true;
    case "'":
      setThreshold(view, threshold + 0.01);
      return true;
    case '[':
      setOpacity(view, opacity - 0.05);
      return true;
    case ']':
      setOpacity(view, opacity + 0.05);
      return true;
    case '?':
      onHelp();
      return true;
    default:
      return false;
  }
}

function isBusyWithKeys({ target, key }: KeyboardEvent): boolean {
  if (!(target instanceof Element)) return false;
  if (target.closest('input:not([type="radio"], [type="checkbox"]), textarea, select, [contenteditable="true"]'))
    return true;
  if (target.closest('[role="dialog"]')) return key !== '?';
  return (
    key === ' ' && target.closest('button, a, input, [role="switch"], [role="option"], [role="menuitem"]') !== null
  );
}
