// The studio's frame: header, settings panel, stage. It arranges features and knows nothing of what they do.
import { AppShell } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { useTranslation } from 'react-i18next';
import { FailureBanners } from '../features/diagnostics/FailureBanners.tsx';
import { FallbackNote } from '../features/diagnostics/FallbackNote.tsx';
import { RecoveryNote } from '../features/diagnostics/RecoveryNote.tsx';
import { ImportHost } from '../features/importing/ImportHost.tsx';
import { RunsDrawer } from '../features/runs/RunsDrawer.tsx';
import { StageRail } from '../features/stages/StageRail.tsx';
import { ContinueCard } from '../features/training/ContinueCard.tsx';
import { Transport } from '../features/training/Transport.tsx';
import { Header } from './Header.tsx';
import { SettingsPanel } from './SettingsPanel.tsx';
import classes from './Shell.module.css';
import { ShortcutSheet } from './ShortcutSheet.tsx';
import { Stage } from './Stage.tsx';
import { useShortcuts } from './useShortcuts.ts';

export function Shell() {
  const { t } = useTranslation();
  const [settingsOnPhone, phone] = useDisclosure(false);
  const [settingsOnDesk, desk] = useDisclosure(true);
  const [runsOpen, runs] = useDisclosure(false);
  const [helpOpen, help] = useDisclosure(false);
  useShortcuts(help.toggle);
  return (
    <AppShell
      header={{ height: 52 }}
      navbar={{ width: 304, breakpoint: 'sm', collapsed: { mobile: !settingsOnPhone, desktop: !settingsOnDesk } }}
      transitionDuration={120}
    >
      <AppShell.Header className={classes.header ?? ''}>
        <Header
          settings={{ phone: settingsOnPhone, desk: settingsOnDesk }}
          onPhoneSettings={phone.toggle}
          onDeskSettings={desk.toggle}
          onRuns={runs.open}
          onHelp={help.open}
        />
      </AppShell.Header>
      <AppShell.Navbar className={classes.navbar ?? ''} aria-label={t('settings.title')}>
        <SettingsPanel onStarted={phone.close} />
      </AppShell.Navbar>
      <AppShell.Main className={classes.main ?? ''}>
        <div className={classes.notes}>
          <FailureBanners />
          <RecoveryNote />
          <FallbackNote />
        </div>
        <Transport />
        <ContinueCard />
        <StageRail />
        <Stage />
      </AppShell.Main>
      <RunsDrawer opened={runsOpen} onClose={runs.close} />
      <ShortcutSheet opened={helpOpen} onClose={help.close} />
      <ImportHost />
    </AppShell>
  );
}
