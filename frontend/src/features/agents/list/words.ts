import { FACET_TITLES, type FacetName } from '../search';

const WORDS: Partial<Record<FacetName, Record<string, string>>> = {
  visibility: { private: 'Private', internal: 'Internal', public: 'Public' },
  deprecated: { true: 'Deprecated', false: 'In use' },
  upstream: { available: 'Update available', any: 'From a repository' },
};

/** What a value of a facet is called. */
export const wordOf = (facet: FacetName, value: string) =>
  WORDS[facet]?.[value] ?? value;

export const facetWord = (facet: FacetName) => FACET_TITLES[facet].toLowerCase();
