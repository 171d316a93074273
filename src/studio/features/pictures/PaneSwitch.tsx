// Which pictures of a run are shown: the validation images, or the images that a training step learns from.
import { SegmentedControl } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { useStudio, useStudioState } from '../../stores/studioContext.ts';
import type { Pane } from '../../stores/view.ts';
import { usePanes } from './usePanes.ts';

const PANES: readonly Pane[] = ['validation', 'step'];

export function PaneSwitch() {
  const { t } = useTranslation();
  const { view } = useStudio();
  const { pane, hasChoice } = usePanes();
  const opened = useStudioState('runs', ({ current }) => current !== null);
  if (!opened || !hasChoice) return null;
  return (
    <SegmentedControl
      size="xs"
      value={pane}
      aria-label={t('pictures.pane')}
      data={PANES.map((value) => ({ value, label: t(`pictures.panes.${value}`) }))}
      onChange={(value) => view.setState({ pane: value === 'step' ? 'step' : 'validation' })}
      data-testid="pane"
    />
  );
}
