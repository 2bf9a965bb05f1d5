export const CLUSTER_NAME: string;

export interface ServerNode {
  readonly name: string;
  /** 1-based. */
  readonly shard: number;
  readonly http: number;
  readonly tcp: number;
  /** `query` as it follows the database: `?cluster=name`. */
  url(query?: string, database?: string): string;
  /** Null: it does not run. */
  pid(): number | null;
  start(): Promise<void>;
  kill(): Promise<void>;
}

export interface Cluster {
  readonly nodes: readonly ServerNode[];
  stop(): Promise<void>;
}

export interface Shape {
  readonly shape: readonly number[];
  readonly replicated?: boolean;
  readonly parent?: string;
}

export function missingForCluster(needs: { readonly replicated: boolean }): string | null;
export function startCluster(shape: Shape): Promise<Cluster>;
