/**
 * Where a stack is. On the construct side the parts may be tokens.
 */
export interface Place {
  readonly partition: string;
  readonly region: string;
  readonly account: string;
  readonly stackId: string;
  readonly stackName: string;
}

/** The place of a stack, from its id: `arn:aws:cloudformation:us-east-1:111122223333:stack/name/uuid`. */
export function placeOf(stackId: string): Place {
  const [, partition, , region, account] = stackId.split(':');
  return { partition, region, account, stackId, stackName: stackId.split('/')[1] };
}
