// Inside a training step: what the method's networks see of the current batch and make of it, as the method declares it.
import { useEffect, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { STEP_VIEWS } from '../../../bridge/pictures/stepViews.ts';
import type { StepView } from '../../../domain/pictures.ts';
import type { Stage } from '../../../domain/recipe.ts';
import { stageName, viewName } from '../../i18n/names.ts';
import { useStudioState } from '../../stores/studioContext.ts';
import { ConfidenceScale } from '../../ui/ConfidenceScale.tsx';
import { drawPixels, paintClasses, paintPhoto } from '../../ui/pixels.ts';
import { paintMap } from '../../ui/viridis.ts';
import { definePane } from '../core/definePane.ts';
import { methodUnderWay } from '../core/methodUnderWay.ts';
import { PaneFrame } from '../core/PaneFrame.tsx';
import { useClassColours } from '../core/useClassColours.ts';
import { usePicture } from '../core/usePicture.ts';
import classes from './StepViews.module.css';
import { addStep, SEEN, tallySteps } from './seenSteps.ts';

const NO_STAGES: readonly Stage[] = [];

/** Pictures of one kind that fit below each other: three views of two images do. */
const ROWS = [0, 1, 2, 3, 4, 5] as const;

export const pane = definePane({
  id: 'step',
  order: 1,
  isOffered: (state) => (methodUnderWay(state)?.views ?? []).length > 0,
  Component: StepViews,
  tally: tallySteps,
});

function StepViews() {
  const { t } = useTranslation();
  const { frame } = usePicture(STEP_VIEWS, null, SEEN, addStep);
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
    <PaneFrame
      title={t('panes.step.name')}
      subtitle={
        frame === null ? t('panes.step.waiting') : t('panes.step.inStage', { step: frame.step, stage: stageOf })
      }
      testId="step-views"
    >
      <div className={classes.fit} style={layout as React.CSSProperties}>
        {views.map((view) => (
          <figure key={view.name} className={classes.view} data-testid={`view-${view.name}`}>
            <figcaption className={classes.caption}>
              <span className={classes.name} title={viewName(t, view)}>
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
    </PaneFrame>
  );
}

function ViewCanvas({ view, index }: { readonly view: StepView; readonly index: number }) {
  const { t } = useTranslation();
  const canvas = useRef<HTMLCanvasElement>(null);
  const colours = useClassColours();
  useEffect(() => {
    const { size, kind, values } = view;
    const pixels = size.width * size.height * (kind === 'image' ? 3 : 1);
    const picture = values.subarray(index * pixels, (index + 1) * pixels);
    if (canvas.current === null) return;
    drawPixels(canvas.current, size.width, size.height, (out) => {
      if (kind === 'image') paintPhoto(picture, out);
      else if (kind === 'map') paintMap(picture, out);
      else paintClasses(picture, colours, out);
    });
  }, [view, index, colours]);
  const label = t('pictures.viewOf', { name: viewName(t, view), number: index + 1 });
  return <canvas ref={canvas} className={classes.canvas} role="img" aria-label={label} />;
}
