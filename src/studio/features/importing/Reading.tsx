// How the files were read, and the way to say otherwise: coding or table, a value to ignore, which files are photos and which labels.
import { Button, Collapse, Group, NumberInput, Select, Stack, Text, TextInput } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { ImportChoices, ImportReport } from '../../../domain/importing.ts';
import { textOf } from '../../../domain/textBytes.ts';

const TABLE = 'table';
/** Globs are the same in every language. */
const PHOTOS_EXAMPLE = 'images/**';
const LABELS_EXAMPLE = 'labels/**';

interface ReadingProps {
  readonly report: ImportReport;
  readonly busy: boolean;
  readonly onChoose: (choices: ImportChoices) => void;
}

export function Reading({ report, busy, onChoose }: ReadingProps) {
  const { t } = useTranslation();
  const { coding, questions } = report;
  const [open, setOpen] = useState(questions.length > 0);
  const sure = coding.certainty === 'named' || coding.certainty === 'certain';
  return (
    <section>
      <Group justify="space-between" gap="xs">
        <Text size="sm" data-testid="import-coding">
          {coding.label === null
            ? t(sure || questions.length === 0 ? 'import.coding.none' : 'import.coding.open')
            : t('import.coding.readAs', { coding: coding.label })}
        </Text>
        <Button size="compact-xs" variant="subtle" onClick={() => setOpen(!open)} aria-expanded={open}>
          {t('import.coding.change')}
        </Button>
      </Group>
      <Collapse expanded={open}>
        <Choices key={report.reportId} report={report} busy={busy} onChoose={onChoose} />
      </Collapse>
    </section>
  );
}

function Choices({ report, busy, onChoose }: ReadingProps) {
  const { t } = useTranslation();
  const [draft, setDraft] = useState<ImportChoices>(report.choices);
  const change = (part: Partial<Record<keyof ImportChoices, unknown>>): void =>
    setDraft(
      (before) =>
        Object.fromEntries(
          Object.entries({ ...before, ...part }).filter(([, value]) => value !== undefined && value !== ''),
        ) as ImportChoices,
    );
  const chosen = draft.table === undefined ? (draft.coding ?? report.coding.id) : TABLE;
  const tableOption = draft.table === undefined ? [] : [{ value: TABLE, label: draft.table.name }];
  const takeTable = async (file: File | undefined): Promise<void> => {
    if (file !== undefined)
      change({ coding: undefined, table: { name: file.name, text: textOf(new Uint8Array(await file.arrayBuffer())) } });
  };
  return (
    <Stack gap="xs" mt="xs">
      <Group grow align="flex-end" gap="sm">
        <Select
          label={t('import.coding.coding')}
          size="xs"
          value={chosen}
          data={[...tableOption, ...report.codings.map(({ id, label }) => ({ value: id, label }))]}
          searchable
          onChange={(id) =>
            change({
              table: id === TABLE ? draft.table : undefined,
              coding: id === TABLE ? undefined : (id ?? undefined),
            })
          }
          data-testid="import-coding-select"
        />
        <Button component="label" size="xs" variant="default">
          {t('import.coding.ownTable')}
          <input
            type="file"
            hidden
            accept=".json,.csv,.txt"
            onChange={(event) => void takeTable(event.currentTarget.files?.[0])}
            data-testid="import-table-input"
          />
        </Button>
        <NumberInput
          label={t('import.coding.ignore')}
          size="xs"
          min={0}
          max={255}
          value={draft.ignore ?? ''}
          onChange={(value) => change({ ignore: typeof value === 'number' ? value : undefined })}
        />
      </Group>
      <Group grow align="flex-end" gap="sm">
        <TextInput
          label={t('import.coding.photos')}
          size="xs"
          placeholder={PHOTOS_EXAMPLE}
          value={draft.photos ?? ''}
          onChange={(event) => change({ photos: event.currentTarget.value })}
        />
        <TextInput
          label={t('import.coding.labels')}
          size="xs"
          placeholder={LABELS_EXAMPLE}
          value={draft.labelsIn ?? ''}
          onChange={(event) => change({ labelsIn: event.currentTarget.value })}
        />
        <Button size="xs" loading={busy} onClick={() => onChoose(draft)} data-testid="import-look-again">
          {t('import.coding.lookAgain')}
        </Button>
      </Group>
    </Stack>
  );
}
