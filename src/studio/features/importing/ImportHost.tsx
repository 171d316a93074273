// Where data comes in: a drop anywhere on the page, the hidden inputs behind the buttons, and the dialog that follows.
import { Group, Modal, Text } from '@mantine/core';
import { Dropzone } from '@mantine/dropzone';
import { IconFolderDown } from '@tabler/icons-react';
import { type ChangeEvent, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { serialiseError } from '../../../domain/errors.ts';
import { reportFailure } from '../../stores/engine.ts';
import { closeImport, inspectFiles } from '../../stores/importVerbs.ts';
import { useStudio, useStudioState } from '../../stores/studioContext.ts';
import { ChooseFiles } from './ChooseFiles.tsx';
import { canPickDirectory, droppedFilesOf, pickDirectory } from './droppedFiles.ts';
import { ImportReportView } from './ImportReportView.tsx';

/** Not in React's types, but in every browser. */
const WHOLE_FOLDERS = { webkitdirectory: '' };

export function ImportHost() {
  const { t } = useTranslation();
  const studio = useStudio();
  const open = useStudioState('imports', (state) => state.open);
  const report = useStudioState('imports', (state) => state.report);
  const folderInput = useRef<HTMLInputElement>(null);
  const zipInput = useRef<HTMLInputElement>(null);

  const take = (files: Iterable<File>): void => void inspectFiles(studio, droppedFilesOf(files));
  const takeInput = (event: ChangeEvent<HTMLInputElement>): void => {
    const input = event.currentTarget;
    take([...(input.files ?? [])]);
    // The same folder chosen again must be heard again.
    input.value = '';
  };
  const chooseFolder = async (): Promise<void> => {
    if (!canPickDirectory(window)) {
      folderInput.current?.click();
      return;
    }
    try {
      const files = await pickDirectory(window);
      if (files !== null) await inspectFiles(studio, files);
    } catch (error) {
      reportFailure(studio.engine, serialiseError(error));
    }
  };
  return (
    <>
      <input
        ref={folderInput}
        type="file"
        multiple
        hidden
        {...WHOLE_FOLDERS}
        aria-hidden="true"
        tabIndex={-1}
        onChange={takeInput}
        data-testid="import-file-input"
      />
      <input
        ref={zipInput}
        type="file"
        hidden
        accept=".zip,application/zip"
        aria-hidden="true"
        tabIndex={-1}
        onChange={takeInput}
        data-testid="import-zip-input"
      />
      <Dropzone.FullScreen active onDrop={take} zIndex={400} inputProps={{ 'aria-label': t('import.dropTitle') }}>
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
      <Modal
        opened={open}
        onClose={() => closeImport(studio)}
        size={report === null ? 'lg' : 1080}
        title={t('import.title')}
        closeButtonProps={{ 'aria-label': t('common.close') }}
      >
        {report === null ? (
          <ChooseFiles onFolder={() => void chooseFolder()} onZip={() => zipInput.current?.click()} />
        ) : (
          <ImportReportView report={report} />
        )}
      </Modal>
    </>
  );
}
