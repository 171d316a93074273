// Says plainly when the studio runs on less than WebGPU.
import { Alert, Text } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useStudioState } from '../../stores/studioContext.ts';
import { IconInfoCircle } from '../../ui/icons.tsx';
import classes from './Diagnostics.module.css';

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
      withCloseButton
      closeButtonLabel={t('common.close')}
      onClose={() => setDismissed(true)}
      py={6}
      px="sm"
      data-testid="fallback"
    >
      <Text size="sm">
        <strong>{t(`device.runsOn.${device.backend}`)}.</strong> {t('device.fallbackAdvice')}
        {device.fallbackReason !== null && <span className={classes.reason}> {device.fallbackReason}</span>}
      </Text>
    </Alert>
  );
}
