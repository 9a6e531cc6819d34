import {
  type CSSVariablesResolver,
  createTheme,
  defaultVariantColorsResolver,
  type MantineColorsTuple,
  rem,
  type VariantColorsResolver,
} from '@mantine/core';
import classes from './theme.module.css';
import {
  dark,
  fonts,
  light,
  neutralDark,
  neutralLight,
  type SchemeTokens,
  sizes,
  teal,
} from './tokens';

const tuple = (scale: readonly string[]) => scale as unknown as MantineColorsTuple;

const kebab = (key: string) => key.replace(/[A-Z]/g, (c) => `-${c.toLowerCase()}`);

function tokenVariables(tokens: SchemeTokens): Record<string, string> {
  return Object.fromEntries(
    Object.entries(tokens).map(([key, value]) => [`--r-${kebab(key)}`, value]),
  );
}

function mantineVariables(t: SchemeTokens): Record<string, string> {
  return {
    '--mantine-color-text': t.text,
    '--mantine-color-bright': t.text,
    '--mantine-color-body': t.canvas,
    '--mantine-color-dimmed': t.textMuted,
    '--mantine-color-placeholder': t.textMuted,
    '--mantine-color-anchor': t.accentText,
    '--mantine-color-error': t.error,
    '--mantine-color-default': t.surface,
    '--mantine-color-default-hover': t.hover,
    '--mantine-color-default-color': t.text,
    '--mantine-color-default-border': t.border,
    '--mantine-color-disabled': t.sunken,
    '--mantine-color-disabled-color': t.textMuted,
    '--mantine-color-disabled-border': t.border,
    '--mantine-primary-color-filled': t.accent,
    '--mantine-primary-color-filled-hover': t.accentHover,
    '--mantine-primary-color-contrast': t.accentOn,
    '--mantine-primary-color-light': t.accentSoft,
    '--mantine-primary-color-light-hover': t.selected,
    '--mantine-primary-color-light-color': t.accentText,
    '--mantine-color-teal-filled': t.accent,
    '--mantine-color-teal-filled-hover': t.accentHover,
    '--mantine-color-teal-outline': t.accentText,
    '--mantine-color-teal-light': t.accentSoft,
    '--mantine-color-teal-light-color': t.accentText,
    '--mantine-color-teal-text': t.accentText,
    '--mantine-color-red-filled': t.danger,
    '--mantine-color-red-filled-hover': t.dangerHover,
    '--mantine-color-red-light': t.errorSoft,
    '--mantine-color-red-light-color': t.error,
    '--mantine-color-red-text': t.error,
    '--mantine-color-red-outline': t.error,
  };
}

export const cssVariablesResolver: CSSVariablesResolver = () => ({
  variables: Object.fromEntries(
    Object.entries(sizes).map(([key, value]) => [`--r-${kebab(key)}`, `${value}px`]),
  ),
  light: { ...tokenVariables(light), ...mantineVariables(light) },
  dark: { ...tokenVariables(dark), ...mantineVariables(dark) },
});

/** `default` buttons are quiet; a filled button is the one primary action. */
const variantColorResolver: VariantColorsResolver = (input) => {
  const colors = defaultVariantColorsResolver(input);
  if (input.variant === 'filled') {
    return { ...colors, color: 'var(--mantine-primary-color-contrast)' };
  }
  if (input.variant === 'subtle' && (input.color ?? 'teal') === 'gray') {
    return { ...colors, color: 'var(--r-text-secondary)', hover: 'var(--r-hover)' };
  }
  return colors;
};

export const theme = createTheme({
  primaryColor: 'teal',
  primaryShade: { light: 7, dark: 6 },
  colors: { teal: tuple(teal), gray: tuple(neutralLight), dark: tuple(neutralDark) },
  white: '#ffffff',
  black: neutralLight[9],
  variantColorResolver,
  fontFamily: fonts.text,
  fontFamilyMonospace: fonts.mono,
  headings: {
    fontFamily: fonts.text,
    fontWeight: '600',
    sizes: {
      h1: { fontSize: rem(20), lineHeight: '1.3', fontWeight: '650' },
      h2: { fontSize: rem(16), lineHeight: '1.4', fontWeight: '620' },
      h3: { fontSize: rem(14), lineHeight: '1.45', fontWeight: '620' },
      h4: { fontSize: rem(14), lineHeight: '1.45', fontWeight: '560' },
    },
  },
  fontSizes: { xs: rem(12), sm: rem(13), md: rem(14), lg: rem(15), xl: rem(16) },
  lineHeights: { xs: '1.4', sm: '1.45', md: '1.45', lg: '1.6', xl: '1.5' },
  spacing: { xs: rem(8), sm: rem(12), md: rem(16), lg: rem(24), xl: rem(32) },
  radius: { xs: rem(3), sm: rem(4), md: rem(6), lg: rem(8), xl: rem(12) },
  defaultRadius: 'md',
  focusRing: 'auto',
  cursorType: 'pointer',
  respectReducedMotion: true,
  activeClassName: '',
  shadows: {
    xs: 'none',
    sm: '0 1px 2px rgb(10 15 20 / 6%)',
    md: '0 4px 16px -4px rgb(10 15 20 / 14%)',
    lg: '0 8px 28px -8px rgb(10 15 20 / 20%)',
    xl: '0 16px 48px -12px rgb(10 15 20 / 28%)',
  },
  components: {
    Button: {
      defaultProps: { size: 'sm', variant: 'default' },
      classNames: { root: classes.button },
    },
    ActionIcon: {
      defaultProps: { size: 'md', variant: 'subtle', color: 'gray' },
    },
    TextInput: { defaultProps: { size: 'sm' }, classNames: { label: classes.label } },
    PasswordInput: {
      defaultProps: { size: 'sm' },
      classNames: { label: classes.label },
    },
    Textarea: { defaultProps: { size: 'sm' }, classNames: { label: classes.label } },
    Select: { defaultProps: { size: 'sm' }, classNames: { label: classes.label } },
    TagsInput: { defaultProps: { size: 'sm' }, classNames: { label: classes.label } },
    MultiSelect: { defaultProps: { size: 'sm' }, classNames: { label: classes.label } },
    NativeSelect: {
      defaultProps: { size: 'sm' },
      classNames: { label: classes.label },
    },
    Input: { classNames: { input: classes.input } },
    InputWrapper: {
      classNames: { error: classes.fieldError, description: classes.fieldHint },
    },
    Tooltip: {
      defaultProps: {
        openDelay: 350,
        transitionProps: { duration: 100 },
        events: { hover: true, focus: true, touch: false },
      },
      classNames: { tooltip: classes.tooltip },
    },
    Menu: {
      defaultProps: {
        shadow: 'md',
        position: 'bottom-end',
        // Inside its landmark, and without an unnamed child in `role=menu`.
        withinPortal: false,
        withInitialFocusPlaceholder: false,
        transitionProps: { duration: 100 },
      },
      classNames: { item: classes.menuItem, dropdown: classes.menu },
    },
    Modal: {
      defaultProps: {
        radius: 8,
        transitionProps: { duration: 120, transition: 'fade' },
        overlayProps: { backgroundOpacity: 0.4 },
        closeButtonProps: { 'aria-label': 'Close' },
      },
      classNames: { title: classes.modalTitle, content: classes.modal },
    },
    // Dialogs stand outside of `main`: a plain `header` would be a second banner.
    ModalHeader: { defaultProps: { role: 'presentation' } },
    DrawerHeader: { defaultProps: { role: 'presentation' } },
    Drawer: {
      defaultProps: {
        transitionProps: { duration: 120 },
        closeButtonProps: { 'aria-label': 'Close' },
      },
    },
    Notification: {
      defaultProps: { closeButtonProps: { 'aria-label': 'Close notification' } },
      classNames: {
        root: classes.notification,
        title: classes.notificationTitle,
        description: classes.notificationText,
      },
    },
    Tabs: { classNames: { tab: classes.tab, list: classes.tabList } },
    Table: { classNames: { table: classes.table, th: classes.th, td: classes.td } },
    Anchor: { defaultProps: { underline: 'hover', inherit: true } },
    Badge: { defaultProps: { variant: 'light', radius: 'sm', tt: 'none', fw: 500 } },
    Checkbox: {
      defaultProps: { size: 'xs' },
      classNames: { description: classes.fieldHint },
    },
    Radio: { classNames: { description: classes.fieldHint } },
    SegmentedControl: { defaultProps: { size: 'xs' } },
    Skeleton: { classNames: { root: classes.skeleton } },
  },
});
