// How to train: a recipe or a single method with its parameters, network, seed and length. All of it comes from what the
// worker declares.
import { Collapse, Group, NumberInput, Stack, UnstyledButton } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { useTranslation } from 'react-i18next';
import type { MethodInfo } from '../../../domain/method.ts';
import type { ParamValue } from '../../../domain/params.ts';
import { asksForLabels, type DraftState, recipeOf, withParam } from '../../stores/draft.ts';
import { useStudio, useStudioState } from '../../stores/studioContext.ts';
import { IconChevronRight } from '../../ui/icons.tsx';
import { ParamFields } from '../../ui/ParamFields.tsx';
import classes from './MethodPanel.module.css';
import { NetworkPicker } from './NetworkPicker.tsx';
import { RecipePicker } from './RecipePicker.tsx';
import { StageList } from './StageList.tsx';

type NumberSetting = 'recipeLength' | 'labelledTargets' | 'seed' | 'steps' | 'evaluateEvery' | 'evaluationImages';

export function MethodPanel() {
  const { t } = useTranslation();
  const offer = useStudioState('engine', (state) => state);
  const draft = useStudioState('draft', (state) => state);
  const [more, { toggle }] = useDisclosure(false);
  const recipe = recipeOf(draft, offer);
  const method = draft.recipe === null ? offer.methods.find(({ id }) => id === draft.method) : undefined;
  return (
    <Stack gap={12}>
      <RecipePicker />
      {draft.recipe !== null && recipe !== null && <StageList recipe={recipe} />}
      {recipe !== null && asksForLabels(recipe, offer.methods) && (
        <NumberField setting="labelledTargets" min={1} max={100_000} step={1} />
      )}
      <NetworkPicker />
      <Group grow gap={12}>
        {draft.recipe === null ? (
          <NumberField setting="steps" min={1} max={1_000_000} step={100} />
        ) : (
          <NumberField setting="recipeLength" min={0.01} max={1000} step={10} decimal />
        )}
        <NumberField setting="seed" min={0} max={2147483647} step={1} />
      </Group>
      <UnstyledButton className={classes.more ?? ''} onClick={toggle} aria-expanded={more}>
        <IconChevronRight size={14} data-open={more || undefined} />
        {t(draft.recipe === null ? 'settings.more' : 'settings.evaluation')}
      </UnstyledButton>
      <Collapse expanded={more}>
        <div className={classes.fields}>
          {method !== undefined && <MethodFields method={method} />}
          <NumberField setting="evaluateEvery" min={1} max={1_000_000} step={10} />
          <NumberField setting="evaluationImages" min={0} max={100_000} step={4} />
        </div>
      </Collapse>
    </Stack>
  );
}

function MethodFields({ method }: { readonly method: MethodInfo }) {
  const { draft } = useStudio();
  const chosen = useStudioState('draft', (state) => state.params[method.id]) ?? {};
  const set = (name: string, value: ParamValue): void =>
    draft.setState(({ params }) => ({
      params: { ...params, [method.id]: withParam(method.params, params[method.id] ?? {}, name, value) },
    }));
  return <ParamFields specs={method.params} chosen={chosen} onChange={set} />;
}

interface NumberFieldProps {
  readonly setting: NumberSetting;
  readonly min: number;
  readonly max: number;
  readonly step: number;
  readonly decimal?: boolean;
}

function NumberField({ setting, min, max, step, decimal = false }: NumberFieldProps) {
  const { t } = useTranslation();
  const { draft } = useStudio();
  const value = useStudioState('draft', (state) => state[setting]);
  return (
    <NumberInput
      label={t(`settings.${setting}`)}
      title={t(`settings.${setting}Help`)}
      value={value}
      min={min}
      max={max}
      step={step}
      allowDecimal={decimal}
      clampBehavior="strict"
      onChange={(next) => {
        if (typeof next === 'number') draft.setState({ [setting]: next } satisfies Partial<DraftState>);
      }}
      data-testid={`setting-${setting}`}
    />
  );
}
