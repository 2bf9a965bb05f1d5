export interface Engine {
  url(database?: string): string;
  stop(): Promise<unknown>;
}
export function missingForChdb(): string | null;
export function startChdb(): Promise<Engine>;
