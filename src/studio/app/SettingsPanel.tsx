// The settings: data, then method. What a run is made of, in the order one thinks of it.
import { Button, Stack, Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { DatasetPicker } from '../features/datasets/DatasetPicker.tsx';
import { ImportedList } from '../features/datasets/ImportedList.tsx';
import { SceneControls } from '../features/datasets/SceneControls.tsx';
import { ImportProgressList } from '../features/importing/ImportProgressList.tsx';
import { MethodPanel } from '../features/methods/MethodPanel.tsx';
import { ProblemNote } from '../features/training/ProblemNote.tsx';
import { openImport } from '../stores/importActions.ts';
import { useStudio } from '../stores/studioContext.ts';
import { IconFolderPlus } from '../ui/icons.tsx';
import classes from './Shell.module.css';

/** `onStarted` closes the panel where it covers the page. */
export function SettingsPanel({ onStarted }: { readonly onStarted: () => void }) {
  const { t } = useTranslation();
  const studio = useStudio();
  return (
    <div className={classes.settings}>
      <div className={classes.scroll}>
        <section className={classes.section}>
          <Text component="h2" className={classes.sectionTitle}>
            {t('settings.data')}
          </Text>
          <Stack gap={12}>
            <DatasetPicker side="source" />
            <DatasetPicker side="target" />
            <SceneControls />
            <ImportProgressList />
            <ImportedList />
            <Button
              variant="default"
              size="xs"
              leftSection={<IconFolderPlus size={16} />}
              onClick={() => openImport(studio)}
              data-testid="import-open"
            >
              {t('import.open')}
            </Button>
          </Stack>
        </section>
        <section className={classes.section}>
          <Text component="h2" className={classes.sectionTitle}>
            {t('settings.training')}
          </Text>
          <MethodPanel />
        </section>
        <Button hiddenFrom="sm" fullWidth mt="lg" onClick={onStarted}>
          {t('settings.toPictures')}
        </Button>
      </div>
      <div className={classes.foot}>
        <ProblemNote />
      </div>
    </div>
  );
}
