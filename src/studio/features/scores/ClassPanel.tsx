// The panel of the classes: IoU with the ablation step before as a mark, or what the threshold keeps of each class in the pictures
// above, with the share that is right as a mark.
import { SegmentedControl, Text } from '@mantine/core';
import type { TFunction } from 'i18next';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { formatCount, formatPercent } from '../../i18n/format.ts';
import { stageName } from '../../i18n/names.ts';
import type { Kept } from '../../panes/core/definePane.ts';
import { useKept } from '../../panes/core/useKept.ts';
import { previousAblationStep } from '../../stores/stageScores.ts';
import { useStudio, useStudioState } from '../../stores/studioContext.ts';
import { Panel } from '../../ui/Panel.tsx';
import { ClassBars } from './ClassBars.tsx';
import classes from './ClassPanel.module.css';

const MEASURES = ['iou', 'kept'] as const;
const NONE: readonly null[] = [];

export function ClassPanel() {
  const { t } = useTranslation();
  const { view } = useStudio();
  const measure = useStudioState('view', (state) => state.bars);
  const choice = (
    <SegmentedControl
      size="xs"
      className={classes.choice ?? ''}
      value={measure}
      aria-label={t('scores.measure')}
      data={MEASURES.map((value) => ({ value, label: t(`scores.measures.${value}`) }))}
      onChange={(value) => view.setState({ bars: value === 'kept' ? 'kept' : 'iou' })}
      data-testid="measure"
    />
  );
  return (
    <Panel title={t(`scores.perClass.${measure}`)} aside={choice}>
      {measure === 'iou' ? <IouBars /> : <KeptBars />}
    </Panel>
  );
}

function IouBars() {
  const { t } = useTranslation();
  const evaluations = useStudioState('metrics', (state) => state.evaluations);
  const recipe = useStudioState('runs', ({ current }) => current?.config.recipe ?? null);
  const before = useMemo(
    () => (recipe === null ? null : previousAblationStep(recipe, evaluations)),
    [recipe, evaluations],
  );
  return (
    <>
      {before !== null && (
        <Text className={classes.note}>{t('scores.markIs', { name: stageName(t, before.stage) })}</Text>
      )}
      <ClassBars
        values={evaluations.at(-1)?.scores.iou ?? NONE}
        marks={before?.evaluation.scores.iou ?? NONE}
        measure="iou"
      />
    </>
  );
}

function KeptBars() {
  const { t } = useTranslation();
  const kept = useKept();
  const isJudged = kept?.right.some((share) => share !== null) === true;
  return (
    <>
      <Text className={classes.note} data-testid="kept-note">
        {kept === null ? t('scores.keptNone') : captionOf(t, kept)}
        {isJudged && ` ${t('scores.markIsRight')}`}
      </Text>
      <ClassBars values={kept?.coverage ?? NONE} marks={kept?.right ?? NONE} measure="kept" />
    </>
  );
}

function captionOf(t: TFunction, { caption, images, threshold }: Kept): string {
  return t(caption, { images: formatCount(images), threshold: formatPercent(threshold, 2) });
}
