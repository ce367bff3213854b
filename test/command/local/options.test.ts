import { parse } from '../../../src/command/local/options';
import { Problem } from '../../../src/command/problem';

describe('what local is asked for', () => {
  test('is a server at the usual port, which evaluates policies', () => {
    expect(parse([])).toEqual({
      task: 'serve', port: 4577, account: '111122223333', region: 'us-east-1', auth: true, bootstrap: false, seed: undefined, logFile: undefined, command: [],
    });
  });

  test('is all that its options say', () => {
    const args = ['--port', '4000', '--account', '222233334444', '--region', 'us-gov-west-1', '--no-auth', '--bootstrap', '--seed', 'a.json', '--log-file', 'b.log'];
    expect(parse(args)).toEqual({
      task: 'serve', port: 4000, account: '222233334444', region: 'us-gov-west-1', auth: false, bootstrap: true, seed: 'a.json', logFile: 'b.log', command: [],
    });
  });

  test('is a command, with options that are its own', () => {
    expect(parse(['--bootstrap', '--', 'npx', 'cdk', 'deploy', '--all', '--', '--port'])).toMatchObject({
      task: 'run', port: 0, bootstrap: true, command: ['npx', 'cdk', 'deploy', '--all', '--', '--port'],
    });
  });

  test.each<[args: string[], expected: object]>([
    [['--json'], { task: 'serve-program', port: 0 }],
    [['--json', '--port', '4000'], { task: 'serve-program', port: 4000 }],
    [['--port', '0'], { task: 'serve', port: 0 }],
    [['--port', '65535'], { task: 'serve', port: 65535 }],
    [['--env'], { task: 'tell', port: 4577 }],
    [['--env', '--port', '4000'], { task: 'tell', port: 4000 }],
    [['--port', '4000', '--', 'true'], { task: 'run', port: 4000 }],
    [['-h', '--port', 'x'], { task: 'help' }],
  ])('%j', (args, expected) => {
    expect(parse(args)).toMatchObject(expected);
  });

  test.each<[args: string[], complaint: string]>([
    [['--colour'], 'Unknown option \'--colour\''],
    [['npx', 'cdk'], 'local takes no \'npx\': a command to run comes after --, as in \'local -- npx cdk\'.'],
    [['--'], 'There is no command after --.'],
    [['--json', '--env'], '--json and --env do not go together.'],
    [['--env', '--', 'true'], '--env and a command do not go together.'],
    [['--json', '--', 'true'], '--json and a command do not go together.'],
    [['--account', '12345678901'], '--account is \'12345678901\': it has to be 12 digits.'],
    [['--region', 'Mars'], '--region is \'Mars\': it has to be a Region, such as eu-central-1.'],
    [['--port', '65536'], '--port is \'65536\': it has to be a number from 0, a free port, to 65535.'],
    [['--port=-1'], '--port is \'-1\''],
    [['--port', 'http'], '--port is \'http\''],
    [['--port', ''], '--port is \'\''],
    [['--env', '--port', '0'], '--env needs the --port that the local AWS listens on.'],
  ])('%j is refused', (args, complaint) => {
    expect(() => parse(args)).toThrow(expect.objectContaining({ message: expect.stringContaining(complaint), isOfUsage: true }));
    expect(() => parse(args)).toThrow(Problem);
  });
});
