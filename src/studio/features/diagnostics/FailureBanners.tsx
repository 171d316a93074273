// What went wrong, in the person's language, with what to do and a report to copy.
import { Alert, Button, CopyButton, Group, Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { DeviceInfo } from '../../../domain/device.ts';
import type { ErrorCode, SerialisedError } from '../../../domain/errors.ts';
import { errorAdvice, errorTitle } from '../../i18n/names.ts';
import { dismissFailure, type Failure } from '../../stores/engine.ts';
import { useStudio, useStudioState } from '../../stores/studioContext.ts';
import { IconAlertTriangle } from '../../ui/icons.tsx';
import classes from './Diagnostics.module.css';

/** What a page that is loaded anew may be free of. */
const RELOAD_HELPS: readonly ErrorCode[] = [
  'bridge.worker-crashed',
  'bridge.version-mismatch',
  'gpu.not-back',
  'gpu.unavailable',
  'storage.blocked',
  'storage.newer-schema',
];

export function FailureBanners() {
  const failures = useStudioState('engine', (state) => state.failures);
  return failures.map((failure) => <FailureBanner key={failure.id} failure={failure} />);
}

function FailureBanner({ failure }: { readonly failure: Failure }) {
  const { t } = useTranslation();
  const { engine } = useStudio();
  const { error } = failure;
  const needsReload = RELOAD_HELPS.includes(error.code);
  return (
    <Alert
      color="red"
      variant="light"
      icon={<IconAlertTriangle size={18} />}
      title={errorTitle(t, error.code)}
      withCloseButton
      closeButtonLabel={t('common.close')}
      onClose={() => dismissFailure(engine, failure.id)}
      role="alert"
      p="sm"
      data-testid="failure"
      data-code={error.code}
    >
      <Text size="sm">{errorAdvice(t, error)}</Text>
      <Text className={classes.detail}>{error.message}</Text>
      <Group gap="xs" mt={4}>
        {needsReload && (
          <Button size="compact-xs" onClick={() => location.reload()}>
            {t('failure.reload')}
          </Button>
        )}
        <CopyReport error={error} />
      </Group>
    </Alert>
  );
}

function CopyReport({ error }: { readonly error: SerialisedError }) {
  const { t } = useTranslation();
  const device = useStudioState('engine', (state) => state.device);
  return (
    <CopyButton value={reportOf(error, device)}>
      {({ copied, copy }) => (
        <Button size="compact-xs" variant="default" onClick={copy}>
          {copied ? t('failure.copied') : t('failure.copy')}
        </Button>
      )}
    </CopyButton>
  );
}

/** Everything a maintainer needs; holds no pictures and no file contents. */
export function reportOf(error: SerialisedError, device: DeviceInfo | null): string {
  return JSON.stringify({ error, device, userAgent: navigator.userAgent }, null, 2);
}
