/** What every system answers. */
export declare const body: string;
export declare function handler(): Promise<{ statusCode: number; headers: Record<string, string>; body: string }>;
