// Says plainly when the studio runs on less than WebGPU.
import { Alert, Text } from '@mantine/core';
import { IconInfoCircle } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useStudioState } from '../../stores/studioContext.ts';

export function FallbackNote() {
  const { t } = useTranslation();
  const device = useStudioState('engine', (state) => state.device);
  const [dismissed, setDismissed] = useState(false);
  if (device === null || device.backend === 'webgpu' || dismissed) return null;
  return (
    <Alert
      color="amber"
      variant="light"
      icon={<IconInfoCircle size={18} />}
      title={t(`device.runsOn.${device.backend}`)}
      withCloseButton
      closeButtonLabel={t('common.close')}
      onClose={() => setDismissed(true)}
      p="sm"
      data-testid="fallback"
    >
      <Text size="sm">{t('device.fallbackAdvice')}</Text>
      {device.fallbackReason !== null && (
        <Text size="xs" c="dimmed">
          {device.fallbackReason}
        </Text>
      )}
    </Alert>
  );
}
