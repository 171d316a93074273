// What finished stages made of training images: source images beside their translations, target images beside the labels
// that the threshold left, a page of a sample at a time.
import { Group, Select, Text } from '@mantine/core';
import { IconChevronLeft, IconChevronRight } from '@tabler/icons-react';
import { useEffect, useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Size, Tile } from '../../../domain/dataset.ts';
import { stageName } from '../../i18n/names.ts';
import { loadMade, type MakingStage, madeStages } from '../../stores/madePictures.ts';
import type { MadePictures as Made } from '../../stores/pictures.ts';
import { useStudio, useStudioState } from '../../stores/studioContext.ts';
import { IconButton } from '../../ui/IconButton.tsx';
import { TileCanvas } from '../../ui/TileCanvas.tsx';
import own from './MadePictures.module.css';
import { PaneSwitch } from './PaneSwitch.tsx';
import classes from './PictureGrid.module.css';

/** Pictures side by side. */
const COLUMNS = 5;

export function MadePictures() {
  const { t } = useTranslation();
  const studio = useStudio();
  const runs = useStudioState('runs', (state) => state);
  const stages = useMemo(() => madeStages(runs), [runs]);
  const wanted = useStudioState('pictures', (state) => state.madeBy);
  const stage = stages.find(({ id }) => id === wanted) ?? stages.at(-1);
  const made = useStudioState('pictures', (state) => state.made);
  const size = useStudioState('pictures', ({ pinned }) => pinned[0]?.size ?? null);
  const shown = made?.stage === stage?.id ? made : null;
  const stageId = stage?.id ?? null;
  // biome-ignore lint/correctness/useExhaustiveDependencies: the stage's id stands for it; the object is the same anyway.
  useEffect(() => {
    if (stage !== undefined && studio.pictures.getState().made?.stage !== stage.id) void loadMade(studio, stage);
  }, [studio, stageId]);
  const [page, setPage] = useState(0);
  const pages = Math.max(1, Math.ceil((shown?.tiles.length ?? 0) / COLUMNS));
  const at = page % pages;
  if (stage === undefined || size === null) return null;
  return (
    <section className={classes.stage} aria-label={t('pictures.panes.made')} data-testid="made">
      <Group justify="space-between" gap="xs" className={classes.toolbar}>
        <div className={classes.heading}>
          <Text component="h2" className={classes.title}>
            {stageName(t, stage)}
          </Text>
          <Text className={classes.subtitle}>
            {shown === null ? t('pictures.loading') : t('pictures.madeOf', { count: shown.images })}
          </Text>
        </div>
        <Group gap={4} wrap="nowrap">
          <IconButton label={t('pictures.earlier')} onClick={() => setPage((at + pages - 1) % pages)}>
            <IconChevronLeft size={18} />
          </IconButton>
          <Text className={`${classes.subtitle} tabular`}>{t('pictures.page', { page: at + 1, pages })}</Text>
          <IconButton label={t('pictures.later')} onClick={() => setPage((at + 1) % pages)}>
            <IconChevronRight size={18} />
          </IconButton>
        </Group>
        {stages.length > 1 && (
          <Select
            aria-label={t('pictures.madeBy')}
            w={224}
            value={stage.id}
            data={stages.map((entry, i) => ({ value: entry.id, label: `${i + 1}. ${stageName(t, entry)}` }))}
            onChange={(madeBy) => studio.pictures.setState({ madeBy })}
            data-testid="made-by"
          />
        )}
        <PaneSwitch />
      </Group>
      {shown !== null && <Page stage={stage} made={shown} first={at * COLUMNS} size={size} />}
    </section>
  );
}

interface Band {
  readonly name: string;
  readonly tile: (index: number) => Tile | undefined;
  readonly opacity: number;
}

interface PageProps {
  readonly stage: MakingStage;
  readonly made: Made;
  readonly first: number;
  readonly size: Size;
}

function Page({ stage, made, first, size }: PageProps) {
  const { t } = useTranslation();
  const opacity = useStudioState('view', (state) => state.opacity);
  const hidden = useStudioState('view', (state) => state.hidden);
  const bands = useMemo((): readonly Band[] => {
    const original = (index: number) => made.originals[index];
    const result = (index: number) => made.tiles[index];
    if (stage.kind === 'translate') {
      return [
        { name: t('pictures.sides.source'), tile: original, opacity: 0 },
        { name: t('pictures.sides.translated'), tile: result, opacity: 0 },
      ];
    }
    const hasTruth = made.originals.some(({ labels }) => labels !== null);
    return [
      { name: t('pictures.sides.target'), tile: original, opacity: 0 },
      { name: t('pictures.sides.pseudoLabel'), tile: result, opacity },
      ...(hasTruth ? [{ name: t('pictures.truthToCompare'), tile: original, opacity }] : []),
    ];
  }, [stage, made, opacity, t]);
  const layout = {
    '--columns': COLUMNS,
    '--bands': bands.length,
    '--aspect': size.width / size.height,
  };
  const columns = Array.from({ length: COLUMNS }, (_, column) => first + column);
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls is reached by keyboard.
    <div className={own.fit} style={layout as React.CSSProperties} tabIndex={0}>
      {bands.map(({ name, tile, opacity: strength }) => (
        <figure key={name} className={own.band}>
          <figcaption className={classes.head}>{name}</figcaption>
          <div className={own.tiles}>
            {columns.map((index) => {
              const shown = tile(index);
              if (shown === undefined) return null;
              const label = t('pictures.viewOf', { name, number: index + 1 });
              return (
                <div key={index} className={own.tile}>
                  <TileCanvas tile={shown} size={size} opacity={strength} hidden={hidden} label={label} />
                </div>
              );
            })}
          </div>
        </figure>
      ))}
    </div>
  );
}
