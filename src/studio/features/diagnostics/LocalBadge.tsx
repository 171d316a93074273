// The promise that nothing leaves this machine, and its evidence: every request since the page was loaded, counted by origin.
import { Badge, Popover, Text, UnstyledButton } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { IconShieldCheck } from '../../ui/icons.tsx';

function countRequests(): { own: number; foreign: number } {
  const entries = performance.getEntriesByType('resource');
  const isOwn = (url: string): boolean =>
    /^(blob|data):/.test(url) || new URL(url, location.href).origin === location.origin;
  const own = entries.filter(({ name }) => isOwn(name)).length;
  return { own, foreign: entries.length - own };
}

export function LocalBadge() {
  const { t } = useTranslation();
  const [counts, setCounts] = useState(countRequests);
  return (
    <Popover withArrow width={300} position="bottom-end" onOpen={() => setCounts(countRequests())}>
      <Popover.Target>
        <UnstyledButton aria-label={t('local.details')} data-testid="local-badge">
          <Badge variant="default" tt="none" leftSection={<IconShieldCheck size={14} />}>
            {t('local.badge')}
          </Badge>
        </UnstyledButton>
      </Popover.Target>
      <Popover.Dropdown>
        <Text size="sm">{t('local.promise')}</Text>
        <Text size="sm" mt="xs" fw={600} className="tabular">
          {t('local.foreign', { count: counts.foreign })}
        </Text>
        <Text size="xs" c="dimmed" className="tabular">
          {t('local.own', { count: counts.own })}
        </Text>
      </Popover.Dropdown>
    </Popover>
  );
}
