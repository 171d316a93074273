// A titled surface: the studio's one kind of card.
import { Group, Paper, Text } from '@mantine/core';
import type { ReactNode } from 'react';
import classes from './Panel.module.css';

interface PanelProps {
  readonly title: string;
  readonly aside?: ReactNode;
  readonly children: ReactNode;
  readonly className?: string | undefined;
}

export function Panel({ title, aside, children, className }: PanelProps) {
  return (
    <Paper component="section" className={`${classes.panel} ${className ?? ''}`} aria-label={title}>
      <Group justify="space-between" wrap="nowrap" gap="xs" className={classes.head}>
        <Text component="h2" className={classes.title}>
          {title}
        </Text>
        {aside}
      </Group>
      <div className={classes.body}>{children}</div>
    </Paper>
  );
}
