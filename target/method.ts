/** Methods that may change something; the others are safe (RFC 9110 §9.2.1). */
export const isWrite = (method: string): boolean => method !== 'GET' && method !== 'HEAD' && method !== 'OPTIONS' && method !== 'TRACE';
