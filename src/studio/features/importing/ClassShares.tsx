// What the labels hold: the share of every class over the sample.
import { Group, Progress, Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { CITYSCAPES_CLASSES, CLASS_COUNT } from '../../../domain/classes.ts';
import type { ImportReport } from '../../../domain/importing.ts';
import { formatPercent } from '../../i18n/format.ts';
import { className } from '../../i18n/names.ts';
import { cssColour } from '../../ui/pixels.ts';
import classes from './Importing.module.css';

export function ClassShares({ report }: { readonly report: ImportReport }) {
  const { t } = useTranslation();
  const largest = Math.max(...report.classShares.slice(0, CLASS_COUNT), 0.0001);
  const ignored = report.classShares[CLASS_COUNT] ?? 0;
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
        {CITYSCAPES_CLASSES.map(({ trainId }) => {
          const share = report.classShares[trainId] ?? 0;
          return (
            <li key={trainId} className={classes.share} data-absent={share === 0 || undefined}>
              <span>{className(t, trainId)}</span>
              <Progress
                size={8}
                radius={2}
                value={(100 * share) / largest}
                color={cssColour(trainId)}
                aria-label={className(t, trainId)}
              />
              <span className={classes.shareValue}>{share === 0 ? '–' : formatPercent(100 * share)}</span>
            </li>
          );
        })}
      </ul>
    </section>
  );
}
