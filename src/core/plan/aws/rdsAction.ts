/** `aws rds`'s operations that are run through the API, as their options mean them. */
export type RdsAction =
  | {
      readonly operation: 'describe-db-instances';
      /** DBInstanceIdentifier; undefined means all. */
      readonly instance: string | undefined;
      readonly output: 'table' | 'json';
    }
  | {
      readonly operation: 'describe-db-clusters';
      readonly cluster: string | undefined;
      readonly output: 'table' | 'json';
    }
  | {
      readonly operation: 'describe-events';
      readonly sourceIdentifier: string | undefined;
      readonly sourceType: 'db-instance' | 'db-cluster' | undefined;
      /** Minutes back from now; AWS's default is 60. */
      readonly durationMinutes: number | undefined;
      readonly output: 'table' | 'json';
    }
  | {
      readonly operation: 'failover-db-cluster';
      readonly cluster: string;
      /** The instance to become the writer; undefined lets AWS choose. */
      readonly targetInstance: string | undefined;
      /** Guard: refused when another instance than this is the writer by now. */
      readonly expectedWriter?: string;
    }
  | {
      readonly operation: 'reboot-db-instance';
      readonly instance: string;
      /** `--force-failover`: only a Multi-AZ instance can. */
      readonly forceFailover: boolean;
    };
