// What to train: a recipe of several stages, or one method by itself.
import { Select } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { methodHelp, methodName, recipeHelp, recipeName } from '../../i18n/names.ts';
import { useStudio, useStudioState } from '../../stores/studioContext.ts';

const RECIPE = 'recipe:';
const METHOD = 'method:';

export function RecipePicker() {
  const { t } = useTranslation();
  const { draft } = useStudio();
  const methods = useStudioState('engine', (state) => state.methods);
  const recipes = useStudioState('engine', (state) => state.recipes);
  const recipe = useStudioState('draft', (state) => state.recipe);
  const method = useStudioState('draft', (state) => state.method);
  // What starts from an earlier stage's weights or labels has nothing to begin with alone.
  const alone = methods.filter(({ needs }) => needs.pseudoLabels !== true);
  const choose = (value: string | null): void => {
    if (value?.startsWith(RECIPE)) draft.setState({ recipe: value.slice(RECIPE.length) });
    if (value?.startsWith(METHOD)) draft.setState({ recipe: null, method: value.slice(METHOD.length) });
  };
  return (
    <Select
      label={t('settings.recipe')}
      value={recipe === null ? METHOD + method : RECIPE + recipe}
      data={[
        {
          group: t('settings.recipes'),
          items: recipes.map(({ id }) => ({ value: RECIPE + id, label: recipeName(t, id) })),
        },
        {
          group: t('settings.singleMethods'),
          items: alone.map(({ id }) => ({ value: METHOD + id, label: methodName(t, id) })),
        },
      ]}
      onChange={choose}
      description={recipe === null ? methodHelp(t, method) : recipeHelp(t, recipe)}
      inputWrapperOrder={['label', 'input', 'description']}
      maxDropdownHeight={420}
      allowDeselect={false}
      data-testid="method"
    />
  );
}
