// What the worker said of itself when it was last recorded (`npm run record:hello`). The fake repeats it, so that its page
// offers what ships; a method that is newer than the recording is only missing here.
import type { Hello } from '../../bridge/protocol.ts';
import { invariant } from '../../domain/errors.ts';
import type { Recipe } from '../../domain/recipe.ts';
import hello from './hello.json' with { type: 'json' };

type Recorded = Pick<Hello, 'methods' | 'metrics' | 'networks' | 'recipes'>;

// The type of a JSON file says `string` where ours name the few that there are; a test parses the recording.
export const RECORDED = hello as unknown as Recorded;

export function recordedRecipe(id: string): Recipe {
  const recipe = RECORDED.recipes.find((candidate) => candidate.id === id);
  invariant(recipe, () => `The recording has no recipe "${id}".`);
  return recipe;
}
