// An icon that does something: always with a name, shown as a tooltip and read aloud.
import { ActionIcon, type ActionIconProps, Tooltip } from '@mantine/core';
import type { ReactNode } from 'react';

interface IconButtonProps extends ActionIconProps {
  readonly label: string;
  readonly onClick: () => void;
  readonly children: ReactNode;
  readonly shortcut?: string;
  readonly testId?: string;
}

export function IconButton({ label, shortcut, testId, children, ...rest }: IconButtonProps) {
  return (
    <Tooltip label={shortcut === undefined ? label : `${label} (${shortcut})`}>
      <ActionIcon variant="subtle" color="gray" size="lg" aria-label={label} data-testid={testId} {...rest}>
        {children}
      </ActionIcon>
    </Tooltip>
  );
}
