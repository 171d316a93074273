// A drop anywhere on the page. Loaded by itself, with the library that reads what was dropped.
import '@mantine/dropzone/styles.css';
import { Group, Text } from '@mantine/core';
import { Dropzone } from '@mantine/dropzone';
import { IconFolderDown } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';

export function DropTarget({ onDrop }: { readonly onDrop: (files: File[]) => void }) {
  const { t } = useTranslation();
  return (
    <Dropzone.FullScreen active onDrop={onDrop} zIndex={400} inputProps={{ 'aria-label': t('import.dropTitle') }}>
      <Group justify="center" align="center" mih="80vh" gap="lg" style={{ pointerEvents: 'none' }}>
        <IconFolderDown size={56} stroke={1.5} />
        <div>
          <Text size="xl" fw={650}>
            {t('import.dropTitle')}
          </Text>
          <Text c="dimmed">{t('import.dropHint')}</Text>
        </div>
      </Group>
    </Dropzone.FullScreen>
  );
}
