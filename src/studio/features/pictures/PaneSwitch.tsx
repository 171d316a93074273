// Which pictures of a run are shown: the validation images, or the images that a training step learns from.
import { SegmentedControl } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { useStudio, useStudioState } from '../../stores/studioContext.ts';
import { usePanes } from '../../stores/usePanes.ts';

export function PaneSwitch() {
  const { t } = useTranslation();
  const { view } = useStudio();
  const { pane, panes } = usePanes();
  const opened = useStudioState('runs', ({ current }) => current !== null);
  if (!opened || panes.length < 2) return null;
  return (
    <SegmentedControl
      size="xs"
      value={pane}
      aria-label={t('pictures.pane')}
      data={panes.map((value) => ({ value, label: t(`pictures.panes.${value}`) }))}
      onChange={(value) => view.setState({ pane: panes.find((one) => one === value) ?? 'validation' })}
      data-testid="pane"
    />
  );
}
