// What is wrong with the drop, grouped by kind: how many, which files, why. Nothing of it stops the rest.
import { Accordion, Badge, Button, Group, Table, Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { ERROR_CODES } from '../../../domain/errors.ts';
import type { ImportIssue, ImportReport } from '../../../domain/importing.ts';
import { formatCount } from '../../i18n/format.ts';
import { errorTitle } from '../../i18n/names.ts';
import { saveReportFindings } from '../../stores/importActions.ts';
import { useStudio } from '../../stores/studioContext.ts';
import { IconCircleCheck } from '../../ui/icons.tsx';
import classes from './Importing.module.css';

/** More rows help nobody and cost a slow dialog; the count says how many there are. */
const LISTED = 50;

export function IssueList({ report }: { readonly report: ImportReport }) {
  const { t } = useTranslation();
  const studio = useStudio();
  const codes = ERROR_CODES.filter((code) => (report.issueCounts[code] ?? 0) > 0);
  if (codes.length === 0) {
    return (
      <Group gap="xs" c="var(--studio-good)">
        <IconCircleCheck size={18} />
        <Text size="sm">{t('import.noIssues')}</Text>
      </Group>
    );
  }
  return (
    <section>
      <Group justify="space-between" mb={4}>
        <Text size="xs" fw={600}>
          {t('import.issues')}
        </Text>
        <Button size="compact-xs" variant="subtle" onClick={() => void saveReportFindings(studio, report)}>
          {t('import.unused.downloadCsv')}
        </Button>
      </Group>
      <Accordion variant="contained" chevronPosition="left" multiple defaultValue={codes.slice(0, 1)}>
        {codes.map((code) => (
          <Accordion.Item key={code} value={code} data-testid={`issues-${code}`}>
            <Accordion.Control>
              <Group justify="space-between" wrap="nowrap">
                <Text size="sm">{errorTitle(t, code)}</Text>
                <Badge variant="light" color="amber" className="tabular">
                  {formatCount(report.issueCounts[code] ?? 0)}
                </Badge>
              </Group>
            </Accordion.Control>
            <Accordion.Panel>
              <IssueTable
                issues={report.issues.filter((issue) => issue.code === code)}
                count={report.issueCounts[code] ?? 0}
              />
            </Accordion.Panel>
          </Accordion.Item>
        ))}
      </Accordion>
    </section>
  );
}

function IssueTable({ issues, count }: { readonly issues: readonly ImportIssue[]; readonly count: number }) {
  const { t } = useTranslation();
  const listed = issues.slice(0, LISTED);
  return (
    <div className={classes.issues}>
      <Table withRowBorders={false} verticalSpacing={2}>
        <Table.Thead>
          <Table.Tr>
            <Table.Th>{t('import.file')}</Table.Th>
            <Table.Th>{t('import.reason')}</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {listed.map((issue, index) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: issues are a fixed list, and one file can have several of one kind.
            <Table.Tr key={index}>
              <Table.Td className={classes.path}>{issue.path}</Table.Td>
              <Table.Td>{issue.message}</Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
      {count > listed.length && (
        <Text size="xs" c="dimmed" mt={4}>
          {t('import.moreIssues', { count: count - listed.length })}
        </Text>
      )}
    </div>
  );
}
