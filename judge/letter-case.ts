/** R-ENUMCASE: a case that sends an enumerated value in another letter case is named so. */
export const isLetterCase = (name: string): boolean => / in (?:small|mixed) letters$/.test(name);
