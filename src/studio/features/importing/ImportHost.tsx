// Where data comes in: a drop anywhere on the page, the hidden inputs behind the buttons, and the dialog that follows.
import { Modal } from '@mantine/core';
import { type ChangeEvent, lazy, Suspense, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { serialiseError } from '../../../domain/errors.ts';
import type { PageFile } from '../../stores/dropDoor.ts';
import { reportFailure } from '../../stores/engine.ts';
import { closeImport, inspectFiles } from '../../stores/importActions.ts';
import { useStudio, useStudioState } from '../../stores/studioContext.ts';
import { ChooseFiles } from './ChooseFiles.tsx';
import { canPickDirectory, droppedFilesOf, pickDirectory } from './droppedFiles.ts';
import { ImportReportView } from './ImportReportView.tsx';

/** Nothing is dropped before the page is seen. */
const DropTarget = lazy(async () => ({ default: (await import('./DropTarget.tsx')).DropTarget }));

/** Not in React's types, but in every browser. */
const WHOLE_FOLDERS = { webkitdirectory: '' };

export function ImportHost() {
  const { t } = useTranslation();
  const studio = useStudio();
  const open = useStudioState('imports', (state) => state.open);
  const report = useStudioState('imports', (state) => state.report);
  const folderInput = useRef<HTMLInputElement>(null);
  const zipInput = useRef<HTMLInputElement>(null);

  const take = (files: readonly PageFile[]): void => void inspectFiles(studio, files);
  const takeInput = (event: ChangeEvent<HTMLInputElement>): void => {
    const input = event.currentTarget;
    take(droppedFilesOf(input.files ?? []));
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
        multiple
        hidden
        accept=".zip,.tar,.tgz,.gz,application/zip"
        aria-hidden="true"
        tabIndex={-1}
        onChange={takeInput}
        data-testid="import-zip-input"
      />
      <Suspense fallback={null}>
        <DropTarget onDrop={take} />
      </Suspense>
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
