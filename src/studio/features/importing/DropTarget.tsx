// A drop anywhere on the page. Loaded by itself, with the library that shows where to drop.
import '@mantine/dropzone/styles.css';
import { Group, Text } from '@mantine/core';
import { Dropzone, type DropzoneProps } from '@mantine/dropzone';
import { useTranslation } from 'react-i18next';
import type { PageFile } from '../../stores/dropDoor.ts';
import { IconFolderDown } from '../../ui/icons.tsx';
import { listDrop } from './droppedFiles.ts';

type FilesOf = NonNullable<DropzoneProps['getFilesFromEvent']>;

export function DropTarget({ onDrop }: { readonly onDrop: (files: readonly PageFile[]) => void }) {
  const { t } = useTranslation();
  // The library's own listing stops at the first folder that it may not read, and takes minutes for 100,000 files.
  const list: FilesOf = async (event) => {
    if ('dataTransfer' in event && event.type === 'drop' && event.dataTransfer) {
      onDrop(await listDrop(event.dataTransfer.items));
    }
    // One stands for all: the library takes its picture of the drop off the page when it hears of a file.
    return [new File([], 'drop')];
  };
  return (
    <Dropzone.FullScreen
      active
      getFilesFromEvent={list}
      onDrop={() => undefined}
      zIndex={400}
      inputProps={{ 'aria-label': t('import.dropTitle') }}
    >
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
