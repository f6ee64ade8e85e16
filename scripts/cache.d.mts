export const root: string;
export function cacheFolder(): string;
export function exists(file: string): Promise<boolean>;
export class PlainFailure extends Error {}
export function step<T>(label: string, work: () => Promise<T>): Promise<T>;
export function seconds(milliseconds: number): string;
export function makeOnce(name: string, make: (part: string) => Promise<unknown>): Promise<string>;
export function runQuietly(
  command: string,
  args: readonly string[],
  options?: { cwd?: string; env?: NodeJS.ProcessEnv; advice?: string },
): Promise<string>;
export function npmCommand(node?: string): [command: string, args: string[]];
export function nodePackage(platform?: string, arch?: string): string;
export function withPath(...folders: string[]): NodeJS.ProcessEnv;
export function fail(error: unknown): void;
