/** Where a local AWS is, and who calls it. */
export interface Caller {
  readonly endpoint: string;
  readonly account: string;
  readonly region: string;
}

/** What makes the AWS CLI, an SDK and the CDK CLI talk to a local AWS. */
export interface Environment {
  /** Variables to set. */
  readonly env: { readonly [name: string]: string };
  /** Variables that must not be set: credentials, or an endpoint, would be taken from there. */
  readonly unset: readonly string[];
}

type Variables = { readonly [name: string]: string | undefined };

const PROXIES = ['HTTP_PROXY', 'HTTPS_PROXY', 'http_proxy', 'https_proxy'];

/**
 * The environment of a caller.
 *
 * @param around the environment that it is added to
 */
export function environmentOf({ endpoint, account, region }: Caller, around: Variables): Environment {
  const env: { [name: string]: string } = {
    AWS_ENDPOINT_URL: endpoint,
    // An access key of twelve digits is the root user of that account.
    AWS_ACCESS_KEY_ID: account,
    AWS_SECRET_ACCESS_KEY: 'test',
    AWS_REGION: region,
    AWS_DEFAULT_REGION: region,
    CDK_DEFAULT_ACCOUNT: account,
    CDK_DEFAULT_REGION: region,
    // No look-up of credentials at an instance's metadata address.
    AWS_EC2_METADATA_DISABLED: 'true',
  };
  if (PROXIES.some(name => around[name])) {
    const { hostname } = new URL(endpoint);
    for (const name of ['NO_PROXY', 'no_proxy']) {
      const hosts = (around[name] ?? '').split(',').filter(Boolean);
      env[name] = [...new Set([...hosts, hostname])].join(',');
    }
  }
  return {
    env,
    unset: [
      'AWS_PROFILE', 'AWS_DEFAULT_PROFILE', 'AWS_SESSION_TOKEN', 'AWS_IGNORE_CONFIGURED_ENDPOINT_URLS',
      ...Object.keys(around).filter(name => name.startsWith('AWS_ENDPOINT_URL_')).sort(),
    ],
  };
}

/** The environment for a child process. */
export function applied({ env, unset }: Environment, around: Variables): { [name: string]: string | undefined } {
  const variables = { ...around, ...env };
  unset.forEach(name => delete variables[name]);
  return variables;
}

/** The environment as commands of a POSIX shell. */
export function shellText({ env, unset }: Environment): string {
  return [`unset ${unset.join(' ')}`, ...Object.entries(env).map(([name, value]) => `export ${name}='${value.replaceAll('\'', '\'\\\'\'')}'`), ''].join('\n');
}
