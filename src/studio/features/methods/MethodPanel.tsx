// How to train: network, method, the method's own parameters, seed and length. All of it comes from what the worker declares.
import { Collapse, Group, NumberInput, SegmentedControl, Select, Stack, Text, UnstyledButton } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { IconChevronRight } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import type { MethodInfo } from '../../../domain/run.ts';
import { formatCount } from '../../i18n/format.ts';
import { methodHelp, methodName, networkHelp, networkName } from '../../i18n/names.ts';
import type { DraftState } from '../../stores/draft.ts';
import { useStudio, useStudioState } from '../../stores/studioContext.ts';
import classes from './MethodPanel.module.css';
import { ParamField } from './ParamField.tsx';

type NumberSetting = 'labelledTargets' | 'seed' | 'steps' | 'evaluateEvery' | 'evaluationImages';

export function MethodPanel() {
  const { t } = useTranslation();
  const { draft } = useStudio();
  const methods = useStudioState('engine', (state) => state.methods);
  const networks = useStudioState('engine', (state) => state.networks);
  const methodId = useStudioState('draft', (state) => state.method);
  const networkId = useStudioState('draft', (state) => state.network);
  const [more, { toggle }] = useDisclosure(false);
  const method = methods.find(({ id }) => id === methodId);
  const network = networks.find(({ id }) => id === networkId);
  return (
    <Stack gap={12}>
      <Select
        label={t('settings.method')}
        value={methodId}
        data={methods.map(({ id }) => ({ value: id, label: methodName(t, id) }))}
        onChange={(value) => value !== null && draft.setState({ method: value })}
        description={methodHelp(t, methodId)}
        inputWrapperOrder={['label', 'input', 'description']}
        data-testid="method"
      />
      {method?.needs.targetLabels === true && <NumberField setting="labelledTargets" min={1} max={100_000} step={1} />}
      <div>
        <Group justify="space-between" mb={4}>
          <Text size="xs" fw={500} id="network-label">
            {t('settings.network')}
          </Text>
          <Text size="xs" c="dimmed" className="tabular">
            {network === undefined ? '' : t('settings.parameters', { count: formatCount(network.parameters) })}
          </Text>
        </Group>
        <SegmentedControl
          fullWidth
          aria-labelledby="network-label"
          value={networkId}
          data={networks.map(({ id }) => ({ value: id, label: networkName(t, id) }))}
          onChange={(value) => draft.setState({ network: value })}
          data-testid="network"
        />
        <Text size="xs" c="dimmed" mt={4}>
          {networkHelp(t, networkId)}
        </Text>
      </div>
      <Group grow gap={12}>
        <NumberField setting="steps" min={1} max={1_000_000} step={100} />
        <NumberField setting="seed" min={0} max={2147483647} step={1} />
      </Group>
      <UnstyledButton className={classes.more ?? ''} onClick={toggle} aria-expanded={more}>
        <IconChevronRight size={14} data-open={more || undefined} />
        {t('settings.more')}
      </UnstyledButton>
      <Collapse expanded={more}>
        <div className={classes.fields}>
          {method !== undefined && <ParamFields method={method} />}
          <NumberField setting="evaluateEvery" min={1} max={1_000_000} step={10} />
          <NumberField setting="evaluationImages" min={0} max={100_000} step={4} />
        </div>
      </Collapse>
    </Stack>
  );
}

function ParamFields({ method }: { readonly method: MethodInfo }) {
  const { draft } = useStudio();
  const chosen = useStudioState('draft', (state) => state.params[method.id]);
  return Object.entries(method.params).map(([name, spec]) => (
    <ParamField
      key={name}
      name={name}
      spec={spec}
      value={chosen?.[name] ?? spec.default}
      onChange={(value) =>
        draft.setState(({ params }) => ({
          params: { ...params, [method.id]: { ...params[method.id], [name]: value } },
        }))
      }
    />
  ));
}

interface NumberFieldProps {
  readonly setting: NumberSetting;
  readonly min: number;
  readonly max: number;
  readonly step: number;
}

function NumberField({ setting, min, max, step }: NumberFieldProps) {
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
      allowDecimal={false}
      clampBehavior="strict"
      onChange={(next) => {
        if (typeof next === 'number') draft.setState({ [setting]: next } satisfies Partial<DraftState>);
      }}
      data-testid={`setting-${setting}`}
    />
  );
}
