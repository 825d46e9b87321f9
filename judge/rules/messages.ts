/** MSG: HTTP and JSON, in every message. */
import type { Rules } from '../rule.ts';
import { messageContent } from './message-content.ts';
import { messageExchanges } from './message-exchanges.ts';
import { messageFields } from './message-fields.ts';
import { messageProbes } from './message-probes.ts';

export const messages: Rules<'MSG'> = { ...messageContent, ...messageFields, ...messageExchanges, ...messageProbes };
