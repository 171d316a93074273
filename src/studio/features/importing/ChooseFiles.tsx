// The first page of the import dialog: choose, wait for the look at the files, or read why they could not be used.
import { Alert, Button, Group, Loader, Stack, Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { SerialisedError } from '../../../domain/errors.ts';
import { formatCount } from '../../i18n/format.ts';
import { errorAdvice, errorTitle } from '../../i18n/names.ts';
import { useStudioState } from '../../stores/studioContext.ts';
import { IconFileZip, IconFolderOpen } from '../../ui/icons.tsx';
import classes from './Importing.module.css';

interface ChooseFilesProps {
  readonly onFolder: () => void;
  readonly onZip: () => void;
}

export function ChooseFiles({ onFolder, onZip }: ChooseFilesProps) {
  const { t } = useTranslation();
  const phase = useStudioState('imports', (state) => state.phase);
  const fileCount = useStudioState('imports', (state) => state.fileCount);
  const error = useStudioState('imports', (state) => state.error);
  if (phase === 'inspecting') {
    return (
      <Group py="xl" justify="center" role="status">
        <Loader size="sm" />
        <Text>{t('import.inspecting', { count: fileCount, files: formatCount(fileCount) })}</Text>
      </Group>
    );
  }
  return (
    <Stack gap="md">
      {error !== null && <ImportError error={error} />}
      <div className={classes.choose}>
        <Text fw={650}>{t('import.dropTitle')}</Text>
        <Text size="sm" c="dimmed">
          {t('import.layouts')}
        </Text>
        <Group mt="md" justify="center">
          <Button leftSection={<IconFolderOpen size={18} />} onClick={onFolder} data-autofocus>
            {t('import.folder')}
          </Button>
          <Button variant="default" leftSection={<IconFileZip size={18} />} onClick={onZip}>
            {t('import.zip')}
          </Button>
        </Group>
      </div>
      <Text size="xs" c="dimmed">
        {t('import.staysHere')}
      </Text>
    </Stack>
  );
}

export function ImportError({ error }: { readonly error: SerialisedError }) {
  const { t } = useTranslation();
  return (
    <Alert
      color="red"
      variant="light"
      title={errorTitle(t, error.code)}
      role="alert"
      data-testid="import-error"
      data-code={error.code}
    >
      <Text size="sm">{errorAdvice(t, error)}</Text>
      <Text className={classes.detail}>{error.message}</Text>
    </Alert>
  );
}
