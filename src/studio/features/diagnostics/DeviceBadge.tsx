// What the studio computes on, in one word; the rest on request.
import { Badge, DataList, Popover, Text, UnstyledButton } from '@mantine/core';
import { lazy, Suspense } from 'react';
import { useTranslation } from 'react-i18next';
import type { BackendName } from '../../../domain/device.ts';
import { formatBytes } from '../../i18n/format.ts';
import { useStudioState } from '../../stores/studioContext.ts';
import { IconCpu } from '../../ui/icons.tsx';
import classes from './Diagnostics.module.css';

const NAMES = { webgpu: 'WebGPU', webgl: 'WebGL', cpu: 'CPU' } as const satisfies Record<BackendName, string>;

/** For developers, and nobody else loads it. */
const DebugPanel = lazy(async () => ({ default: (await import('./DebugPanel.tsx')).DebugPanel }));
const isDebugged = (): boolean => new URLSearchParams(location.search).has('debug');

export function DeviceBadge() {
  const { t } = useTranslation();
  const device = useStudioState('engine', (state) => state.device);
  if (device === null) {
    return (
      <Badge variant="default" tt="none" data-testid="device-badge">
        {t('device.probing')}
      </Badge>
    );
  }
  const best = device.backend === 'webgpu' && !device.software;
  const facts: readonly (readonly [string, string])[] = [
    [t('device.backend'), NAMES[device.backend]],
    [t('device.adapter'), device.adapter || t('device.unnamed')],
    [t('device.kind'), device.software ? t('device.software') : t('device.hardware')],
    [t('device.f16'), device.shaderF16 ? t('common.yes') : t('common.no')],
    [t('device.maxBuffer'), formatBytes(device.maxBufferBytes)],
    [t('device.maxBinding'), formatBytes(device.maxBindingBytes)],
  ];
  return (
    <>
      {isDebugged() && (
        <Suspense fallback={null}>
          <DebugPanel />
        </Suspense>
      )}
      <Popover withArrow width={320} position="bottom-end">
        <Popover.Target>
          <UnstyledButton aria-label={t('device.details')} data-testid="device-badge" data-backend={device.backend}>
            <Badge variant="light" color={best ? 'mint' : 'amber'} tt="none" leftSection={<IconCpu size={14} />}>
              {NAMES[device.backend]}
              <span className={classes.adapter}>{device.software ? ` · ${t('device.software')}` : ''}</span>
            </Badge>
          </UnstyledButton>
        </Popover.Target>
        <Popover.Dropdown>
          <DataList labelWidth={120} size="xs">
            {facts.map(([label, value]) => (
              <DataList.Item key={label}>
                <DataList.ItemLabel>{label}</DataList.ItemLabel>
                <DataList.ItemValue>{value}</DataList.ItemValue>
              </DataList.Item>
            ))}
          </DataList>
          {device.fallbackReason !== null && (
            <Text size="xs" mt="sm">
              <strong>{t('device.fallback')}</strong> {device.fallbackReason}
            </Text>
          )}
        </Popover.Dropdown>
      </Popover>
    </>
  );
}
