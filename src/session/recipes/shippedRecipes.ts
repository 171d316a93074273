// The recipes that ship with the studio: every data file in `shipped/`, its texts beside it. Settings for the small networks and
// the built-in pair.
import type { Recipe } from '../../domain/recipe.ts';
import { registryOf } from '../../domain/registry.ts';
import { parseRecipeForm } from './recipeSchema.ts';

interface Shipped {
  readonly order: number;
  readonly recipe: Recipe;
}

const files = import.meta.glob<{ readonly order: number }>(['./shipped/*.json', '!./shipped/*.texts.json'], {
  eager: true,
  import: 'default',
});
const shipped = registryOf<Shipped>(
  'recipe',
  Object.values(files).map((file) => ({ order: file.order, recipe: parseRecipeForm(file) })),
  ({ recipe }) => recipe.id,
  (a, b) => a.order - b.order,
);

export const SHIPPED_RECIPES: readonly Recipe[] = shipped.list.map(({ recipe }) => recipe);

/** Throws `config.invalid` for an id that is not listed. */
export const shippedRecipe = (id: string): Recipe => shipped.entry(id).recipe;
