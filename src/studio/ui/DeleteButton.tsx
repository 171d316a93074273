// A bin that asks before it deletes: one press opens the question, the second does it.
import { Button, Popover } from '@mantine/core';
import { useState } from 'react';
import { IconButton } from './IconButton.tsx';
import { IconTrash } from './icons.tsx';

interface DeleteButtonProps {
  /** What would be deleted, in words. */
  readonly label: string;
  /** On the button that deletes. */
  readonly confirm: string;
  readonly onDelete: () => void;
}

export function DeleteButton({ label, confirm, onDelete }: DeleteButtonProps) {
  const [asking, setAsking] = useState(false);
  return (
    <Popover opened={asking} onChange={setAsking} withArrow trapFocus withRoles={false}>
      <Popover.Target>
        <div>
          <IconButton label={label} size="sm" onClick={() => setAsking(true)}>
            <IconTrash size={14} />
          </IconButton>
        </div>
      </Popover.Target>
      <Popover.Dropdown>
        <Button size="xs" color="red" onClick={onDelete}>
          {confirm}
        </Button>
      </Popover.Dropdown>
    </Popover>
  );
}
