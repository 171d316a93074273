// The pairing report: what was found, what is wrong, what it will cost, before anything is written.
import { Button, Group, Stack, Text } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { ImportChoices, ImportOptions, ImportReport } from '../../../domain/importing.ts';
import { predictBytes } from '../../../domain/predictBytes.ts';
import { formatCount } from '../../i18n/format.ts';
import { layoutName } from '../../i18n/names.ts';
import type { Side } from '../../stores/datasets.ts';
import { chooseImport, closeImport, startImport } from '../../stores/importActions.ts';
import { useStudio, useStudioState } from '../../stores/studioContext.ts';
import { Stat } from '../../ui/Stat.tsx';
import { ImportError } from './ChooseFiles.tsx';
import { ClassShares } from './ClassShares.tsx';
import { CodingQuestion } from './CodingQuestion.tsx';
import { FileSets } from './FileSets.tsx';
import { ImportForm } from './ImportForm.tsx';
import classes from './Importing.module.css';
import { IssueList } from './IssueList.tsx';
import { Reading } from './Reading.tsx';
import { UnusedList } from './UnusedList.tsx';

export function ImportReportView({ report }: { readonly report: ImportReport }) {
  const { t } = useTranslation();
  const studio = useStudio();
  const phase = useStudioState('imports', (state) => state.phase);
  const error = useStudioState('imports', (state) => state.error);
  const [options, setOptions] = useState<ImportOptions>(() => initialOptions(report));
  const [use, setUse] = useState<Side | null>(() => report.suggestedUse);
  const { train, val } = report.splits;
  const sizes = report.imageSizes.slice(0, 3).map(({ width, height, count }) => `${width} × ${height} (${count})`);
  const more = report.imageSizes.length - sizes.length;
  const full = report.freeBytes !== null && predictBytes(report, options) > report.freeBytes;
  const asks = report.questions.length > 0;
  const busy = phase === 'looking-again';
  const choose = (choices: ImportChoices): void => void chooseImport(studio, choices);
  const nothing = train.pairs + train.unlabelled + val.pairs + val.unlabelled === 0;
  return (
    <Stack gap="md" data-testid="import-report" data-layout={report.layout}>
      <div className={classes.facts}>
        <Stat label={t('import.layout')}>{layoutName(t, report.layout, report.layoutLabel)}</Stat>
        <Stat label={t('import.files')}>{formatCount(report.fileCount)}</Stat>
        <Stat label={t('import.trainPairs')}>
          <span data-testid="train-pairs">{formatCount(train.pairs)}</span>
        </Stat>
        <Stat label={t('import.valPairs')}>
          <span data-testid="val-pairs">{formatCount(val.pairs)}</span>
        </Stat>
        <Stat label={t('import.unlabelled')}>{formatCount(train.unlabelled + val.unlabelled)}</Stat>
        <Stat label={t('import.sizes')}>
          {sizes.join(', ')}
          {more > 0 && ` +${more}`}
        </Stat>
      </div>
      {report.questions.map((question) =>
        question.kind === 'coding' ? (
          <CodingQuestion
            key="coding"
            report={report}
            busy={busy}
            onChoose={(coding) => choose({ ...withoutTable(report.choices), coding })}
          />
        ) : (
          <FileSets
            key={question.kind}
            question={question}
            busy={busy}
            onChoose={(glob) =>
              choose({ ...report.choices, [question.kind === 'labels' ? 'labelsIn' : 'photos']: glob })
            }
          />
        ),
      )}
      <div className={classes.columns}>
        <Stack gap="md">
          <Reading report={report} busy={busy} onChoose={choose} />
          {!asks && <ClassShares report={report} />}
          <IssueList report={report} />
          <UnusedList unused={report.unused} />
        </Stack>
        <ImportForm report={report} options={options} onChange={setOptions} use={use} onUse={setUse} />
      </div>
      {error !== null && <ImportError error={error} />}
      <Group justify="flex-end">
        {asks && (
          <Text size="sm" c="dimmed">
            {t('import.coding.answerFirst')}
          </Text>
        )}
        {full && (
          <Text size="sm" c="var(--studio-bad)">
            {t('import.tooLarge')}
          </Text>
        )}
        <Button variant="default" onClick={() => closeImport(studio)}>
          {t('common.cancel')}
        </Button>
        <Button
          loading={phase === 'starting'}
          disabled={nothing || full || asks || busy || options.name.trim() === ''}
          onClick={() => void startImport(studio, options, use)}
          data-testid="import-start"
          data-autofocus
        >
          {report.resumes === null ? t('import.start') : t('import.continue')}
        </Button>
      </Group>
    </Stack>
  );
}

function withoutTable({ table: _table, ...rest }: ImportChoices): ImportChoices {
  return rest;
}

function initialOptions(report: ImportReport): ImportOptions {
  return (
    report.resumes?.options ?? {
      name: report.suggestedName,
      size: { width: 640, height: 360 },
      mode: 'resize',
      holdOut: report.splits.val.pairs > 0 ? 0 : 0.1,
    }
  );
}
