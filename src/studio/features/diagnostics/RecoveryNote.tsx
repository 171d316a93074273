// One line about what failed and was put right without anybody's help.
import { Alert, Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { formatCount } from '../../i18n/format.ts';
import { useStudio, useStudioState } from '../../stores/studioContext.ts';

export function RecoveryNote() {
  const { t } = useTranslation();
  const { engine } = useStudio();
  const recovery = useStudioState('engine', (state) => state.recovery);
  if (recovery === null) return null;
  const { reason, run } = recovery;
  const what = reason.code.startsWith('gpu.') ? t('recovery.device') : t('recovery.worker');
  const next = run === null ? '' : t('recovery.run', { step: formatCount(run.step), count: run.repeated });
  return (
    <Alert
      color="mint"
      variant="light"
      p="xs"
      role="status"
      withCloseButton
      closeButtonLabel={t('common.close')}
      onClose={() => engine.setState({ recovery: null })}
      data-testid="recovery"
      data-code={reason.code}
    >
      <Text size="sm">
        {what} {next}
      </Text>
    </Alert>
  );
}
