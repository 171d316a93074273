// The header: who we are, which run is open, what it runs on, and the page-wide switches.
import { Button, Group, Menu, SegmentedControl, useComputedColorScheme, useMantineColorScheme } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { DeviceBadge } from '../features/diagnostics/DeviceBadge.tsx';
import { LocalBadge } from '../features/diagnostics/LocalBadge.tsx';
import { RunStatusBadge } from '../features/training/RunStatusBadge.tsx';
import { type Language, switchLanguage } from '../i18n/i18n.ts';
import { IconButton } from '../ui/IconButton.tsx';
import {
  IconDots,
  IconHistory,
  IconKeyboard,
  IconLayoutSidebar,
  IconMoon,
  IconSettings,
  IconSun,
} from '../ui/icons.tsx';
import classes from './Shell.module.css';
import { Wordmark } from './Wordmark.tsx';

interface HeaderProps {
  readonly settings: { readonly phone: boolean; readonly desk: boolean };
  readonly onPhoneSettings: () => void;
  readonly onDeskSettings: () => void;
  readonly onRuns: () => void;
  readonly onHelp: () => void;
}

export function Header({ settings, onPhoneSettings, onDeskSettings, onRuns, onHelp }: HeaderProps) {
  const { t } = useTranslation();
  return (
    <Group className={classes.bar ?? ''} justify="space-between" wrap="nowrap" gap="xs">
      <Group gap="sm" wrap="nowrap" style={{ minWidth: 0 }}>
        <IconButton
          label={t('header.settings')}
          onClick={onPhoneSettings}
          aria-expanded={settings.phone}
          hiddenFrom="sm"
        >
          <IconSettings size={20} />
        </IconButton>
        <IconButton
          label={t('header.settings')}
          onClick={onDeskSettings}
          aria-expanded={settings.desk}
          visibleFrom="sm"
        >
          <IconLayoutSidebar size={20} />
        </IconButton>
        <Wordmark />
        <RunStatusBadge />
      </Group>
      <Group gap="xs" wrap="nowrap">
        <DeviceBadge />
        <Group gap="xs" wrap="nowrap" visibleFrom="sm">
          <LocalBadge />
        </Group>
        <Group gap="xs" wrap="nowrap" visibleFrom="md">
          <Button
            variant="default"
            size="xs"
            leftSection={<IconHistory size={16} />}
            onClick={onRuns}
            data-testid="runs-open"
          >
            {t('runs.title')}
          </Button>
          <LanguageSwitch />
          <ThemeSwitch />
          <IconButton label={t('header.shortcuts')} shortcut="?" onClick={onHelp}>
            <IconKeyboard size={20} />
          </IconButton>
        </Group>
        <MoreMenu onRuns={onRuns} onHelp={onHelp} />
      </Group>
    </Group>
  );
}

function LanguageSwitch() {
  const { t, i18n } = useTranslation();
  return (
    <SegmentedControl
      aria-label={t('header.language')}
      value={i18n.language}
      data={[
        { value: 'en', label: <abbr title={t('languages.en')}>{t('languages.enShort')}</abbr> },
        { value: 'ko', label: <abbr title={t('languages.ko')}>{t('languages.koShort')}</abbr> },
      ]}
      onChange={(language) => void switchLanguage(i18n, language as Language)}
      data-testid="language"
    />
  );
}

function useThemeSwitch(): { dark: boolean; toggle: () => void } {
  const { setColorScheme } = useMantineColorScheme();
  const dark = useComputedColorScheme('dark') === 'dark';
  return { dark, toggle: () => setColorScheme(dark ? 'light' : 'dark') };
}

function ThemeSwitch() {
  const { t } = useTranslation();
  const { dark, toggle } = useThemeSwitch();
  return (
    <IconButton label={dark ? t('header.light') : t('header.dark')} onClick={toggle} testId="theme">
      {dark ? <IconSun size={20} /> : <IconMoon size={20} />}
    </IconButton>
  );
}

/** What does not fit beside the name on narrow screens. */
function MoreMenu({ onRuns, onHelp }: Pick<HeaderProps, 'onRuns' | 'onHelp'>) {
  const { t, i18n } = useTranslation();
  const { dark, toggle } = useThemeSwitch();
  const other: Language = i18n.language === 'ko' ? 'en' : 'ko';
  return (
    <Menu position="bottom-end" withinPortal>
      <Menu.Target>
        <Button variant="subtle" color="gray" px={6} aria-label={t('header.more')} hiddenFrom="md">
          <IconDots size={20} />
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Item leftSection={<IconHistory size={16} />} onClick={onRuns}>
          {t('runs.title')}
        </Menu.Item>
        <Menu.Item leftSection={dark ? <IconSun size={16} /> : <IconMoon size={16} />} onClick={toggle}>
          {dark ? t('header.light') : t('header.dark')}
        </Menu.Item>
        <Menu.Item lang={other} onClick={() => void switchLanguage(i18n, other)}>
          {t(`languages.${other}`)}
        </Menu.Item>
        <Menu.Item leftSection={<IconKeyboard size={16} />} onClick={onHelp}>
          {t('header.shortcuts')}
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}
