/** The message of an error, however it came. */
export const reason = (error: unknown): string => (error instanceof Error ? error.message : String(error));
