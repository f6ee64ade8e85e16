import type { ShellPlan, Target } from '../../core/plan/plan.ts';

const awsTools = /(^|[\s;&|(`$/])(aws|eksctl|sam|cdk|copilot)\b/;

/**
 * The pinned profile and region as the AWS CLI and SDKs read them
 * (https://docs.aws.amazon.com/cli/latest/userguide/cli-configure-envvars.html). Keys in the environment would win over
 * AWS_PROFILE, so they are emptied; a web identity (a pod's own role) would too, and is taken out, for a profile may name one. What is not pinned stays the person's own.
 */
export function awsVariables({
  awsProfile,
  awsRegion,
}: Target): Readonly<Record<string, string | undefined>> {
  return {
    ...(awsProfile === undefined
      ? {}
      : {
          AWS_PROFILE: awsProfile,
          AWS_DEFAULT_PROFILE: awsProfile,
          AWS_ACCESS_KEY_ID: '',
          AWS_SECRET_ACCESS_KEY: '',
          AWS_SESSION_TOKEN: '',
          AWS_ROLE_ARN: undefined,
          AWS_WEB_IDENTITY_TOKEN_FILE: undefined,
        }),
    ...(awsRegion === undefined ? {} : { AWS_REGION: awsRegion, AWS_DEFAULT_REGION: awsRegion }),
  };
}

/** Said where aws would use what this machine happens to be set to. */
export function awsNote({ script, target }: Pick<ShellPlan, 'script' | 'target'>): string | undefined {
  const absent = [
    ...(target.awsProfile === undefined ? ['profile'] : []),
    ...(target.awsRegion === undefined ? ['region'] : []),
  ].join(' and no ');
  return absent !== '' && awsTools.test(script)
    ? `This incident has no AWS ${absent} pinned: aws in this step uses this machine’s own unless the command names it.`
    : undefined;
}
