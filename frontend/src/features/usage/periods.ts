/** How far back the series of pulls go. */
export const PERIODS = [7, 30, 90] as const;
export type Period = (typeof PERIODS)[number];

export const USUAL: Period = 30;

/** As an address holds it: nothing stands for the usual one. */
export const periodOf = (value: unknown): Period | undefined =>
  PERIODS.find((one) => one === Number(value) && one !== USUAL);
