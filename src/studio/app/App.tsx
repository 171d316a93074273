// The composition root of the page: languages, theme, the studio in context, and a net under all of it.
import { MantineProvider } from '@mantine/core';
import type { i18n as I18n } from 'i18next';
import { I18nextProvider } from 'react-i18next';
import type { Studio } from '../stores/studio.ts';
import { StudioContext } from '../stores/studioContext.ts';
import { ErrorBoundary } from './ErrorBoundary.tsx';
import { Shell } from './Shell.tsx';
import { cssVariables, theme } from './theme.ts';

interface AppProps {
  readonly studio: Studio;
  readonly i18n: I18n;
}

export function App({ studio, i18n }: AppProps) {
  return (
    <I18nextProvider i18n={i18n}>
      <MantineProvider theme={theme} cssVariablesResolver={cssVariables} defaultColorScheme="auto">
        <ErrorBoundary>
          <StudioContext value={studio}>
            <Shell />
          </StudioContext>
        </ErrorBoundary>
      </MantineProvider>
    </I18nextProvider>
  );
}
