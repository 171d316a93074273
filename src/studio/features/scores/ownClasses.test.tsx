// Bars, legend and means on classes of one's own, and over the subsets that papers use.
import { act, render, screen, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { expect, test } from 'vitest';
import { CITYSCAPES_CLASSES, type ClassSet } from '../../../domain/classes.ts';
import { meanOver } from '../../../domain/metrics.ts';
import { bareRecipe } from '../../../domain/recipe.ts';
import type { RunId } from '../../../domain/run.ts';
import { ownClasses } from '../../../testing/ownClasses.ts';
import { App } from '../../app/App.tsx';
import { createFakeWorker } from '../../fake/fakeWorker.ts';
import { createI18n, type Language } from '../../i18n/i18n.ts';
import { configOf, DEFAULT_DRAFT } from '../../stores/draft.ts';
import { createStudio, type Studio } from '../../stores/studio.ts';
import { soloClass } from '../../stores/view.ts';

/** The page over a run of these classes; class c has an IoU of c percent. */
function open(classes: ClassSet, language: Language = 'en'): Studio {
  const studio = createStudio(createFakeWorker({ silent: true }).client);
  const config = configOf(DEFAULT_DRAFT, bareRecipe('source-only', {}, 10), []);
  studio.view.setState({ mean: 'all', hidden: [] });
  studio.runs.setState({ current: { runId: 'r' as RunId, name: 'r', config, classes } });
  const iou = classes.map((_, c) => c);
  studio.metrics.setState({
    evaluations: [{ step: 10, images: 2, scores: { ...meanOver(iou), iou, aAcc: 50, pixels: 8 } }],
  });
  render(<App studio={studio} i18n={createI18n(language)} />);
  return studio;
}

const shownMean = (): number => Number(screen.getByTestId('miou').textContent);
const oneDecimal = (value: number): number => Number(value.toFixed(1));
const choose = (subset: string): Promise<void> => userEvent.selectOptions(screen.getByTestId('mean-over'), subset);

test.each([5, 33])('%i classes have a bar each, under the names they were given', (count) => {
  const classes = ownClasses(count);
  open(classes, 'ko');
  for (const [index, { name }] of classes.entries()) {
    expect(screen.getByTestId(`iou-bar-${index}`).dataset.value).toBe(String(index));
    expect(screen.getByText(name)).toBeTruthy();
  }
  expect(screen.queryByTestId(`iou-bar-${count}`)).toBeNull();
  expect(shownMean()).toBe((count - 1) / 2);
});

test('the mean is over the classes of SYNTHIA’s protocols where one says so, and says what it leaves out', async () => {
  open(CITYSCAPES_CLASSES);
  expect(shownMean()).toBe(9);
  await choose('16');
  // Without 9, 14 and 16.
  expect(shownMean()).toBe(oneDecimal((171 - 39) / 16));
  expect(screen.getByTestId('mean-without').textContent).toBe('Without terrain, truck, train');
  await choose('13');
  expect(shownMean()).toBe(oneDecimal((171 - 51) / 13));
  await choose('all');
  expect(screen.queryByTestId('mean-without')).toBeNull();
});

test('the mean follows the classes that are shown, and SYNTHIA’s are not offered for others', async () => {
  const studio = open(ownClasses(5));
  const offered = within(screen.getByTestId('mean-over')).getAllByRole<HTMLOptionElement>('option');
  expect(offered.map(({ value }) => value)).toEqual(['all', 'shown']);
  await choose('shown');
  await userEvent.click(screen.getByText('kind 4'));
  expect(shownMean()).toBe(1.5);
  expect(screen.getByTestId('mean-without').textContent).toBe('Without kind 4');
  act(() => soloClass(studio.view, ownClasses(5), 'kind 2'));
  expect(shownMean()).toBe(2);
});
