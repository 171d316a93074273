// What the labels hold: the share of every class over the sample.
import { Group, Progress, Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { classesOf } from '../../../domain/classes.ts';
import type { ImportReport } from '../../../domain/importing.ts';
import { formatPercent } from '../../i18n/format.ts';
import { classLabel } from '../../i18n/names.ts';
import { cssColour } from '../../ui/pixels.ts';
import classes from './Importing.module.css';

export function ClassShares({ report }: { readonly report: ImportReport }) {
  const { t } = useTranslation();
  const largest = Math.max(...report.classShares.slice(0, -1), 0.0001);
  const ignored = report.classShares.at(-1) ?? 0;
  return (
    <section>
      <Group justify="space-between" mb={4}>
        <Text size="xs" fw={600}>
          {t('import.classShares')}
        </Text>
        <Text size="xs" c="dimmed" className="tabular">
          {t('import.sampled', { count: report.sampled, ignored: formatPercent(100 * ignored) })}
        </Text>
      </Group>
      <ul className={classes.shares}>
        {classesOf(report).map((one, index) => {
          const share = report.classShares[index] ?? 0;
          return (
            <li key={one.name} className={classes.share} data-absent={share === 0 || undefined}>
              <span>{classLabel(t, one)}</span>
              <Progress
                size={8}
                radius={2}
                value={(100 * share) / largest}
                color={cssColour(one)}
                aria-label={classLabel(t, one)}
              />
              <span className={classes.shareValue}>{share === 0 ? '–' : formatPercent(100 * share)}</span>
            </li>
          );
        })}
      </ul>
    </section>
  );
}
