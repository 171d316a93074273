// What finished stages made of training images: source images beside their translations, target images beside the labels
// that the threshold left, a page of a sample at a time.
import { Group, Select, Text } from '@mantine/core';
import { useEffect, useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Size, Tile } from '../../../domain/dataset.ts';
import { stageName } from '../../i18n/names.ts';
import { dataOf } from '../../stores/pictures.ts';
import { useStudio, useStudioState } from '../../stores/studioContext.ts';
import { IconButton } from '../../ui/IconButton.tsx';
import { IconChevronLeft, IconChevronRight } from '../../ui/icons.tsx';
import { TileCanvas } from '../../ui/TileCanvas.tsx';
import { definePane } from '../core/definePane.ts';
import frame from '../core/PaneFrame.module.css';
import { PaneFrame } from '../core/PaneFrame.tsx';
import { useClassColours } from '../core/useClassColours.ts';
import { usePaneData } from '../core/usePicture.ts';
import classes from './Made.module.css';
import {
  isMaking,
  loadMade,
  MADE,
  type MadePictures,
  type MakingStage,
  madeStages,
  tallyMade,
} from './madePictures.ts';

/** Pictures side by side. */
const COLUMNS = 5;

export const pane = definePane({
  id: 'made',
  order: 2,
  isOffered: ({ runs }) => madeStages(runs).length > 0,
  Component: MadePanel,
  tally: tallyMade,
  showsStage: isMaking,
});

function MadePanel() {
  const { t } = useTranslation();
  const studio = useStudio();
  const runs = useStudioState('runs', (state) => state);
  const stages = useMemo(() => madeStages(runs), [runs]);
  const wanted = useStudioState('pictures', (state) => state.stage);
  const stage = stages.find(({ id }) => id === wanted) ?? stages.at(-1);
  const made = usePaneData(MADE);
  const size = useStudioState('pictures', ({ pinned }) => pinned[0]?.size ?? null);
  const shown = made?.stage === stage?.id ? made : null;
  const stageId = stage?.id ?? null;
  // biome-ignore lint/correctness/useExhaustiveDependencies: the stage's id stands for it; the object is the same anyway.
  useEffect(() => {
    if (stage !== undefined && dataOf(studio.pictures.getState(), MADE)?.stage !== stage.id)
      void loadMade(studio, stage);
  }, [studio, stageId]);
  const [page, setPage] = useState(0);
  const pages = Math.max(1, Math.ceil((shown?.tiles.length ?? 0) / COLUMNS));
  const at = page % pages;
  if (stage === undefined || size === null) return null;
  return (
    <PaneFrame
      title={stageName(t, stage)}
      subtitle={shown === null ? t('panes.made.loading') : t('panes.made.madeOf', { count: shown.images })}
      label={t('panes.made.name')}
      testId="made"
      tools={
        <>
          <Group gap={4} wrap="nowrap">
            <IconButton label={t('panes.made.earlier')} onClick={() => setPage((at + pages - 1) % pages)}>
              <IconChevronLeft size={18} />
            </IconButton>
            <Text className={`${frame.subtitle} tabular`}>{t('panes.made.page', { page: at + 1, pages })}</Text>
            <IconButton label={t('panes.made.later')} onClick={() => setPage((at + 1) % pages)}>
              <IconChevronRight size={18} />
            </IconButton>
          </Group>
          {stages.length > 1 && (
            <Select
              aria-label={t('panes.made.madeBy')}
              w={224}
              value={stage.id}
              data={stages.map((entry, i) => ({ value: entry.id, label: `${i + 1}. ${stageName(t, entry)}` }))}
              onChange={(id) => studio.pictures.setState({ stage: id })}
              data-testid="made-by"
            />
          )}
        </>
      }
    >
      {shown !== null && <Page stage={stage} made={shown} first={at * COLUMNS} size={size} />}
    </PaneFrame>
  );
}

interface Band {
  readonly name: string;
  readonly tile: (index: number) => Tile | undefined;
  readonly opacity: number;
}

interface PageProps {
  readonly stage: MakingStage;
  readonly made: MadePictures;
  readonly first: number;
  readonly size: Size;
}

function Page({ stage, made, first, size }: PageProps) {
  const { t } = useTranslation();
  const opacity = useStudioState('view', (state) => state.opacity);
  const colours = useClassColours();
  const bands = useMemo((): readonly Band[] => {
    const original = (index: number) => made.originals[index];
    const result = (index: number) => made.tiles[index];
    if (stage.kind === 'translate') {
      return [
        { name: t('panes.made.sides.source'), tile: original, opacity: 0 },
        { name: t('panes.made.sides.translated'), tile: result, opacity: 0 },
      ];
    }
    const hasTruth = made.originals.some(({ labels }) => labels !== null);
    return [
      { name: t('panes.made.sides.target'), tile: original, opacity: 0 },
      { name: t('panes.made.sides.pseudoLabel'), tile: result, opacity },
      ...(hasTruth ? [{ name: t('panes.made.truth'), tile: original, opacity }] : []),
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
    <div className={classes.fit} style={layout as React.CSSProperties} tabIndex={0}>
      {bands.map(({ name, tile, opacity: strength }) => (
        <figure key={name} className={classes.band}>
          <figcaption className={classes.caption}>{name}</figcaption>
          <div className={classes.tiles}>
            {columns.map((index) => {
              const shown = tile(index);
              if (shown === undefined) return null;
              const label = t('pictures.viewOf', { name, number: index + 1 });
              return (
                <div key={index} className={classes.tile}>
                  <TileCanvas tile={shown} size={size} opacity={strength} colours={colours} label={label} />
                </div>
              );
            })}
          </div>
        </figure>
      ))}
    </div>
  );
}
