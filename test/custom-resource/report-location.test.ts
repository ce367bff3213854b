import { locationOf } from '../../src/custom-resource/handler/types/report-generator';

describe('the place of a report generator and no other', () => {
  test.each([
    ['Reports/monthly', 'Reports/monthly/'],
    ['Reports/monthly/', 'Reports/monthly/'],
    ['/Reports/monthly/', 'Reports/monthly/'],
    ['Reports', 'Reports/monthly/'],
    ['Reports/', 'Reports/monthly/'],
    ['Reports/monthly-of-others', 'Reports/monthly-of-others/monthly/'],
    ['', 'Reports/monthly/'],
    [undefined, 'Reports/monthly/'],
  ])('with the prefix %j is %s', (keyPrefix, place) => {
    expect(locationOf({ ReportGeneratorName: 'monthly', S3Location: { bucket: 'bucket', keyPrefix } })).toEqual({
      Bucket: 'bucket', KeyPrefix: place, KeyPrefixInPolicy: place,
    });
  });

  test('has the slashes of the name', () => {
    for (const keyPrefix of ['Reports/it/monthly', 'Reports']) {
      expect(locationOf({ ReportGeneratorName: 'it/monthly', S3Location: { bucket: 'bucket', keyPrefix } })).toMatchObject({ KeyPrefix: 'Reports/it/monthly/' });
    }
  });

  test('has policy variables for what means something else in a policy', () => {
    expect(locationOf({ ReportGeneratorName: 'a*b?c${d}*', S3Location: { bucket: 'bucket', keyPrefix: 'Reports' } })).toEqual({
      Bucket: 'bucket', KeyPrefix: 'Reports/a*b?c${d}*/', KeyPrefixInPolicy: 'Reports/a${*}b${?}c${$}{d}${*}/',
    });
  });

  test.each([[undefined], [{}], [{ ReportGeneratorName: 'monthly', S3Location: {} }]])('is not told as long as there is no bucket: %j', (found) => {
    expect(locationOf(found)).toEqual({});
  });
});
