// Chooses the dataset of one side: a thumbnail that shows what it is, and a select.
import { Group, Select, Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { Side } from '../../stores/datasets.ts';
import { useStudio, useStudioState } from '../../stores/studioContext.ts';
import { TileCanvas } from '../../ui/TileCanvas.tsx';
import classes from './DatasetPicker.module.css';
import { choiceOf, choiceValue } from './datasetChoice.ts';

export function DatasetPicker({ side }: { readonly side: Side }) {
  const { t } = useTranslation();
  const { draft } = useStudio();
  const choice = useStudioState('draft', (state) => state[side]);
  const imported = useStudioState('datasets', (state) => state.imported);
  const preview = useStudioState('datasets', (state) => state.previews[side]);
  const tile = preview?.tiles[0];
  const options = [
    { value: 'scenes-game', label: t('datasets.game') },
    { value: 'scenes-camera', label: t('datasets.camera') },
    ...imported.map(({ id, name }) => ({ value: id as string, label: name })),
  ];
  const tilesOf = (value: string): string => {
    const info = imported.find(({ id }) => id === value);
    return info === undefined
      ? t('datasets.endless')
      : t('datasets.tileCount', { count: info.splits.train.tiles + info.splits.val.tiles });
  };
  return (
    <div className={classes.picker} data-side={side}>
      <div className={classes.thumb}>
        {tile !== undefined && preview !== null && (
          <TileCanvas
            tile={tile}
            size={preview.size}
            label={t('datasets.previewOf', { side: t(`datasets.${side}`) })}
          />
        )}
      </div>
      <Select
        label={t(`datasets.${side}`)}
        aria-label={t(`datasets.${side}`)}
        classNames={{ root: classes.select ?? '', label: classes.label ?? '' }}
        data={options}
        value={choiceValue(choice)}
        onChange={(value) => value !== null && draft.setState({ [side]: choiceOf(value) })}
        data-testid={`dataset-select-${side}`}
        comboboxProps={{ width: 260, position: 'bottom-end' }}
        renderOption={({ option }) => (
          <Group justify="space-between" wrap="nowrap" flex={1} gap="xs" data-testid={`dataset-option-${option.value}`}>
            <Text size="sm" truncate>
              {option.label}
            </Text>
            <Text size="xs" c="dimmed" className={classes.count}>
              {tilesOf(option.value)}
            </Text>
          </Group>
        )}
      />
    </div>
  );
}
