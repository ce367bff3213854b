import type { ExportSettings } from './contract/request';

/*
 * The definition of the state machine, in Amazon States Language with JSONata: https://docs.aws.amazon.com/step-functions/latest/dg/transforming-data.html
 *
 * Each license has an execution of its own, that of a distributed map: with an inline one, the history of the execution would have room for no more than some
 * thousands of them.
 */

/** What the definition is made of. Values may be tokens. */
export interface ExportDefinitionOptions {
  /** ARNs of licenses and license asset groups, and `inventory`. */
  readonly subjects: readonly string[];
  readonly settings: ExportSettings;
  readonly functionArn: string;
  readonly concurrency: number;
  readonly partition: string;
}

/** Of the map, by which its executions are named. */
export const MAP_LABEL = 'Subjects';

/** How many subjects an error can name: what is said of a failed execution is at most 32,768 characters long. */
const NAMED = 100;
const TOLD = 5;

const jsonata = (expression: string) => `{% ${expression} %}`;

export function exportDefinition({ subjects, settings, functionArn, concurrency, partition }: ExportDefinitionOptions): object {
  // A misspelled member would export all of it, and for another day than was meant.
  const isRight = "$type($states.input) = 'object' and $count($keys($states.input)[$not($ in ['scheduledTime', 'subjects'])]) = 0"
    + " and ($exists($states.input.scheduledTime) ? $type($states.input.scheduledTime) = 'string' : true)"
    + " and ($exists($states.input.subjects) ? $type($states.input.subjects) = 'array' and $count($states.input.subjects[$not($ in $configured)]) = 0 : true)";
  return {
    Comment: 'Exports what AWS License Manager says of today',
    QueryLanguage: 'JSONata',
    // A day later the next one begins, and this one may not go on.
    TimeoutSeconds: 24 * 60 * 60,
    StartAt: 'Begin',
    States: {
      'Begin': {
        Type: 'Pass',
        Assign: { configured: subjects },
        Output: jsonata('$states.input'),
        Next: 'Check the input',
      },
      'Check the input': {
        Type: 'Choice',
        Choices: [{ Condition: jsonata(isRight), Next: 'Export' }],
        Default: 'The input is wrong',
      },
      'The input is wrong': {
        Type: 'Fail',
        Error: 'InputWrong',
        Cause: 'The input has nothing, or scheduledTime, a time of the last 24 hours in ISO 8601, and subjects, a list of ARNs of what is exported. It has nothing else.',
      },
      'Export': {
        Type: 'Map',
        Label: MAP_LABEL,
        Items: jsonata('$exists($states.input.subjects) ? $states.input.subjects : $configured'),
        ItemSelector: {
          subject: jsonata('$states.context.Map.Item.Value'),
          scheduledTime: jsonata('$exists($states.input.scheduledTime) ? $states.input.scheduledTime : $states.context.Execution.StartTime'),
          run: jsonata('$states.context.Execution.Id'),
          settings,
        },
        ItemProcessor: {
          ProcessorConfig: { Mode: 'DISTRIBUTED', ExecutionType: 'STANDARD' },
          StartAt: 'Export one',
          States: oneSubject(functionArn, partition),
        },
        MaxConcurrency: concurrency,
        // What fails does not keep the others from being exported.
        ToleratedFailurePercentage: 100,
        Assign: { failed: jsonata('[$states.result[$exists(error)]]'), total: jsonata('$count($states.result)') },
        Output: {
          scheduledTime: jsonata('$exists($states.input.scheduledTime) ? $states.input.scheduledTime : $states.context.Execution.StartTime'),
          exported: jsonata('$count($states.result[$not($exists(error))])'),
          failed: jsonata('[$states.result[$exists(error)].subject]'),
        },
        Next: 'Has any failed?',
      },
      'Has any failed?': {
        Type: 'Choice',
        Choices: [{ Condition: jsonata('$count($failed) > 0'), Next: 'Some have failed' }],
        Default: 'Done',
      },
      'Some have failed': {
        Type: 'Fail',
        Error: 'ExportsFailed',
        Cause: jsonata("$count($failed) & ' of ' & $total & ' were not exported. '"
          + ` & $join($failed[[0..${TOLD - 1}]].(subject & ': ' & error), '; ') & ($count($failed) > ${TOLD} ? '; …' : '')`
          + " & '. To export them again for the same day, within 24 hours, start an execution with this input: '"
          + ` & $string($count($failed) > ${NAMED} ? {'scheduledTime': $states.input.scheduledTime}`
          + " : {'scheduledTime': $states.input.scheduledTime, 'subjects': [$failed.subject]})"),
      },
      'Done': { Type: 'Succeed' },
    },
  };
}

/** What happens to one subject. Its output is short: the outputs of all of them are one output of the map. */
function oneSubject(functionArn: string, partition: string): object {
  return {
    'Export one': {
      Type: 'Task',
      Resource: `arn:${partition}:states:::lambda:invoke`,
      Arguments: { FunctionName: functionArn, Payload: jsonata('$states.input') },
      Assign: { going: jsonata("$type($states.result.Payload.progress) = 'object'") },
      Output: jsonata("$type($states.result.Payload.progress) = 'object'"
        + " ? $merge([$states.input, {'progress': $states.result.Payload.progress}]) : {'subject': $states.input.subject}"),
      Retry: [
        { ErrorEquals: ['ExportFailed'], MaxAttempts: 0 },
        { ErrorEquals: ['States.ALL'], IntervalSeconds: 30, BackoffRate: 2, MaxAttempts: 5, MaxDelaySeconds: 600, JitterStrategy: 'FULL' },
      ],
      Catch: [{
        ErrorEquals: ['States.ALL'],
        Output: {
          subject: jsonata('$states.input.subject'),
          // Of a function, the cause is JSON.
          error: jsonata("($cause := $states.errorOutput.Cause; $told := $contains($cause, '\"errorMessage\"') ? $parse($cause).errorMessage : $cause;"
            + " $substring($states.errorOutput.Error & ': ' & $told, 0, 250))"),
        },
        Next: 'It failed',
      }],
      Next: 'Is it complete?',
    },
    'Is it complete?': { Type: 'Choice', Choices: [{ Condition: jsonata('$going'), Next: 'Export one' }], Default: 'It is complete' },
    'It is complete': { Type: 'Succeed' },
    'It failed': { Type: 'Succeed' },
  };
}
