// How the pictures are to be kept: name, tile size, mode, hold-out; and what that costs.
import { Alert, Group, NumberInput, Progress, SegmentedControl, Select, Stack, Text, TextInput } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Size } from '../../../domain/dataset.ts';
import type { ImportOptions, ImportReport, TileMode } from '../../../domain/importing.ts';
import { predictBytes, predictTiles } from '../../../domain/predictBytes.ts';
import { formatBytes, formatCount, formatDuration } from '../../i18n/format.ts';
import type { Side } from '../../stores/datasets.ts';
import { LabelledSlider } from '../../ui/LabelledSlider.tsx';

const SIZES: readonly Size[] = [
  { width: 640, height: 360 },
  { width: 512, height: 256 },
  { width: 320, height: 176 },
  { width: 256, height: 128 },
  { width: 128, height: 64 },
];
const CUSTOM = 'custom';
const spell = ({ width, height }: Size): string => `${width}x${height}`;

interface ImportFormProps {
  readonly report: ImportReport;
  readonly options: ImportOptions;
  readonly onChange: (options: ImportOptions) => void;
  readonly use: Side | null;
  readonly onUse: (use: Side | null) => void;
}

export function ImportForm({ report, options, onChange, use, onUse }: ImportFormProps) {
  const { t } = useTranslation();
  // A continued import goes on exactly as it began.
  const fixed = report.resumes !== null;
  const change = (part: Partial<ImportOptions>): void => onChange({ ...options, ...part });
  return (
    <Stack gap={12}>
      {report.resumes !== null && (
        <Alert variant="light" p="xs" data-testid="import-resumes">
          {t('import.resumes', { name: report.resumes.options.name, count: report.resumes.nextIndex })}
        </Alert>
      )}
      <TextInput
        label={t('import.name')}
        value={options.name}
        disabled={fixed}
        onChange={(event) => change({ name: event.currentTarget.value })}
        data-testid="import-name"
      />
      <TileSize size={options.size} fixed={fixed} onChange={(size) => change({ size })} />
      <div>
        <Text size="xs" fw={500} mb={4} id="tile-mode">
          {t('import.mode')}
        </Text>
        <SegmentedControl
          fullWidth
          aria-labelledby="tile-mode"
          disabled={fixed}
          value={options.mode}
          data={(['resize', 'grid'] satisfies TileMode[]).map((mode) => ({
            value: mode,
            label: t(`import.modes.${mode}`),
          }))}
          onChange={(mode) => change({ mode })}
        />
        <Text size="xs" c="dimmed" mt={4}>
          {t(`import.modeHelp.${options.mode}`)}
        </Text>
      </div>
      {report.splits.val.pairs === 0 && !fixed && (
        <LabelledSlider
          label={t('import.holdOut')}
          value={options.holdOut}
          min={0}
          max={0.5}
          step={0.05}
          format={(share) => `${Math.round(100 * share)} %`}
          onChange={(holdOut) => change({ holdOut })}
        />
      )}
      <div>
        <Text size="xs" fw={500} mb={4} id="use-as">
          {t('import.useAs')}
        </Text>
        <SegmentedControl
          fullWidth
          aria-labelledby="use-as"
          value={use ?? 'none'}
          data={[
            { value: 'source', label: t('datasets.source') },
            { value: 'target', label: t('datasets.target') },
            { value: 'none', label: t('import.useNone') },
          ]}
          onChange={(value) => onUse(value === 'source' || value === 'target' ? value : null)}
          data-testid="import-use"
        />
      </div>
      <Cost report={report} options={options} />
    </Stack>
  );
}

interface TileSizeProps {
  readonly size: Size;
  readonly fixed: boolean;
  readonly onChange: (size: Size) => void;
}

function TileSize({ size, fixed, onChange }: TileSizeProps) {
  const { t } = useTranslation();
  const known = SIZES.some((candidate) => spell(candidate) === spell(size));
  const [custom, setCustom] = useState(!known);
  const options = SIZES.map((candidate) => ({
    value: spell(candidate),
    label: `${candidate.width} × ${candidate.height}`,
  }));
  return (
    <>
      <Select
        label={t('import.tileSize')}
        disabled={fixed}
        value={custom ? CUSTOM : spell(size)}
        data={[...options, { value: CUSTOM, label: t('import.custom') }]}
        onChange={(value) => {
          const chosen = SIZES.find((candidate) => spell(candidate) === value);
          setCustom(chosen === undefined);
          if (chosen !== undefined) onChange(chosen);
        }}
        data-testid="import-size"
      />
      {custom && (
        <Group grow gap={12}>
          {(['width', 'height'] as const).map((side) => (
            <NumberInput
              key={side}
              label={t(`import.${side}`)}
              disabled={fixed}
              value={size[side]}
              min={32}
              max={2048}
              step={8}
              allowDecimal={false}
              clampBehavior="blur"
              onChange={(value) => {
                if (typeof value === 'number' && value >= 32 && value <= 2048) onChange({ ...size, [side]: value });
              }}
            />
          ))}
        </Group>
      )}
    </>
  );
}

function Cost({ report, options }: { readonly report: ImportReport; readonly options: ImportOptions }) {
  const { t } = useTranslation();
  const bytes = predictBytes(report, options);
  const { train, val } = report.splits;
  const images = train.pairs + train.unlabelled + val.pairs + val.unlabelled;
  const share = report.freeBytes === null || report.freeBytes === 0 ? 0 : (100 * bytes) / report.freeBytes;
  return (
    <div>
      <Group justify="space-between" mb={4}>
        <Text size="xs" fw={500}>
          {t('import.disk')}
        </Text>
        <Text size="xs" className="tabular" data-testid="import-disk">
          {report.freeBytes === null
            ? formatBytes(bytes)
            : t('import.diskOf', { needed: formatBytes(bytes), free: formatBytes(report.freeBytes) })}
        </Text>
      </Group>
      <Progress
        size={6}
        value={Math.min(100, share)}
        color={share > 100 ? 'red' : 'mint'}
        aria-label={t('import.disk')}
      />
      <Text size="xs" c="dimmed" mt={4} className="tabular">
        {t('import.estimate', {
          tiles: formatCount(predictTiles(report, options)),
          duration: formatDuration(images * report.decodeMsPerPair),
        })}
      </Text>
    </div>
  );
}
