export declare const besideSources: URL;
export declare function specSha256(catalogue: unknown): Promise<string>;
export declare function writeOpenapi(catalogue: unknown, into: readonly URL[], path?: string): Promise<void>;
export declare function ensureOpenapi(catalogue: unknown): Promise<void>;
