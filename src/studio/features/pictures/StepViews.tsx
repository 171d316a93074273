// Inside a training step: what the method's networks see of the current batch and make of it, as the method declares it.
import { Group, Text } from '@mantine/core';
import { useEffect, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { STEP_VIEWS } from '../../../bridge/pictures/stepViews.ts';
import type { StepView, ViewsFrame } from '../../../domain/pictures.ts';
import type { Stage } from '../../../domain/recipe.ts';
import { stageName, viewName } from '../../i18n/names.ts';
import { addViews } from '../../stores/pictures.ts';
import { pullPictures } from '../../stores/pullPictures.ts';
import { useStudio, useStudioState } from '../../stores/studioContext.ts';
import { classColours, drawPixels, paintClasses, paintPhoto } from '../../ui/pixels.ts';
import { ConfidenceScale } from './ConfidenceScale.tsx';
import { PaneSwitch } from './PaneSwitch.tsx';
import classes from './PictureGrid.module.css';
import { paintMap } from './paint.ts';
import own from './StepViews.module.css';

const NO_STAGES: readonly Stage[] = [];

/** Pictures of one kind that fit below each other: three views of two images do. */
const ROWS = [0, 1, 2, 3, 4, 5] as const;

export function StepViews() {
  const { t } = useTranslation();
  const studio = useStudio();
  const runId = useStudioState('runs', ({ current }) => current?.runId ?? null);
  const frame = useStudioState('pictures', (state) => state.views);
  useEffect(() => {
    if (runId === null) return;
    let watched = true;
    const show = (views: ViewsFrame): void => addViews(studio.pictures, views);
    void pullPictures(studio, runId, STEP_VIEWS, null, () => watched, show);
    return () => {
      watched = false;
    };
  }, [studio, runId]);
  const stages = useStudioState('runs', ({ current }) => current?.config.recipe.stages ?? NO_STAGES);
  const shown = stages.find(({ id }) => id === frame?.stage);
  const stageOf = shown === undefined ? '' : stageName(t, shown);
  const views = frame?.views ?? [];
  const rows = Math.min(ROWS.length, Math.max(1, ...views.map(({ count }) => count)));
  const [first] = views;
  const layout = {
    '--rows': rows,
    '--columns': Math.max(1, views.length),
    '--aspect': first === undefined ? 2 : first.size.width / first.size.height,
  };
  return (
    <section className={classes.stage} aria-label={t('pictures.panes.step')} data-testid="step-views">
      <Group justify="space-between" gap="xs" className={classes.toolbar}>
        <div className={classes.heading}>
          <Text component="h2" className={classes.title}>
            {t('pictures.panes.step')}
          </Text>
          <Text className={classes.subtitle}>
            {frame === null
              ? t('pictures.waitingForStep')
              : t('pictures.inStage', { step: frame.step, stage: stageOf })}
          </Text>
        </div>
        <PaneSwitch />
      </Group>
      <div className={own.fit} style={layout as React.CSSProperties}>
        {views.map((view) => (
          <figure key={view.name} className={own.view} data-testid={`view-${view.name}`}>
            <figcaption className={own.caption}>
              <span className={own.name} title={viewName(t, view)}>
                {viewName(t, view)}
              </span>
              {view.kind === 'map' && <ConfidenceScale />}
            </figcaption>
            {ROWS.filter((row) => row < view.count).map((row) => (
              <ViewCanvas key={row} view={view} index={row} />
            ))}
          </figure>
        ))}
      </div>
    </section>
  );
}

function ViewCanvas({ view, index }: { readonly view: StepView; readonly index: number }) {
  const { t } = useTranslation();
  const canvas = useRef<HTMLCanvasElement>(null);
  const hidden = useStudioState('view', (state) => state.hidden);
  useEffect(() => {
    const { size, kind, values } = view;
    const pixels = size.width * size.height * (kind === 'image' ? 3 : 1);
    const picture = values.subarray(index * pixels, (index + 1) * pixels);
    if (canvas.current === null) return;
    drawPixels(canvas.current, size.width, size.height, (out) => {
      if (kind === 'image') paintPhoto(picture, out);
      else if (kind === 'map') paintMap(picture, out);
      else paintClasses(picture, classColours(hidden), out);
    });
  }, [view, index, hidden]);
  const label = t('pictures.viewOf', { name: viewName(t, view), number: index + 1 });
  return <canvas ref={canvas} className={own.canvas} role="img" aria-label={label} />;
}
