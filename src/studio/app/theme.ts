// The studio's look: cool ink surfaces, amber for the source domain, mint for the target and for action.
import { type CSSVariablesResolver, createTheme, defaultVariantColorsResolver } from '@mantine/core';

const dialog = {
  content: { background: 'var(--studio-surface)' },
  header: { background: 'var(--studio-surface)' },
  title: { fontWeight: 650 },
};

export const theme = createTheme({
  primaryColor: 'mint',
  primaryShade: { light: 8, dark: 4 },
  autoContrast: true,
  luminanceThreshold: 0.32,
  // Mantine picks a label's contrast from the light theme's shade; the primary shade differs between ours.
  variantColorResolver: (input) => {
    const colours = defaultVariantColorsResolver(input);
    const isPrimary = input.color === undefined || input.color === 'mint';
    return input.variant === 'filled' && isPrimary
      ? { ...colours, color: 'var(--mantine-primary-color-contrast)' }
      : colours;
  },
  defaultRadius: 8,
  cursorType: 'pointer',
  respectReducedMotion: true,
  fontFamily:
    'ui-sans-serif, system-ui, -apple-system, "Segoe UI", Roboto, "Apple SD Gothic Neo", "Malgun Gothic", "Noto Sans KR", "Noto Sans CJK KR", sans-serif',
  fontFamilyMonospace: 'ui-monospace, SFMono-Regular, Menlo, Consolas, "Noto Sans Mono", monospace',
  headings: { fontWeight: '650' },
  colors: {
    mint: [
      '#e4faf4',
      '#c5f2e6',
      '#93e5d0',
      '#5fd8ba',
      '#3ccfab',
      '#1fb894',
      '#10997a',
      '#0b8068',
      '#086a56',
      '#055244',
    ],
    amber: [
      '#fff5e2',
      '#ffe7bd',
      '#ffd28a',
      '#ffbe58',
      '#f8ab36',
      '#de9019',
      '#b8730c',
      '#985c07',
      '#7f4c05',
      '#613903',
    ],
    dark: [
      '#e8ecf2',
      '#c6cdd9',
      '#9ea9ba',
      '#748094',
      '#3d4757',
      '#2b3340',
      '#1c222c',
      '#12161d',
      '#0c0f14',
      '#07090c',
    ],
  },
  components: {
    Tooltip: { defaultProps: { openDelay: 350, withArrow: true } },
    Modal: {
      defaultProps: { centered: true, overlayProps: { backgroundOpacity: 0.6 } },
      styles: dialog,
    },
    Drawer: { styles: dialog },
    Progress: { styles: { root: { backgroundColor: 'var(--studio-sunken)' } } },
    NumberInput: { defaultProps: { size: 'xs' } },
    Select: { defaultProps: { size: 'xs', allowDeselect: false, checkIconPosition: 'right' } },
    TextInput: { defaultProps: { size: 'xs' } },
    SegmentedControl: { defaultProps: { size: 'xs' } },
  },
});

/** Surfaces and semantic colours of both schemes; every text colour here is at least 4.5:1 on every surface here. */
export const cssVariables: CSSVariablesResolver = () => ({
  variables: {},
  light: {
    '--mantine-color-body': '#f3f5f8',
    '--mantine-color-text': '#161b24',
    '--mantine-color-dimmed': '#566072',
    '--mantine-color-placeholder': '#6a7486',
    '--studio-surface': '#ffffff',
    '--studio-sunken': '#e6eaf0',
    '--studio-line': '#dbe1e9',
    '--studio-source': '#985c07',
    '--studio-target': '#086a56',
    '--studio-accent': '#086a56',
    '--studio-good': '#086a56',
    '--studio-bad': '#b42318',
    '--studio-swatch-ring': 'rgb(0 0 0 / 25%)',
    '--studio-chart-1': '#086a56',
    '--studio-chart-2': '#b8730c',
    '--studio-chart-3': '#6a4fd0',
    '--studio-chart-4': '#c23a6b',
  },
  dark: {
    '--mantine-color-body': '#0c0f14',
    '--mantine-color-dimmed': '#9ea9ba',
    '--studio-surface': '#12161d',
    '--studio-sunken': '#1c222c',
    '--studio-line': '#232a35',
    '--studio-source': '#f8ab36',
    '--studio-target': '#3ccfab',
    '--studio-accent': '#3ccfab',
    '--studio-good': '#3ccfab',
    '--studio-bad': '#ff8a7a',
    '--studio-swatch-ring': 'rgb(255 255 255 / 38%)',
    '--studio-chart-1': '#3ccfab',
    '--studio-chart-2': '#f8ab36',
    '--studio-chart-3': '#a593ff',
    '--studio-chart-4': '#ff85ab',
  },
});
