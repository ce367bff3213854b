import { Log, secretsOf } from '../../../src/custom-resource/handler/log';

test('secrets are found in the URL, in its query and in the environment', () => {
  expect(secretsOf('https://bucket/key?Signature=short&X=1')).toEqual(
    expect.arrayContaining(['https://bucket/key?Signature=short&X=1', '?Signature=short&X=1', 'short']));
  expect(secretsOf('no URL').filter(Boolean)).toEqual(['no URL']);
});

describe('what is hidden', () => {
  const SECRET = 'a "quoted" \\ secret/with+ü&more';

  function logged(details: object): string {
    const log = new Log('request');
    log.hide(SECRET);
    const write = jest.spyOn(process.stdout, 'write').mockReturnValue(true);
    try {
      log.info('Message', details);
      return write.mock.calls.map(([line]) => line).join('');
    } finally {
      write.mockRestore();
    }
  }

  test.each<[string, object]>([
    ['a value', { text: SECRET }],
    ['a part of a value', { text: `before ${SECRET} after` }],
    ['a value deep inside', { list: [{ text: SECRET }] }],
    ['the text of a request in JSON', { text: JSON.stringify({ SecretString: SECRET }) }],
    ['JSON in JSON', { text: JSON.stringify({ body: JSON.stringify({ SecretString: SECRET }) }) }],
    ['a part of a URL', { text: `https://host/?value=${encodeURIComponent(SECRET)}` }],
    ['base 64', { text: Buffer.from(SECRET).toString('base64') }],
  ])('is hidden as %s', (_what, details) => {
    const line = logged(details);
    expect(line).not.toMatch(/quoted|secret/);
    expect(JSON.stringify(JSON.parse(line))).toContain('***');
  });

  test('is hidden in a reason, whatever stands around it', () => {
    const log = new Log('request');
    log.hide(SECRET);
    expect(log.redact(`Refused ${JSON.stringify(SECRET)}: '${SECRET}'`)).toBe('Refused "***": \'***\'');
  });

  test('is hidden to its end, although its beginning is hidden as well', () => {
    const log = new Log('request');
    log.hide('secret', 'secret-of-all');
    expect(log.redact('secret-of-all and secret-of-none')).toBe('*** and ***-of-none');
  });

  test('is not a text of up to 3 characters, which would mutilate others', () => {
    const log = new Log('request');
    log.hide('lic', undefined, null, '');
    expect(log.redact('lic-1')).toBe('lic-1');
    log.hide('lic-');
    expect(log.redact('lic-1')).toBe('***1');
  });
});

test.each(['info', 'warn', 'error'] as const)('an entry says how bad it is: %s', (level) => {
  const write = jest.spyOn(process.stdout, 'write').mockReturnValue(true);
  try {
    new Log('request')[level]('Message', { detail: 1 });
    expect(JSON.parse(String(write.mock.calls[0][0]))).toEqual({
      timestamp: expect.any(String), level: level.toUpperCase(), requestId: 'request', message: 'Message', detail: 1,
    });
  } finally {
    write.mockRestore();
  }
});
