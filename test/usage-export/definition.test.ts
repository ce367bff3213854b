/*
 * What the expressions of the state machine come to, by an engine of JSONata that others wrote. Runs of it are in test/deployment.
 */
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { Aws } from 'aws-cdk-lib';
import { errorLengthOf, exportDefinition, PAYLOAD } from '../../src/usage-export/export-definition';

const ROOT = join(__dirname, '..', '..');
const OWN = 'arn:aws:license-manager:us-east-1:111122223333:license-configuration:';
const OTHER = 'arn:aws:license-manager:us-east-1:444455556666:license-configuration:lic-99999999999999999999999999999999';
const TIME = '2026-11-30T23:00:00Z';

const idOf = (number: number) => `lic-${number.toString(16).padStart(32, '0')}`;
const idsOf = (count: number) => Array.from({ length: count }, (_, index) => idOf(index));

function definition(subjects: readonly string[], errorLength = errorLengthOf(subjects)!): any {
  return exportDefinition({
    subjects,
    settings: { bucket: 'bucket', bucketRegion: 'us-east-1', prefix: '', timeZone: 'Etc/UTC', tables: ['usage'] },
    functionArn: 'arn:aws:lambda:us-east-1:111122223333:function:f',
    concurrency: 1,
    partition: 'aws',
    ownLicenses: OWN,
    errorLength,
  });
}

function evaluate(...expressions: [expression: string, variables: object][]): any[] {
  return JSON.parse(execFileSync(join(ROOT, '.venv', 'bin', 'python'), [join(__dirname, 'support', 'evaluate.py')], {
    input: JSON.stringify(expressions.map(([expression, variables]) => ({ expression, variables }))), encoding: 'utf8', maxBuffer: 2 ** 26,
  }));
}

/** What the map comes to, and what is said of it in the end. */
function ended(items: string[], result: unknown[]): { failed: string[]; told: string[]; output: any; cause: string } {
  const { Export, 'Some have failed': { Cause } } = definition(items).States;
  const states = { input: {}, result, context: { Execution: { StartTime: TIME } } };
  const [failed, told, exported] = evaluate(...[Export.Assign.failed, Export.Assign.told, Export.Output.exported]
    .map((expression): [string, object] => [expression, { items, states }]));
  const [cause] = evaluate([Cause, { items, failed, told, states: { input: { scheduledTime: TIME } } }]);
  return { failed, told, output: { exported }, cause };
}

const failure = (s: string, e = 'ExportFailed: No.') => ({ s, e });

describe('the input', () => {
  const subjects = [idOf(1), OTHER, 'inventory', `${OWN}${idOf(2)}`];
  const { Choices: [{ Condition, Assign: { items } }] } = definition(subjects).States['Check the input'];

  test.each<[what: string, input: unknown, expected: string[]]>([
    ['nothing', {}, [idOf(1), OTHER, 'inventory', idOf(2)]],
    ['a time', { scheduledTime: TIME }, [idOf(1), OTHER, 'inventory', idOf(2)]],
    ['an id', { subjects: [idOf(2)] }, [idOf(2)]],
    ['ARNs', { subjects: [`${OWN}${idOf(1)}`, OTHER] }, [idOf(1), OTHER]],
    ['the inventory', { subjects: ['inventory'] }, ['inventory']],
  ])('may have %s', (_, input, expected) => {
    const variables = { configured: subjects, states: { input } };
    expect(evaluate([Condition, variables], [items, variables])).toEqual([true, expected]);
  });

  test.each<[what: string, input: unknown]>([
    ['no subject', { subjects: [] }], ['a license that is not exported', { subjects: [idOf(1), idOf(3)] }],
    ['one of another account by its id', { subjects: [OTHER.split(':').pop()] }], ['a number', { subjects: [1] }], ['a text', { subjects: idOf(1) }],
    ['something else', { subject: [idOf(1)] }], ['a time that is a number', { scheduledTime: 1 }], ['a list', { subjects: [[idOf(1)]] }],
  ])('may not have %s', (_, input) => {
    expect(evaluate([Condition, { configured: subjects, states: { input } }])).toEqual([false]);
  });
});

test('the function gets the ARN, and gives back what the state machine calls it by', () => {
  const { Export } = definition([idOf(1)]).States;
  const { 'Export one': { Output } } = Export.ItemProcessor.States;
  for (const [item, arn] of [[idOf(1), `${OWN}${idOf(1)}`], [OTHER, OTHER], ['inventory', 'inventory']]) {
    expect(evaluate(
      [Export.ItemSelector.subject, { states: { context: { Map: { Item: { Value: item } } } } }],
      [Output, { states: { input: { subject: arn }, result: { Payload: { records: {} } } } }],
    )).toEqual([arn, item]);
  }
});

describe('what failed', () => {
  test('is told, with the input for it', () => {
    const { failed, output, cause } = ended([idOf(1), idOf(2), OTHER], [idOf(1), failure(idOf(2)), failure(OTHER)]);

    expect([failed, output]).toEqual([[idOf(2), OTHER], { exported: 1 }]);
    expect(cause).toBe(`2 of 3 were not exported. ${idOf(2)}: ExportFailed: No.; ${OTHER}: ExportFailed: No.. To export them again for the same day, within 24 hours, `
      + `start an execution with this input: ${JSON.stringify({ scheduledTime: TIME, subjects: [idOf(2), OTHER] })}`);
  });

  test('is told also if it is the only one', () => {
    expect(ended([idOf(1), idOf(2), OTHER], [idOf(1), failure(idOf(2)), OTHER])).toMatchObject({
      failed: [idOf(2)], told: [`${idOf(2)}: ExportFailed: No.`], cause: expect.stringContaining(`1 of 3 were not exported. ${idOf(2)}: ExportFailed: No.. To`),
    });
  });

  test('is also that of which nothing came back', () => {
    expect(ended([idOf(1), idOf(2)], [idOf(1)])).toMatchObject({ failed: [idOf(2)], told: [], cause: expect.stringContaining('1 of 2 were not exported.') });
    expect(ended([idOf(1)], [])).toMatchObject({ failed: [idOf(1)], output: { exported: 0 } });
  });

  test('is nothing if all came back', () => {
    expect(ended([idOf(1)], [idOf(1)])).toMatchObject({ failed: [], output: { exported: 1 } });
    expect(ended(idsOf(3), idsOf(3))).toMatchObject({ failed: [], output: { exported: 3 } });
  });

  test.each([[5, false], [6, true]])('of %d the first five are told why (more: %s)', (many, isMore) => {
    const { told, cause } = ended(idsOf(many), idsOf(many).map((id) => failure(id)));

    expect(told).toHaveLength(5);
    expect(cause.includes('; …. To')).toBe(isMore);
  });

  // The list has 39 characters for each, and one more.
  test.each([[717, true], [718, false]])('of %d is named (%s) in an error that is short enough', (many, isNamed) => {
    const { cause } = ended(idsOf(many), idsOf(many).map((id) => failure(id, 'e'.repeat(250))));

    expect(cause.includes('"subjects"')).toBe(isNamed);
    expect(cause.includes('of all, since they are too many to be named')).toBe(!isNamed);
    expect(cause.length).toBeLessThan(32_768);
    expect(JSON.parse(/\{.*\}$/.exec(cause)![0]).scheduledTime).toBe(TIME);
  });
});

describe('an error', () => {
  const errorOf = (Cause: string | undefined, errorLength = 250) => {
    const { Catch: [{ Output }] } = definition([idOf(1)], errorLength).States.Export.ItemProcessor.States['Export one'];
    const states = { input: { subject: `${OWN}${idOf(1)}` }, errorOutput: { Error: 'ExportFailed', Cause } };
    return evaluate([Output.s, { states }], [Output.e, { states }]);
  };

  test.each<[what: string, cause: string | undefined, told: string]>([
    ['of a function', '{"errorMessage":"It \\"failed\\": a\\\\b.\\n","errorType":"E","trace":["x"]}', "ExportFailed: It 'failed': a'b.'n"],
    ['of a function with blanks', '{"errorType": "E", "errorMessage": "No."}', 'ExportFailed: No.'],
    ['that is no JSON', 'Task timed out', 'ExportFailed: Task timed out'],
    ['that looks like JSON', 'It said "errorMessage", and broke off', "ExportFailed: It said 'errorMessage', and broke off"],
    ['that is JSON broken off', '{"errorMessage":"It fai', "ExportFailed: {'errorMessage':'It fai"],
    ['of other characters than ASCII', '{"errorMessage":"„Müller“"}', "ExportFailed: 'M'ller'"],
    ['without a cause', undefined, 'ExportFailed: '],
  ])('%s is told', (_, cause, told) => {
    expect(errorOf(cause)).toEqual([idOf(1), told]);
  });

  test('is as long as there is room for', () => {
    expect(errorOf('x'.repeat(1000))[1]).toHaveLength(250);
    expect(errorOf('x'.repeat(1000), 30)[1]).toHaveLength(30);
  });
});

describe('the limits of Step Functions', () => {
  test.each([[1, 250], [868, 250], [869, 249], [3640, 20], [3641, undefined]])('of %d licenses an error has room for %s characters', (many, length) => {
    expect(errorLengthOf(idsOf(many))).toBe(length);
  });

  test.each([[1859, 20], [1860, undefined]])('of %d licenses that are named by ARNs an error has room for %s characters', (many, length) => {
    expect(errorLengthOf(idsOf(many).map((id) => `${OWN}${id}`))).toBe(length);
  });

  test('are those of the longest ARN for what is known at deployment', () => {
    expect(errorLengthOf(Array.from({ length: 1000 }, () => Aws.STACK_ID))).toBe(Math.floor((PAYLOAD - 1) / 1000) - 128 - 16);
  });

  test('are kept with as many licenses as can be, also if all of them fail', () => {
    const subjects = idsOf(3640);
    const it = definition(subjects);
    const length = errorLengthOf(subjects)!;

    expect(Buffer.byteLength(JSON.stringify(subjects.map((s) => failure(s, 'x'.repeat(length)))))).toBeLessThanOrEqual(PAYLOAD);
    expect(Buffer.byteLength(JSON.stringify(it.States.Begin.Assign))).toBeLessThanOrEqual(PAYLOAD);
    expect(JSON.stringify(it).length).toBeLessThan(1_000_000);
    const { failed, cause } = ended(subjects, subjects.map((s) => failure(s, 'x'.repeat(length))));
    expect(failed).toHaveLength(3640);
    expect(cause.length).toBeLessThan(32_768);
  });
});
