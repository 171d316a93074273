// The last net: a page that broke says so, and offers a reload; stored runs and data are not touched by it.
import { Alert, Button, Center, CopyButton, Group, Text } from '@mantine/core';
import { Component, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { type SerialisedError, serialiseError } from '../../domain/errors.ts';
import { errorAdvice, errorTitle } from '../i18n/names.ts';

interface ErrorBoundaryProps {
  readonly children: ReactNode;
}
interface ErrorBoundaryState {
  readonly error: SerialisedError | null;
}

export class ErrorBoundary extends Component<ErrorBoundaryProps, ErrorBoundaryState> {
  override state: ErrorBoundaryState = { error: null };

  static getDerivedStateFromError(error: unknown): ErrorBoundaryState {
    return { error: serialiseError(error) };
  }

  override render(): ReactNode {
    return this.state.error === null ? this.props.children : <BrokenPage error={this.state.error} />;
  }
}

function BrokenPage({ error }: { readonly error: SerialisedError }) {
  const { t } = useTranslation();
  return (
    <Center mih="100dvh" p="md">
      <Alert color="red" variant="light" maw={560} title={errorTitle(t, error.code)} role="alert">
        <Text size="sm">{errorAdvice(t, error)}</Text>
        <Text size="xs" c="dimmed">
          {error.message}
        </Text>
        <Group mt="md">
          <Button onClick={() => location.reload()}>{t('failure.reload')}</Button>
          <CopyButton value={JSON.stringify(error, null, 2)}>
            {({ copied, copy }) => (
              <Button variant="default" onClick={copy}>
                {copied ? t('failure.copied') : t('failure.copy')}
              </Button>
            )}
          </CopyButton>
        </Group>
      </Alert>
    </Center>
  );
}
