// The debug panel, at `/?debug`: what a training step takes on the GPU, which kernels convolutions run with, and the text of
// every program. In English: it is for who reads the code.
import { Button, Code, Drawer, Group, NavLink, Table, Text } from '@mantine/core';
import { useCallback, useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { DebugInfo } from '../../../domain/debug.ts';
import { serialiseError } from '../../../domain/errors.ts';
import { formatBytes, formatCount } from '../../i18n/format.ts';
import { reportFailure } from '../../stores/engine.ts';
import { useStudio } from '../../stores/studioContext.ts';

export function DebugPanel() {
  const { t } = useTranslation();
  const { client, engine } = useStudio();
  const [opened, setOpened] = useState(true);
  const [info, setInfo] = useState<DebugInfo | null>(null);
  const inspect = useCallback(() => {
    client.request('debug.inspect', {}).then(setInfo, (error) => reportFailure(engine, serialiseError(error)));
  }, [client, engine]);
  useEffect(inspect, [inspect]);
  return (
    <>
      <Button size="compact-xs" variant="default" onClick={() => setOpened(true)} data-testid="debug-open">
        Debug
      </Button>
      <Drawer
        opened={opened}
        onClose={() => setOpened(false)}
        position="bottom"
        size="45%"
        title="Debug"
        withOverlay={false}
        lockScroll={false}
        trapFocus={false}
        closeButtonProps={{ 'aria-label': t('common.close') }}
      >
        <Button size="xs" variant="default" onClick={inspect} data-autofocus>
          Look again
        </Button>
        {info !== null && (
          <Group align="flex-start" gap="xl" wrap="wrap" data-testid="debug-info">
            <Facts title="Planned memory of a step" facts={memoryFacts(info)} />
            <Facts title="Kernels of convolutions" facts={Object.entries(info.kernels)} />
            <Programs programs={info.programs} />
          </Group>
        )}
      </Drawer>
    </>
  );
}

function memoryFacts({ planned }: DebugInfo): readonly (readonly [string, string])[] {
  if (planned === null) return [];
  return [
    ['Dispatches', formatCount(planned.dispatches)],
    ['Intermediates, shared', formatBytes(planned.scratchBytes)],
    ['Intermediates, unshared', formatBytes(planned.unsharedBytes)],
    ['Constants', formatBytes(planned.constantBytes)],
    ['Weights, slots, inputs', formatBytes(planned.externalBytes)],
    ['Together', formatBytes(planned.totalBytes)],
  ];
}

interface FactsProps {
  readonly title: string;
  readonly facts: readonly (readonly [string, string])[];
}

function Facts({ title, facts }: FactsProps) {
  return (
    <section aria-label={title}>
      <Text fw={600} mt="xs">
        {title}
      </Text>
      {facts.length === 0 && <Text size="sm">None yet: train a step, then look again.</Text>}
      <Table className="tabular" w="auto">
        <Table.Tbody>
          {facts.map(([name, value]) => (
            <Table.Tr key={name}>
              <Table.Td>{name}</Table.Td>
              <Table.Td>{value}</Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </section>
  );
}

function Programs({ programs }: Pick<DebugInfo, 'programs'>) {
  const [shown, show] = useState<string | null>(null);
  const text = programs.find(({ name }) => name === shown)?.wgsl;
  return (
    <section aria-label="Programs">
      <Text fw={600} mt="xs">
        Programs: {programs.length}
      </Text>
      {text !== undefined && <Code block>{text}</Code>}
      {programs.map(({ name }) => (
        <NavLink key={name} component="button" active={name === shown} label={name} onClick={() => show(name)} />
      ))}
    </section>
  );
}
