// Says why the settings cannot be trained as they stand.
import { Alert } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { problemOf } from '../../stores/draft.ts';
import { useStudioState } from '../../stores/studioContext.ts';

export function ProblemNote() {
  const { t } = useTranslation();
  const draft = useStudioState('draft', (state) => state);
  const offer = useStudioState('engine', (state) => state);
  const imported = useStudioState('datasets', (state) => state.imported);
  const problem = offer.connection === 'ready' ? problemOf(draft, offer, imported) : null;
  if (problem === null) return null;
  return (
    <Alert color="amber" variant="light" p="xs" role="alert" data-testid="problem">
      {t(`settings.problem.${problem.kind}`, { ...problem })}
    </Alert>
  );
}
