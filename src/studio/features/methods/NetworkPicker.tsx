// The network that is trained, by name, size and cost.
import { Group, Select, Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { formatCount } from '../../i18n/format.ts';
import { networkHelp, networkName } from '../../i18n/names.ts';
import { useStudio, useStudioState } from '../../stores/studioContext.ts';

export function NetworkPicker() {
  const { t } = useTranslation();
  const { draft } = useStudio();
  const networks = useStudioState('engine', (state) => state.networks);
  const networkId = useStudioState('draft', (state) => state.network);
  const network = networks.find(({ id }) => id === networkId);
  const size = network === undefined ? '' : t('settings.parameters', { count: formatCount(network.parameters) });
  return (
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
      data={networks.map(({ id }) => ({ value: id, label: networkName(t, id) }))}
      onChange={(value) => value !== null && draft.setState({ network: value })}
      description={networkHelp(t, networkId)}
      inputWrapperOrder={['label', 'input', 'description']}
      allowDeselect={false}
      data-testid="network"
    />
  );
}
