/**
 * The visual identity as plain values. `theme.ts` hands them to Mantine and to CSS
 * as `--r-*` variables; `tokens.test.ts` measures the contrast of every text pair.
 */
export type Scale = readonly [
  string,
  string,
  string,
  string,
  string,
  string,
  string,
  string,
  string,
  string,
];

/** Cool neutrals, lightest first. */
export const neutralLight: Scale = [
  '#fafbfc',
  '#f4f6f8',
  '#eceff3',
  '#dfe4ea',
  '#c8cfd8',
  '#8f99a7',
  '#5d6775',
  '#434c59',
  '#2a323d',
  '#12181f',
];

/** The same scale for dark, text first, canvas last (Mantine's order). */
export const neutralDark: Scale = [
  '#e8ecf1',
  '#bcc5d0',
  '#929dab',
  '#667180',
  '#37414c',
  '#262e38',
  '#1c232b',
  '#151a21',
  '#0f1318',
  '#0a0d11',
];

/** Deep teal: the one primary action of a view, links and focus. */
export const teal: Scale = [
  '#edf8f6',
  '#d6efeb',
  '#aee0d9',
  '#7fcfc5',
  '#4fb9ae',
  '#299c93',
  '#15807a',
  '#0d6663',
  '#0b5251',
  '#083d3d',
];

export interface SchemeTokens {
  /** Page canvas, raised surface (tables, cards, inputs), sunken surface (rail). */
  canvas: string;
  surface: string;
  sunken: string;
  hover: string;
  selected: string;
  border: string;
  borderStrong: string;
  text: string;
  textSecondary: string;
  textMuted: string;
  accent: string;
  accentHover: string;
  accentOn: string;
  accentText: string;
  accentSoft: string;
  error: string;
  errorSoft: string;
  warning: string;
  warningSoft: string;
  info: string;
  infoSoft: string;
  fine: string;
  fineSoft: string;
  danger: string;
  dangerHover: string;
  kindAgent: string;
  kindAgentSoft: string;
  kindSkill: string;
  kindSkillSoft: string;
  kindCommand: string;
  kindCommandSoft: string;
  kindServer: string;
  kindServerSoft: string;
  synKey: string;
  synString: string;
  synNumber: string;
  synHeading: string;
  synMark: string;
}

export const light: SchemeTokens = {
  canvas: '#ffffff',
  surface: '#ffffff',
  sunken: neutralLight[1],
  hover: neutralLight[1],
  selected: '#e6f3f1',
  border: neutralLight[3],
  borderStrong: neutralLight[4],
  text: neutralLight[9],
  textSecondary: neutralLight[7],
  textMuted: neutralLight[6],
  accent: teal[7],
  accentHover: teal[8],
  accentOn: '#ffffff',
  accentText: '#0b6360',
  accentSoft: '#e3f3f0',
  error: '#b3202c',
  errorSoft: '#fdecec',
  warning: '#8a5300',
  warningSoft: '#fdf3df',
  info: '#1f5fa8',
  infoSoft: '#e9f1fb',
  fine: '#1d6b3a',
  fineSoft: '#e7f5ec',
  danger: '#b3202c',
  dangerHover: '#931722',
  kindAgent: '#0b6360',
  kindAgentSoft: '#e3f3f0',
  kindSkill: '#5b3fa6',
  kindSkillSoft: '#f0ecfa',
  kindCommand: '#864709',
  kindCommandSoft: '#fbf0e2',
  kindServer: '#2a558f',
  kindServerSoft: '#e9f0fa',
  synKey: '#0b6360',
  synString: '#7a4300',
  synNumber: '#5b3fa6',
  synHeading: '#12181f',
  synMark: '#5d6775',
};

export const dark: SchemeTokens = {
  canvas: neutralDark[8],
  surface: neutralDark[7],
  sunken: neutralDark[9],
  hover: '#1a2028',
  selected: '#12302f',
  border: neutralDark[5],
  borderStrong: neutralDark[4],
  text: neutralDark[0],
  textSecondary: neutralDark[1],
  textMuted: neutralDark[2],
  accent: teal[6],
  accentHover: '#127069',
  accentOn: '#ffffff',
  accentText: '#5cc9bd',
  accentSoft: '#102b2b',
  error: '#ff8f8b',
  errorSoft: '#331a1c',
  warning: '#eab454',
  warningSoft: '#2e2412',
  info: '#82b6f5',
  infoSoft: '#15263a',
  fine: '#6fcb8d',
  fineSoft: '#142a1c',
  danger: '#c23540',
  dangerHover: '#a92c36',
  kindAgent: '#6fd0c5',
  kindAgentSoft: '#112a2a',
  kindSkill: '#b9a4f2',
  kindSkillSoft: '#231e38',
  kindCommand: '#e3ad70',
  kindCommandSoft: '#2d2216',
  kindServer: '#8fb8ee',
  kindServerSoft: '#182638',
  synKey: '#6fd0c5',
  synString: '#e3b884',
  synNumber: '#b9a4f2',
  synHeading: '#f4f6f9',
  synMark: '#929dab',
};

export const fonts = {
  text: "'Inter Variable', system-ui, -apple-system, 'Segoe UI', sans-serif",
  mono: "'JetBrains Mono Variable', ui-monospace, 'SF Mono', Menlo, monospace",
} as const;

/** Lengths that layouts share, in pixels on the 4 px grid. */
export const sizes = {
  row: 36,
  rowComfortable: 44,
  topbar: 48,
  rail: 216,
  railCollapsed: 52,
  page: 1280,
  side: 280,
} as const;
