// Which pane is shown, where there are several.
import { SegmentedControl } from '@mantine/core';
import { use } from 'react';
import { useTranslation } from 'react-i18next';
import { paneName } from '../../i18n/names.ts';
import { useStudio } from '../../stores/studioContext.ts';
import { PaneChoiceContext } from './paneChoice.ts';

export function PaneSwitch() {
  const { t } = useTranslation();
  const { view } = useStudio();
  const { pane, panes } = use(PaneChoiceContext);
  if (pane === null || panes.length < 2) return null;
  return (
    <SegmentedControl
      size="xs"
      value={pane.id}
      aria-label={t('pictures.pane')}
      data={panes.map(({ id }) => ({ value: id, label: paneName(t, id) }))}
      onChange={(id) => view.setState({ pane: id })}
      data-testid="pane"
    />
  );
}
