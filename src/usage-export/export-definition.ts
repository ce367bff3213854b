import { Token } from 'aws-cdk-lib';
import type { ExportSettings } from './contract/request';

/*
 * The definition of the state machine, in Amazon States Language with JSONata: https://docs.aws.amazon.com/step-functions/latest/dg/transforming-data.html
 *
 * Each license has an execution of its own, that of a distributed map: with an inline one, the history of the execution would have room for no more than some
 * thousands of them. What the executions hand on is short all the same, as a state takes no more than 256 KiB: a license of the own account and Region is its id,
 * and what is said of a failure is as long as there is room for, if all of them fail.
 */

/** What the definition is made of. Values may be tokens. */
export interface ExportDefinitionOptions {
  /** Ids of licenses of the own account and Region, ARNs of others and of license asset groups, and `inventory`. */
  readonly subjects: readonly string[];
  readonly settings: ExportSettings;
  readonly functionArn: string;
  readonly concurrency: number;
  readonly partition: string;
  /** What the ARNs of licenses of the own account and Region begin with. */
  readonly ownLicenses: string;
  /** How many characters may be said of a failure. */
  readonly errorLength: number;
}

/** Of the map, by which its executions are named. */
export const MAP_LABEL = 'Subjects';

/**
 * How many bytes a variable, an input and an output may have.
 *
 * @see https://docs.aws.amazon.com/step-functions/latest/dg/service-quotas.html
 */
export const PAYLOAD = 256 * 1024;

/** As much as is said of a failure, and as little as tells something. */
const LONGEST_ERROR = 250;
const SHORTEST_ERROR = 20;

/** What an ARN has at most, of which nothing is known but at deployment. */
const ARN_LENGTH = 128;

/** How many characters of subjects an error can name: what is said of a failed execution is at most 32,768 characters long. */
const NAMED = 28_000;
const TOLD = 5;

/** What a failure has besides the subject and the error, with the comma after it. */
const RESULT = JSON.stringify({ s: '', e: '' }).length + 1;

/**
 * How many characters may be said of a failure, if all subjects fail; nothing if there is no room for that many subjects. What they have by tokens is counted as
 * the longest that it can be.
 */
export function errorLengthOf(subjects: readonly string[]): number | undefined {
  const bytes = subjects.reduce((sum, it) => sum + RESULT + (Token.isUnresolved(it) ? ARN_LENGTH : Buffer.byteLength(it)), 1);
  const room = Math.floor((PAYLOAD - bytes) / subjects.length);
  return room < SHORTEST_ERROR ? undefined : Math.min(room, LONGEST_ERROR);
}

const jsonata = (expression: string) => `{% ${expression} %}`;

export function exportDefinition(
  { subjects, settings, functionArn, concurrency, partition, ownLicenses, errorLength }: ExportDefinitionOptions,
): object {
  const short = (list: string) => `[${list}.$substringAfter($, '${ownLicenses}')]`;
  // By an object, since each of some thousands would be compared with each otherwise.
  const among = (list: string) => `$merge([${list}.{$: true}])`;
  const given = '$states.input.subjects';
  // A misspelled member would export all of it, and for another day than was meant; an empty list nothing, with nobody told.
  const isRight = "$type($states.input) = 'object' and $count($keys($states.input)[$not($ in ['scheduledTime', 'subjects'])]) = 0"
    + " and ($exists($states.input.scheduledTime) ? $type($states.input.scheduledTime) = 'string' : true)"
    + ` and ($exists(${given}) ? ($type(${given}) = 'array' ? ($count(${given}) > 0 and $count(${given}[$type($) != 'string']) = 0`
    + ` ? ($known := ${among(short('$configured'))}; $count(${short(given)}[$not($exists($lookup($known, $)))]) = 0) : false) : false) : true)`;
  // Those of which nothing came back have failed, too.
  const failed = `($done := ${among("$states.result[$type($) = 'string']")}; [$items[$not($exists($lookup($done, $)))]])`;
  const told = "($all := [$states.result[$type($) = 'object']];"
    + ` [$filter($all, function($it, $index) { $index < ${TOLD} }).(s & ': ' & e)])`;
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
        Choices: [{
          Condition: jsonata(isRight),
          Assign: { items: jsonata(`$exists(${given}) ? ${short(given)} : ${short('$configured')}`) },
          Next: 'Export',
        }],
        Default: 'The input is wrong',
      },
      'The input is wrong': {
        Type: 'Fail',
        Error: 'InputWrong',
        Cause: 'The input has nothing, or scheduledTime, a time of the last 24 hours in ISO 8601, and subjects, a list of at least one id of a license or ARN, of what is exported. It has nothing else.',
      },
      'Export': {
        Type: 'Map',
        Label: MAP_LABEL,
        Items: jsonata('$items'),
        ItemSelector: {
          subject: jsonata(`$contains($states.context.Map.Item.Value, /^lic-/) ? '${ownLicenses}' & $states.context.Map.Item.Value : $states.context.Map.Item.Value`),
          scheduledTime: jsonata('$exists($states.input.scheduledTime) ? $states.input.scheduledTime : $states.context.Execution.StartTime'),
          run: jsonata('$states.context.Execution.Id'),
          settings,
        },
        ItemProcessor: {
          ProcessorConfig: { Mode: 'DISTRIBUTED', ExecutionType: 'STANDARD' },
          StartAt: 'Export one',
          States: oneSubject(functionArn, partition, ownLicenses, errorLength),
        },
        MaxConcurrency: concurrency,
        // What fails does not keep the others from being exported.
        ToleratedFailurePercentage: 100,
        Assign: { failed: jsonata(failed), told: jsonata(told) },
        Output: {
          scheduledTime: jsonata('$exists($states.input.scheduledTime) ? $states.input.scheduledTime : $states.context.Execution.StartTime'),
          exported: jsonata("$count($states.result[$type($) = 'string'])"),
          failed: jsonata(failed),
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
        Cause: jsonata("$count($failed) & ' of ' & $count($items) & ' were not exported. '"
          + " & $join($told, '; ') & ($count($failed) > $count($told) ? '; …' : '')"
          + " & '. To export them again for the same day, within 24 hours, start an execution with this input: '"
          + ` & ($length($string($failed)) > ${NAMED} ? 'of all, since they are too many to be named; the map run of the execution has them: '`
          + " & $string({'scheduledTime': $states.input.scheduledTime})"
          + " : $string({'scheduledTime': $states.input.scheduledTime, 'subjects': $failed}))"),
      },
      'Done': { Type: 'Succeed' },
    },
  };
}

/**
 * What happens to one subject. Its output is short, as the outputs of all of them are one output of the map: the subject, or an object with the subject and the
 * error.
 */
function oneSubject(functionArn: string, partition: string, ownLicenses: string, errorLength: number): object {
  const subject = `$substringAfter($states.input.subject, '${ownLicenses}')`;
  return {
    'Export one': {
      Type: 'Task',
      Resource: `arn:${partition}:states:::lambda:invoke`,
      Arguments: { FunctionName: functionArn, Payload: jsonata('$states.input') },
      Assign: { going: jsonata("$type($states.result.Payload.progress) = 'object'") },
      Output: jsonata("$type($states.result.Payload.progress) = 'object'"
        + ` ? $merge([$states.input, {'progress': $states.result.Payload.progress}]) : ${subject}`),
      Retry: [
        { ErrorEquals: ['ExportFailed'], MaxAttempts: 0 },
        { ErrorEquals: ['States.ALL'], IntervalSeconds: 30, BackoffRate: 2, MaxAttempts: 5, MaxDelaySeconds: 600, JitterStrategy: 'FULL' },
      ],
      Catch: [{
        ErrorEquals: ['States.ALL'],
        Output: {
          s: jsonata(subject),
          // Of a function, the cause is JSON; that of something else may look as if it were. Each character is a byte.
          e: jsonata('($cause := $states.errorOutput.Cause; $found := $match($cause, /"errorMessage" *: *"(([^\\\\"]|\\\\.)*)"/, 1);'
            + ' $told := $states.errorOutput.Error & \': \' & ($exists($found) ? $found[0].groups[0] : $cause);'
            + ` $substring($replace($told, /[^ !#-Z^-~]+/, "'"), 0, ${errorLength}))`),
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
