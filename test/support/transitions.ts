/*
 * How many changes of state Step Functions bills for a license type conversion, counted from the definition. Also of bench/, which Node runs as it is.
 */

/** The states of a state machine or of a map, as far as their order goes. */
interface States {
  readonly StartAt: string;
  readonly States: { readonly [name: string]: any };
}

/**
 * How many states are entered on the shortest way through some of them.
 *
 * @param states of what
 * @param by     the names of the states that the way leads by, in this order
 */
export function transitions({ StartAt, States }: States, ...by: string[]): number {
  const following = (name: string): string[] => {
    const { Next, Default, Choices = [], Catch = [] } = States[name];
    return [Next, Default, ...[...Choices, ...Catch].map(({ Next: next }: { readonly Next: string }) => next)].filter(next => next !== undefined);
  };
  const steps = (from: string, to: string): number => {
    const distance = new Map([[from, 0]]);
    for (const name of distance.keys()) {
      for (const next of following(name).filter(it => !distance.has(it))) {
        distance.set(next, distance.get(name)! + 1);
      }
    }
    if (!distance.has(to)) {
      throw new Error(`No way leads from '${from}' to '${to}'`);
    }
    return distance.get(to)!;
  };
  return [StartAt, ...by].slice(0, -1).reduce((sum, from, index) => sum + steps(from, by[index]), 1);
}

/** What the guide tells of: by the definition of a workflow. */
export function transitionsOf(definition: any) {
  const { ItemProcessor: instance } = definition.States['Convert the instances'];
  const polling = ['Wait for the task', 'Get the task', 'Is the task done?'];
  const checked = 'Is it refused?';
  const stopping = ['Stop the instance', 'Wait for the stop', 'Look at the stop', 'Has it stopped?'];
  // A way by `Catch` may be shorter: so by what follows a success, too.
  const upToTask = ['Find a task', 'Describe the instance', 'Ask for stop protection', 'Ask for the inventory', 'Look for reasons', checked];
  const converted = [...polling, 'Verify the usage operation', 'Is it billed so?', 'Did it run?'];
  return {
    /** Of an execution, without its instances. */
    execution: transitions(definition, 'Who decides?', 'Convert the instances', 'Has any failed?', 'Done'),
    /** Of an instance that is looked at only. */
    checked: transitions(instance, ...upToTask, 'Report'),
    /** Of an instance that is stopped, with one look at the conversion. */
    stopped: transitions(instance, ...upToTask, 'Create the task', ...converted, 'Report'),
    /** Of an instance that runs, with one look at its stop and one at the conversion. */
    running: transitions(instance, ...upToTask, ...stopping, 'Create the task', ...converted, 'Start the instance', 'Report'),
    /** Of each further look at the conversion. */
    poll: polling.length,
    /** Of each further look at the stop. */
    stopPoll: stopping.length - 1,
  };
}
