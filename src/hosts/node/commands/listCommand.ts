// npm run headless -- list: everything there is, from the registries. Others script against its JSON.
import { CODINGS } from '../../../data/codings/registry.ts';
import { LAYOUTS } from '../../../data/layouts/registry.ts';
import { closeBackend, openBackend } from '../../../engine/backend/openBackend.ts';
import { METHODS } from '../../../engine/methods/registry.ts';
import { forwardFlops } from '../../../engine/networks/core/cost.ts';
import { NETWORKS } from '../../../engine/networks/registry.ts';
import { OPS } from '../../../engine/ops/registry.ts';
import { SHIPPED_RECIPES } from '../../../session/recipes/shippedRecipes.ts';
import { EXPORTS } from '../exports/registry.ts';
import { englishText } from './englishText.ts';
import { readOptions } from './options.ts';

const PANE_TEXTS = import.meta.glob('../../../studio/panes/*/texts.json', { eager: true });

const nameOf = (kind: string, id: string, otherwise: string): string => englishText(`${kind}.${id}.name`) ?? otherwise;

/** Networks are counted on hollow copies, which want TensorFlow.js but no GPU. */
async function everything() {
  await openBackend({ preference: 'cpu' });
  try {
    return {
      methods: METHODS.map(({ info }) => ({ name: nameOf('methods', info.id, info.id), ...info })),
      networks: NETWORKS.map((entry) => ({
        name: nameOf('networks', entry.info.id, entry.info.label),
        ...entry.info,
        flopsAt128x64: forwardFlops(entry, { width: 128, height: 64 }),
      })),
      recipes: SHIPPED_RECIPES.map(({ id, stages }) => ({
        id,
        name: nameOf('recipes', id, nameOf('methods', id, id)),
        stages,
      })),
      layouts: LAYOUTS.map(({ id, label, suggestedUse, codings, lookedFor }) => ({
        id,
        name: label,
        suggestedUse,
        codings,
        lookedFor: [lookedFor],
      })),
      codings: CODINGS.map(({ id, label, source }) => ({ id, name: label, source })),
      ops: OPS.map(({ name, ...op }) => ({ id: name, name, ...op })),
      views: [
        ...panes(),
        ...METHODS.flatMap(({ info }) =>
          (info.views ?? []).map(({ name, label, kind, role }) => ({
            id: `${info.id}/${name}`,
            name: englishText(`views.${name}`) ?? label,
            kind,
            role: role ?? null,
          })),
        ),
      ],
      exports: EXPORTS.map(({ id, of, fileName, summary }) => ({ id, name: fileName, of, summary })),
    };
  } finally {
    closeBackend();
  }
}

/** The page's own, known here by their texts alone: the page's code is not the command line's to load. */
function panes() {
  return Object.keys(PANE_TEXTS).map((path) => {
    const id = path.split('/').at(-2) ?? '';
    return { id, name: englishText(`panes.${id}.name`) ?? id, kind: 'pane', role: null };
  });
}

/** What a line says of a thing, behind its id and its name. */
function remarkOf(thing: Readonly<Record<string, unknown>>): string {
  const { citation, parameters, flopsAt128x64, stages, source, summary, codings } = thing;
  if (typeof citation === 'string') return citation;
  if (typeof parameters === 'number' && typeof flopsAt128x64 === 'number') {
    return `${parameters} parameters, ${(flopsAt128x64 / 1e6).toFixed(1)} MFLOP at 128x64`;
  }
  if (Array.isArray(stages)) return `${stages.length} ${stages.length === 1 ? 'stage' : 'stages'}`;
  if (Array.isArray(codings)) return codings.join(', ');
  return String(source ?? summary ?? '');
}

export async function listCommand(args: readonly string[]): Promise<number> {
  const { values } = readOptions(args, { json: { type: 'boolean', default: false } });
  const all = await everything();
  if (values.json) {
    console.log(JSON.stringify(all, null, 2));
    return 0;
  }
  for (const [kind, things] of Object.entries(all)) {
    const ids = things.map(({ id }) => id);
    const [idWidth, nameWidth] = [ids, things.map(({ name }) => name)].map((texts) =>
      Math.max(...texts.map((text) => text.length)),
    );
    console.log(`\n${kind} (${things.length})`);
    for (const thing of things) {
      console.log(
        `  ${thing.id.padEnd(idWidth ?? 0)}  ${thing.name.padEnd(nameWidth ?? 0)}  ${remarkOf(thing)}`.trimEnd(),
      );
    }
  }
  return 0;
}
