// The list of everything: what others script against, and that what ships has a name.
import { expect, test, vi } from 'vitest';
import { METHODS } from '../../../engine/methods/registry.ts';
import { listCommand } from './listCommand.ts';

test('lists everything there is, each with an id and a name', async () => {
  const printed: string[] = [];
  const log = vi.spyOn(console, 'log').mockImplementation((text: string) => void printed.push(text));
  expect(await listCommand(['--json'])).toBe(0);
  log.mockRestore();
  const all: Record<string, { id: string; name: string }[]> = JSON.parse(printed.join('\n'));
  expect(Object.keys(all)).toEqual([
    ...['methods', 'networks', 'recipes', 'layouts', 'codings', 'ops', 'views', 'exports'],
  ]);
  for (const [kind, things] of Object.entries(all)) {
    expect(things.length, kind).toBeGreaterThan(2);
    expect(
      things.filter(({ id, name }) => id === '' || name === ''),
      kind,
    ).toEqual([]);
    expect(new Set(things.map(({ id }) => id)).size, kind).toBe(things.length);
  }
  expect(all.methods!.map(({ id }) => id)).toEqual(METHODS.map(({ info }) => info.id));
  expect(all.exports).toEqual(
    [
      ['ablation', 'recipe', 'rungs.json'],
      ['evaluation', 'evaluation', 'evaluation.json'],
      ['metrics', 'run', 'metrics.csv'],
      ['report', 'run', 'report.json'],
      ['weights', 'run', 'weights.safetensors'],
    ].map(([id, of, name]) => expect.objectContaining({ id, of, name })),
  );
  expect(all.networks!.find(({ id }) => id === 'lite')).toMatchObject({
    name: 'DeepLab-lite',
    parameters: 64_291,
    flopsAt128x64: 24_477_696,
  });
});

test('refuses an option that there is not', async () => {
  await expect(listCommand(['--jason'])).rejects.toThrow('There is no option --jason. Did you mean "--json"?');
});
