// The two numbers that count, and how they moved since the last evaluation.
import { Group, Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { formatChange, formatPercent, isFalling } from '../../i18n/format.ts';
import { useEvaluations } from '../../stores/classes.ts';
import { MeanChoice } from './MeanChoice.tsx';
import classes from './ScoreBoard.module.css';

/** `isBrief`: without the note on what was evaluated. */
export function ScoreBoard({ isBrief = false }: { readonly isBrief?: boolean }) {
  const { t } = useTranslation();
  const evaluations = useEvaluations();
  const [last, before] = [evaluations.at(-1), evaluations.at(-2)];
  return (
    <div>
      <Group align="flex-start" gap="md" wrap="nowrap">
        <Score label={t('scores.mIoU')} value={last?.scores.mIoU} before={before?.scores.mIoU} testId="miou" large />
        <Score
          label={t('scores.pixelAccuracy')}
          value={last?.scores.aAcc}
          before={before?.scores.aAcc}
          testId="pixel-accuracy"
        />
      </Group>
      {last !== undefined && <MeanChoice />}
      {!isBrief && (
        <Text className={classes.note}>
          {last === undefined
            ? t('scores.none')
            : t('scores.note', { step: last.step, images: last.images, classes: last.scores.classesCounted })}
        </Text>
      )}
    </div>
  );
}

interface ScoreProps {
  readonly label: string;
  readonly value: number | undefined;
  readonly before: number | undefined;
  readonly testId: string;
  readonly large?: boolean;
}

function Score({ label, value, before, testId, large }: ScoreProps) {
  const change = value !== undefined && before !== undefined ? value - before : Number.NaN;
  return (
    <div>
      <Text component="span" className={large === true ? classes.large : classes.small} data-testid={testId}>
        {formatPercent(value)}
      </Text>
      <div className={classes.line}>
        <span className={classes.label}>{label}</span>
        {!Number.isNaN(change) && (
          <span className={classes.change} data-falling={isFalling(change) || undefined}>
            {formatChange(change)}
          </span>
        )}
      </div>
    </div>
  );
}
