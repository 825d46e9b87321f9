/** The two string formats of the document, stricter than the usual libraries, which take `urn:uuid:`, a space for `T` or `+0200`. */
import { parseMoment } from './moment.ts';

const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

/** RFC 9562 §4: the hexadecimal form 8-4-4-4-12, either case, no version or variant asked for (R-CASE). */
export const isUuid = (text: string): boolean => text.length === 36 && uuid.test(text);

/** RFC 3339 §5.6, a real moment (R-TIME); what exactly is taken is said at `parseMoment`. */
export const isDateTime = (text: string): boolean => parseMoment(text) !== undefined;
