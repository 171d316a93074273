// The recipes that ship with the studio: data files beside this one. Settings for the small networks and the built-in pair.
import { StudioError } from '../../domain/errors.ts';
import type { Recipe } from '../../domain/recipe.ts';
import { parseRecipeForm } from './recipeSchema.ts';
import dataDependency from './shipped/data-dependency.json' with { type: 'json' };
import ladder from './shipped/ladder.json' with { type: 'json' };
import oracle from './shipped/oracle.json' with { type: 'json' };
import sourceOnly from './shipped/source-only.json' with { type: 'json' };
import st from './shipped/st.json' with { type: 'json' };
import stUda from './shipped/st+uda.json' with { type: 'json' };
import stUdaSsl from './shipped/st+uda+ssl.json' with { type: 'json' };
import supervised from './shipped/supervised.json' with { type: 'json' };
import udas from './shipped/udas.json' with { type: 'json' };
import udasStrict from './shipped/udas-strict.json' with { type: 'json' };

export const SHIPPED_RECIPES: readonly Recipe[] = [
  sourceOnly,
  st,
  stUda,
  stUdaSsl,
  udas,
  udasStrict,
  supervised,
  oracle,
  ladder,
  dataDependency,
].map(parseRecipeForm);

/** Throws `config.invalid` for an id that is not listed. */
export function shippedRecipe(id: string): Recipe {
  const recipe = SHIPPED_RECIPES.find((shipped) => shipped.id === id);
  if (recipe !== undefined) return recipe;
  const known = SHIPPED_RECIPES.map((shipped) => shipped.id).join(', ');
  throw new StudioError('config.invalid', `There is no recipe "${id}".`, `Choose one of: ${known}.`, { recipe: id });
}
