// The stages of a recipe before it runs: what each does, and for how many steps.
import { useTranslation } from 'react-i18next';
import { type Recipe, stepsOfStage } from '../../../domain/recipe.ts';
import { formatCount } from '../../i18n/format.ts';
import { stageName } from '../../i18n/names.ts';
import classes from './StageList.module.css';

export function StageList({ recipe }: { readonly recipe: Recipe }) {
  const { t } = useTranslation();
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls is reached by keyboard.
    <ol tabIndex={0} className={classes.list} aria-label={t('stages.title')} data-testid="stage-list">
      {recipe.stages.map((stage) => (
        <li key={stage.id}>
          <span>{stageName(t, stage)}</span>
          <span className={classes.steps}>
            {stage.kind === 'train'
              ? t('stages.steps', { count: stepsOfStage(stage), steps: formatCount(stepsOfStage(stage)) })
              : t('stages.once')}
          </span>
        </li>
      ))}
    </ol>
  );
}
