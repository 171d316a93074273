// The wordmark: two frames of one street, the one drawn and the one seen, and what they share.
import { useTranslation } from 'react-i18next';
import classes from './Shell.module.css';

export function Wordmark() {
  const { t } = useTranslation();
  return (
    <div className={classes.wordmark}>
      <svg width="26" height="20" viewBox="0 0 26 20" aria-hidden="true">
        <rect x="1" y="1" width="16" height="12" rx="3" fill="none" stroke="var(--studio-source)" strokeWidth="2" />
        <rect x="9" y="7" width="16" height="12" rx="3" fill="none" stroke="var(--studio-target)" strokeWidth="2" />
        <rect x="11" y="9" width="4" height="2" rx="1" fill="currentColor" />
      </svg>
      <strong>
        {t('app.name')} <span>{t('app.kind')}</span>
      </strong>
    </div>
  );
}
