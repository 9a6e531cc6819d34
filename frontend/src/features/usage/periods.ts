/** How far back the series of pulls go. */
export const PERIODS = [7, 30, 90] as const;
export type Period = (typeof PERIODS)[number];

export const USUAL: Period = 30;

/** As an address holds it, where nothing stands for the usual one. */
export const periodOf = (value: number | undefined): Period =>
  PERIODS.find((one) => one === value) ?? USUAL;
