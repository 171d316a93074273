// The network that is trained, by name, size and cost, and what can be chosen about how it is built.
import { Collapse, Group, Select, Text, UnstyledButton } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { useTranslation } from 'react-i18next';
import type { ParamSpecs, ParamValue } from '../../../domain/params.ts';
import { formatCount } from '../../i18n/format.ts';
import { networkHelp, networkName } from '../../i18n/names.ts';
import { withParam } from '../../stores/draft.ts';
import { useStudio, useStudioState } from '../../stores/studioContext.ts';
import { IconChevronRight } from '../../ui/icons.tsx';
import { ParamFields } from '../../ui/ParamFields.tsx';
import classes from './MethodPanel.module.css';

export function NetworkPicker() {
  const { t } = useTranslation();
  const { draft } = useStudio();
  const networks = useStudioState('engine', (state) => state.networks);
  const networkId = useStudioState('draft', (state) => state.network);
  const network = networks.find(({ id }) => id === networkId);
  const specs = network?.params ?? {};
  const size = network === undefined ? '' : t('settings.parameters', { count: formatCount(network.parameters) });
  return (
    <>
      <Select
        label={
          <Group component="span" justify="space-between" wrap="nowrap">
            <span>{t('settings.network')}</span>
            <Text component="span" size="xs" c="dimmed" className="tabular">
              {size}
            </Text>
          </Group>
        }
        labelProps={{ style: { display: 'block' } }}
        aria-label={t('settings.network')}
        value={networkId}
        data={networks.map(({ id, label }) => ({ value: id, label: networkName(t, id, label) }))}
        onChange={(value) => value !== null && draft.setState({ network: value })}
        description={networkHelp(t, networkId)}
        inputWrapperOrder={['label', 'input', 'description']}
        allowDeselect={false}
        data-testid="network"
      />
      {Object.keys(specs).length > 0 && <NetworkOptions key={networkId} id={networkId} specs={specs} />}
    </>
  );
}

function NetworkOptions({ id, specs }: { readonly id: string; readonly specs: ParamSpecs }) {
  const { t } = useTranslation();
  const { draft } = useStudio();
  const chosen = useStudioState('draft', (state) => state.networkParams[id]) ?? {};
  const [open, { toggle }] = useDisclosure(Object.keys(chosen).length > 0);
  const set = (name: string, value: ParamValue): void =>
    draft.setState(({ networkParams }) => ({
      networkParams: { ...networkParams, [id]: withParam(specs, networkParams[id] ?? {}, name, value) },
    }));
  return (
    <div>
      <UnstyledButton
        className={classes.more ?? ''}
        onClick={toggle}
        aria-expanded={open}
        data-testid="network-options"
      >
        <IconChevronRight size={14} data-open={open || undefined} />
        {t('settings.networkOptions')}
      </UnstyledButton>
      <Collapse expanded={open}>
        <div className={classes.fields}>
          <ParamFields specs={specs} chosen={chosen} onChange={set} />
        </div>
      </Collapse>
    </div>
  );
}
