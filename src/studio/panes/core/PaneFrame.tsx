// What every pane looks like from outside: a heading with the switch to the other panes, its own controls, its pictures.
import { Group, Text } from '@mantine/core';
import type { ReactNode } from 'react';
import classes from './PaneFrame.module.css';
import { PaneSwitch } from './PaneSwitch.tsx';

interface PaneFrameProps {
  readonly title: string;
  /** What the pictures are of; changes as they do. */
  readonly subtitle: string;
  /** Names the pane for people who do not see it; its title unless given. */
  readonly label?: string;
  /** Controls that stand right of the heading. */
  readonly tools?: ReactNode;
  readonly testId?: string;
  readonly children: ReactNode;
}

export function PaneFrame({ title, subtitle, label = title, tools, testId, children }: PaneFrameProps) {
  return (
    <section className={classes.frame} aria-label={label} data-testid={testId}>
      <Group justify="space-between" gap="xs" className={classes.toolbar ?? ''}>
        <div className={classes.heading}>
          <Text component="h2" className={classes.title ?? ''}>
            {title}
          </Text>
          <Text className={classes.subtitle ?? ''}>{subtitle}</Text>
        </div>
        <PaneSwitch />
        {tools}
      </Group>
      {children}
    </section>
  );
}
