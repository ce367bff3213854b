import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { hasType, REGIONS } from '../../src/adopt/regions';

test('the Regions of the types are those of the guide', () => {
  const guide = readFileSync(join(__dirname, '..', '..', 'docs', 'provisioning.md'), 'utf8');
  for (const [type, regions] of Object.entries(REGIONS)) {
    const row = guide.split('\n').find(line => line.startsWith('|') && line.includes(`\`${type}\``) && /\b[a-z]{2}-[a-z]+-\d\b/.test(line))!;
    const told = row.split('|')[2].trim();
    expect(told).toBe('only' in regions ? regions.only.join(', ') : `all but ${regions.allBut.join(', ')}`);
  }
});

test.each([
  ['us-east-1', 'AWS::LicenseManager::LicenseConfiguration', true],
  ['eu-west-1', 'AWS::LicenseManager::LicenseConfiguration', false],
  ['eu-west-1', 'AWS::LicenseManager::LicenseAssetGroup', true],
  ['cn-north-1', 'AWS::LicenseManager::LicenseAssetGroup', false],
  ['eu-west-1', 'AWS::RAM::ResourceShare', true],
])('%s has %s: %s', (region, type, has) => {
  expect(hasType(region, type)).toBe(has);
});
