// The debug panel, at `/?debug`: what a training step takes on the GPU, where its time goes, which kernels convolutions run
// with, the text of every program, and the switch to steps that are not compiled. In English: it is for who reads the code.
import { Button, Code, Drawer, Group, NavLink, Switch, Table, Text } from '@mantine/core';
import { useCallback, useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { DebugInfo, DebugWish, DispatchTime } from '../../../domain/debug.ts';
import { serialiseError } from '../../../domain/errors.ts';
import { formatBytes, formatCount } from '../../i18n/format.ts';
import { reportFailure } from '../../stores/engine.ts';
import { useStudio } from '../../stores/studioContext.ts';

export function DebugPanel() {
  const { t } = useTranslation();
  const { client, engine } = useStudio();
  const [opened, setOpened] = useState(true);
  const [info, setInfo] = useState<DebugInfo | null>(null);
  const inspect = useCallback(
    (wish: DebugWish) => {
      client.request('debug.inspect', wish).then(setInfo, (error) => reportFailure(engine, serialiseError(error)));
    },
    [client, engine],
  );
  useEffect(() => inspect({}), [inspect]);
  const cannotChange = info === null || info.eager === null;
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
        <Group>
          <Button size="xs" variant="default" onClick={() => inspect({})} data-autofocus>
            Look again
          </Button>
          <Button size="xs" variant="default" disabled={cannotChange} onClick={() => inspect({ timeNextStep: true })}>
            Time the next step
          </Button>
          <Switch
            label="Run steps eagerly"
            disabled={cannotChange}
            checked={info?.eager === true}
            onChange={({ currentTarget }) => inspect({ eager: currentTarget.checked })}
          />
        </Group>
        {info !== null && (
          <Group align="flex-start" gap="xl" wrap="wrap" data-testid="debug-info">
            <Facts title="Planned memory of a step" facts={memoryFacts(info)} />
            <Facts title="GPU time of a step, by program" facts={timeFacts(info)} />
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

function timeFacts({ times }: DebugInfo): readonly (readonly [string, string])[] {
  if (times === null) return [];
  const row = ({ name, dispatches, ms }: DispatchTime) =>
    [name, `${formatCount(dispatches)} × ${(ms / dispatches).toFixed(3)} = ${ms.toFixed(2)} ms`] as const;
  const all = times.reduce(
    (sum, { dispatches, ms }) => ({ dispatches: sum.dispatches + dispatches, ms: sum.ms + ms }),
    {
      dispatches: 0,
      ms: 0,
    },
  );
  return [...times.map(row), ['Together', `${formatCount(all.dispatches)} dispatches, ${all.ms.toFixed(2)} ms`]];
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
