// What do the labels mean? Every reading that fits, over the person's own photos, with what it finds in them: one click chooses.
import { Badge, Button, Group, SegmentedControl, Stack, Text } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { type ClassSet, classesOf, type SegmentationClass } from '../../../domain/classes.ts';
import type { CodingCandidate, ImportReport, LabelPreview } from '../../../domain/importing.ts';
import { formatPercent } from '../../i18n/format.ts';
import { classLabel } from '../../i18n/names.ts';
import { cssColour } from '../../ui/pixels.ts';
import classes from './CodingQuestion.module.css';
import { LabelOverlay } from './LabelOverlay.tsx';

/** More do not fit beside each other, and the best come first. */
const SHOWN = 6;
const NAMED_CLASSES = 5;

interface CodingQuestionProps {
  readonly report: ImportReport;
  readonly busy: boolean;
  readonly onChoose: (coding: string) => void;
}

export function CodingQuestion({ report, busy, onChoose }: CodingQuestionProps) {
  const { t } = useTranslation();
  const [at, setAt] = useState(0);
  const { candidates, certainty } = report.coding;
  const preview = report.previews[at] ?? report.previews[0];
  return (
    <section data-testid="coding-question">
      <Group justify="space-between" align="flex-end" mb={8}>
        <div>
          <Text fw={600}>{t('import.coding.question')}</Text>
          <Text size="sm" c="dimmed">
            {t(certainty === 'unknown' ? 'import.coding.whyUnknown' : 'import.coding.whyAmbiguous')}
          </Text>
        </div>
        {report.previews.length > 1 && (
          <SegmentedControl
            size="xs"
            aria-label={t('import.coding.photo')}
            value={String(at)}
            data={report.previews.map((_, index) => ({ value: String(index), label: String(index + 1) }))}
            onChange={(value) => setAt(Number(value))}
          />
        )}
      </Group>
      <ul className={classes.candidates}>
        {candidates.slice(0, SHOWN).map((candidate) => (
          <Candidate
            key={candidate.id}
            candidate={candidate}
            preview={preview}
            busy={busy}
            onChoose={() => onChoose(candidate.id)}
          />
        ))}
      </ul>
    </section>
  );
}

interface CandidateProps {
  readonly candidate: CodingCandidate;
  readonly preview: LabelPreview | undefined;
  readonly busy: boolean;
  readonly onChoose: () => void;
}

function Candidate({ candidate, preview, busy, onChoose }: CandidateProps) {
  const { t } = useTranslation();
  const { id, label, unknownShare, ignoredShare, reasons, alike } = candidate;
  const set = classesOf(candidate);
  const found = Object.entries(candidate.classShares).slice(0, NAMED_CLASSES);
  return (
    <li className={classes.candidate} data-testid={`coding-${id}`}>
      {preview !== undefined && <LabelOverlay preview={preview} coding={id} classes={set} label={label} />}
      <Stack gap={4} p={10}>
        <Group justify="space-between" wrap="nowrap" gap="xs">
          <Text size="sm" fw={600} lineClamp={1}>
            {label}
          </Text>
          {unknownShare > 0 && (
            <Badge size="sm" variant="light" color="amber" className="tabular">
              {t('import.coding.unknown', { share: formatPercent(100 * unknownShare) })}
            </Badge>
          )}
        </Group>
        <ul className={classes.found}>
          {found.map(([name, share]) => (
            <li key={name}>
              <span
                className={classes.swatch}
                style={{ background: cssColour(classNamed(set, name)) }}
                aria-hidden="true"
              />
              {classLabel(t, classNamed(set, name))} {formatPercent(100 * share)} %
            </li>
          ))}
          {ignoredShare > 0 && (
            <li className={classes.ignored}>
              {t('import.coding.ignored', { share: formatPercent(100 * ignoredShare) })}
            </li>
          )}
        </ul>
        <Text size="xs" c="dimmed">
          {[
            ...reasons.map(({ kind, values = '' }) => t(`import.coding.reasons.${kind}`, { values })),
            ...(alike.length === 0 ? [] : [t('import.coding.alike', { codings: alike.join(', ') })]),
          ].join(' · ')}
        </Text>
        <Button size="xs" mt={4} loading={busy} onClick={onChoose}>
          {t('import.coding.choose')}
        </Button>
      </Stack>
    </li>
  );
}

const classNamed = (set: ClassSet, name: string): SegmentationClass | undefined =>
  set.find((each) => each.name === name);
