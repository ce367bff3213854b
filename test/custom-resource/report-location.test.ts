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
    expect(locationOf({ ReportGeneratorName: 'monthly', S3Location: { bucket: 'bucket', keyPrefix } })).toEqual({ Bucket: 'bucket', KeyPrefix: place });
  });

  test('has the slashes of the name', () => {
    for (const keyPrefix of ['Reports/it/monthly', 'Reports']) {
      expect(locationOf({ ReportGeneratorName: 'it/monthly', S3Location: { bucket: 'bucket', keyPrefix } })).toMatchObject({ KeyPrefix: 'Reports/it/monthly/' });
    }
  });

  test.each([[undefined], [{}], [{ ReportGeneratorName: 'monthly', S3Location: {} }]])('is not told as long as there is no bucket: %j', (found) => {
    expect(locationOf(found)).toEqual({});
  });
});
