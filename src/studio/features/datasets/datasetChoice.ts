// Dataset choices as option values of a select, and their names.
import type { TFunction } from 'i18next';
import type { DatasetId, DatasetInfo } from '../../../domain/dataset.ts';
import type { DatasetChoice } from '../../stores/draft.ts';

export function choiceValue(choice: DatasetChoice): string {
  return choice.kind === 'scenes' ? `scenes-${choice.role}` : choice.id;
}

export function choiceOf(value: string): DatasetChoice {
  if (value === 'scenes-game') return { kind: 'scenes', role: 'game' };
  if (value === 'scenes-camera') return { kind: 'scenes', role: 'camera' };
  return { kind: 'imported', id: value as DatasetId };
}

export function choiceName(t: TFunction, choice: DatasetChoice, imported: readonly DatasetInfo[]): string {
  if (choice.kind === 'scenes') return t(`datasets.${choice.role}`);
  return imported.find(({ id }) => id === choice.id)?.name ?? t('datasets.missing');
}
