// Over which classes the mean is taken, with what that leaves out: numbers compare only where it says the same.
import { NativeSelect, Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { MeanSubset } from '../../../domain/meanSubsets.ts';
import { classLabel } from '../../i18n/names.ts';
import { subsetsOf, useClasses, useMeanSubset } from '../../stores/classes.ts';
import { useStudio, useStudioState } from '../../stores/studioContext.ts';
import { ALL_CLASSES, SHOWN_CLASSES } from '../../stores/view.ts';
import styles from './ScoreBoard.module.css';

export function MeanChoice() {
  const { t } = useTranslation();
  const { view } = useStudio();
  const classes = useClasses();
  const hidden = useStudioState('view', (state) => state.hidden);
  const subset = useMeanSubset();
  const optionOf = ({ id, names }: MeanSubset) => ({
    value: id,
    label: id === SHOWN_CLASSES ? t('scores.means.shown') : t('scores.means.synthia', { count: names.length }),
  });
  const left = subset === null ? [] : classes.filter(({ name }) => !subset.names.includes(name));
  return (
    <>
      <NativeSelect
        size="xs"
        variant="unstyled"
        className={styles.mean ?? ''}
        aria-label={t('scores.meanOver')}
        value={subset?.id ?? ALL_CLASSES}
        data={[{ value: ALL_CLASSES, label: t('scores.means.all') }, ...subsetsOf(classes, hidden).map(optionOf)]}
        onChange={({ currentTarget }) => view.setState({ mean: currentTarget.value })}
        data-testid="mean-over"
      />
      {left.length > 0 && (
        <Text className={styles.note} lineClamp={2} data-testid="mean-without">
          {t('scores.meanWithout', { classes: left.map((one) => classLabel(t, one)).join(', ') })}
        </Text>
      )}
    </>
  );
}
