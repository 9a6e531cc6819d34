/** Lists of fields open inside their landmark or dialog, where they belong. */
export const INSIDE = { withinPortal: false } as const;
