export interface CompanyOptions {
  readonly vms: number;
  readonly subnets: number;
  readonly networks: number;
  readonly routes: number;
  readonly seed: number;
  readonly changed?: boolean;
}

export declare function company(options: CompanyOptions): Generator<object>;
