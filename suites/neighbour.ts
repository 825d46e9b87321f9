/**
 * An id that differs from another in one digit: no run of random ids ever hits it, but a search by some of the digits does.
 * `at` is the place of a hexadecimal digit other than those of version and variant (14 and 19).
 */
export const changeDigit = (id: string, at: number): string =>
  id.slice(0, at) + ((Number.parseInt(id[at]!, 16) + 1) % 16).toString(16) + id.slice(at + 1);
