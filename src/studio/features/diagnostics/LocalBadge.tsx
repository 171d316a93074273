// The promise that nothing leaves this machine, and its evidence: every request since the page was loaded, counted by origin.
// Also whether what is stored here stays.
import { Badge, Popover, Text, UnstyledButton } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { formatBytes } from '../../i18n/format.ts';
import { type StorageNews, storageNews } from '../../stores/permanence.ts';
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
  const [news, setNews] = useState<StorageNews | null>(null);
  const look = (): void => {
    setCounts(countRequests());
    void storageNews().then(setNews);
  };
  return (
    <Popover withArrow width={300} position="bottom-end" onOpen={look}>
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
        {news !== null && (
          <Text size="sm" mt="xs" data-testid="permanence" data-permanence={news.permanence}>
            {t(`local.${news.permanence}`)}
            {news.usedBytes !== null && ` ${t('local.used', { size: formatBytes(news.usedBytes) })}`}
          </Text>
        )}
      </Popover.Dropdown>
    </Popover>
  );
}
