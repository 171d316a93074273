// A labelled value.
import { Text } from '@mantine/core';
import type { ReactNode } from 'react';
import classes from './Stat.module.css';

interface StatProps {
  readonly label: string;
  readonly children: ReactNode;
}

export function Stat({ label, children }: StatProps) {
  return (
    <div className={classes.stat}>
      <Text component="span" className={classes.label}>
        {label}
      </Text>
      <Text component="span" className={classes.value}>
        {children}
      </Text>
    </div>
  );
}
