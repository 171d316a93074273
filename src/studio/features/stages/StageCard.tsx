// One stage's settings. While it is not over they can be changed: the change lands at the next step and stays on record.
import { Button, Stack, Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { ParamValue } from '../../../domain/params.ts';
import type { Stage, TrainStage } from '../../../domain/recipe.ts';
import { formatCount } from '../../i18n/format.ts';
import { methodHelp, paramName, paramValue, stageName } from '../../i18n/names.ts';
import { PANES } from '../../panes/core/registry.ts';
import { setStageParam } from '../../stores/runActions.ts';
import { isUnfinished } from '../../stores/runs.ts';
import { stageParam } from '../../stores/stageParams.ts';
import { useStudio, useStudioState } from '../../stores/studioContext.ts';
import { ParamField } from '../../ui/ParamField.tsx';
import classes from './StageCard.module.css';

export function StageCard({ stage, isOver }: { readonly stage: Stage; readonly isOver: boolean }) {
  const { t } = useTranslation();
  return (
    <Stack gap={8}>
      <Text fw={650} size="sm">
        {stageName(t, stage)}
      </Text>
      {stage.kind === 'train' ? (
        <TrainSettings stage={stage} isOver={isOver} />
      ) : (
        <MakingCard stage={stage} isOver={isOver} />
      )}
    </Stack>
  );
}

function MakingCard({ stage, isOver }: { readonly stage: Exclude<Stage, TrainStage>; readonly isOver: boolean }) {
  const { t } = useTranslation();
  const { view, pictures } = useStudio();
  const pane = PANES.find(({ showsStage }) => showsStage?.(stage) === true);
  const show = (id: string): void => {
    pictures.setState({ stage: stage.id });
    view.setState({ pane: id });
  };
  return (
    <>
      <Text size="xs" c="dimmed">
        {t(stage.kind === 'translate' ? 'stages.translateHelp' : 'stages.pseudoLabelHelp')}
      </Text>
      {isOver && pane !== undefined && (
        <Button size="xs" variant="light" onClick={() => show(pane.id)} data-testid={`show-${stage.id}`}>
          {t('stages.showMade')}
        </Button>
      )}
    </>
  );
}

function TrainSettings({ stage, isOver }: { readonly stage: TrainStage; readonly isOver: boolean }) {
  const { t } = useTranslation();
  const studio = useStudio();
  const methods = useStudioState('engine', (state) => state.methods);
  const changes = useStudioState('runs', (state) => state.changes);
  const status = useStudioState('runs', ({ state }) => state?.status ?? null);
  const method = methods.find(({ id }) => id === stage.method);
  if (method === undefined) return null;
  const fixed = isOver || status === null || !isUnfinished(status);
  const current = (name: string, initial: ParamValue): ParamValue => stageParam(stage, changes, name, initial);
  return (
    <>
      <Text size="xs" c="dimmed">
        {methodHelp(t, method.id)} {t('stages.steps', { count: stage.steps, steps: formatCount(stage.steps) })}
      </Text>
      <div className={classes.fields}>
        {Object.entries(method.params).map(([name, spec]) =>
          fixed || spec.fixed === true ? (
            <div key={name}>
              <span className={classes.label}>{paramName(t, name, spec)}</span>
              <span className={classes.value}>{paramValue(t, name, current(name, spec.default))}</span>
            </div>
          ) : (
            <ParamField
              key={name}
              name={name}
              spec={spec}
              value={current(name, spec.default)}
              onChange={(value) => void setStageParam(studio, stage.id, name, value)}
            />
          ),
        )}
      </div>
    </>
  );
}
