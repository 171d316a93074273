// The panel of the charts: how training goes, and, behind a small switch, how well the method fares and what it costs. Every
// metric of the run has its line in one of the three, whoever declares it.
import { SegmentedControl, VisuallyHidden } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { IconChartLine, IconCpu, IconGauge } from '../../ui/icons.tsx';
import { Panel } from '../../ui/Panel.tsx';
import classes from './ChartPanel.module.css';
import { GroupChart, ScoreChart, UnitCharts } from './Charts.tsx';

const VIEWS = ['training', 'quality', 'system'] as const;
type View = (typeof VIEWS)[number];
const ICONS = { training: IconChartLine, quality: IconGauge, system: IconCpu } as const;

export function ChartPanel() {
  const { t } = useTranslation();
  const [view, show] = useState<View>('training');
  const choice = (
    <SegmentedControl
      size="xs"
      className={classes.choice ?? ''}
      value={view}
      aria-label={t('charts.view')}
      data={VIEWS.map((value) => ({ value, label: <Choice view={value} /> }))}
      onChange={(value) => show(VIEWS.find((name) => name === value) ?? 'training')}
      data-testid="chart-view"
    />
  );
  const name = t(`charts.views.${view}`);
  return (
    <Panel title={name} aside={choice}>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: there may be more charts than fit; then they scroll, by keyboard as well. */}
      <section className={classes.charts} aria-label={t('charts.view')} tabIndex={0}>
        {view === 'training' && (
          <>
            <GroupChart group="loss" />
            <GroupChart group="rate" />
          </>
        )}
        {view === 'quality' && (
          <>
            <UnitCharts group="quality" />
            <ScoreChart score="aAcc" />
          </>
        )}
        {view === 'system' && <UnitCharts group="system" />}
      </section>
    </Panel>
  );
}

function Choice({ view }: { readonly view: View }) {
  const { t } = useTranslation();
  const Icon = ICONS[view];
  const name = t(`charts.views.${view}`);
  return (
    <span title={name}>
      <Icon size={14} style={{ display: 'block' }} />
      <VisuallyHidden>{name}</VisuallyHidden>
    </span>
  );
}
