import type { ReportContext, ReportGenerator } from '@aws-sdk/client-license-manager';
import { parseArn, USAGE_REPORT } from '../../contract/arn';
import type { PropertiesOf } from '../../contract/definition';
import { reportGenerator as definition } from '../../contract/types/report-generator';
import { owned, sameMembers } from '../kinds/owned';
import type { Subject } from '../managed-type';
import {
  createReportGenerator, deleteReportGenerator, getReportGenerator, listReportGenerators, updateReportGenerator,
} from '../operations/license-manager';

/** The most characters that License Manager takes. */
const CLIENT_TOKEN_LENGTH = 36;

type Properties = PropertiesOf<typeof definition>;

/**
 * A usage report, for Regions that do not have its CloudFormation type. Everything of it changes in place.
 */
export const reportGenerator = owned<typeof definition, ReportGenerator>(definition, {
  kind: USAGE_REPORT,
  takesClientToken: true,
  // The time and the place are License Manager's.
  readsBack: true,

  get,

  async *candidates({ aws }) {
    for await (const { LicenseManagerReportGeneratorArn } of aws.list(listReportGenerators, {})) {
      yield LicenseManagerReportGeneratorArn!;
    }
  },

  // The list may be without tags.
  tagsOf: async (subject, arn) => (await get(subject, arn)).Tags,

  create: async (subject, declared, Tags) =>
    (await subject.aws.call(createReportGenerator, { ...request(subject, declared), Tags })).LicenseManagerReportGeneratorArn!,

  difference: (declared, found) => differs(declared, found) ? {} : undefined,

  update: (subject, LicenseManagerReportGeneratorArn) =>
    subject.aws.call(updateReportGenerator, { ...request(subject, subject.declared!), LicenseManagerReportGeneratorArn }),

  delete: ({ aws }, LicenseManagerReportGeneratorArn) => aws.call(deleteReportGenerator, { LicenseManagerReportGeneratorArn }),

  attributes: (arn, found) => ({
    Arn: arn,
    ...(found?.CreateTime ? { CreateTime: found.CreateTime } : {}),
    ReportCreatorAccount: found?.ReportCreatorAccount ?? parseArn(USAGE_REPORT, arn)!.account,
    ...locationOf(found),
  }),
});

async function get({ aws }: Subject<typeof definition>, LicenseManagerReportGeneratorArn: string): Promise<ReportGenerator> {
  return (await aws.call(getReportGenerator, { LicenseManagerReportGeneratorArn })).ReportGenerator!;
}

/**
 * The place of a report and no other, as the user guide tells it: `Reports/<name>/`. The API does not tell whether its prefix has the name.
 *
 * Without a bucket there is no attribute: a template that reads it fails with CloudFormation's own text.
 *
 * A name may have characters that mean something else in a policy, where a policy variable stands for each of them.
 *
 * https://docs.aws.amazon.com/license-manager/latest/userguide/report-storage.html
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html
 */
export function locationOf(found: ReportGenerator | undefined): Record<string, string> {
  const { bucket, keyPrefix = '' } = found?.S3Location ?? {};
  if (!found || !bucket) {
    return {};
  }
  const { ReportGeneratorName: name } = found;
  const path = keyPrefix.split('/').filter(folder => folder !== '').join('/') || 'Reports';
  const place = `${`/${path}/`.endsWith(`/${name}/`) ? path : `${path}/${name}`}/`;
  return { Bucket: bucket, KeyPrefix: place, KeyPrefixInPolicy: place.replace(/[*?$]/g, character => `\${${character}}`) };
}

function request(subject: Subject<typeof definition>, { ReportGeneratorName, Description, ReportType, ReportContext, ReportFrequency }: Properties) {
  return {
    ReportGeneratorName,
    // Left out of an update it would stay.
    Description: Description ?? '',
    Type: ReportType,
    ReportContext: {
      licenseConfigurationArns: ReportContext.LicenseConfigurationArns,
      licenseAssetGroupArns: ReportContext.LicenseAssetGroupArns,
      reportStartDate: dateOf(ReportContext.ReportStartDate),
      reportEndDate: dateOf(ReportContext.ReportEndDate),
    },
    ReportFrequency: { period: ReportFrequency.Period, value: ReportFrequency.Value },
    ClientToken: subject.token.slice(0, CLIENT_TOKEN_LENGTH),
  };
}

function dateOf(text: string | undefined): Date | undefined {
  return text === undefined ? undefined : new Date(text);
}

function differs(properties: Properties, found: ReportGenerator): boolean {
  const { ReportContext: context, ReportFrequency: frequency } = properties;
  const foundContext: ReportContext = found.ReportContext ?? {};
  return properties.ReportGeneratorName !== found.ReportGeneratorName
    || (properties.Description ?? '') !== (found.Description ?? '')
    || !sameMembers(properties.ReportType, found.ReportType)
    || !sameMembers(context.LicenseConfigurationArns, foundContext.licenseConfigurationArns)
    || !sameMembers(context.LicenseAssetGroupArns, foundContext.licenseAssetGroupArns)
    || !sameTime(context.ReportStartDate, foundContext.reportStartDate)
    || !sameTime(context.ReportEndDate, foundContext.reportEndDate)
    || frequency.Period !== found.ReportFrequency?.period
    || frequency.Value !== found.ReportFrequency?.value;
}

function sameTime(declared: string | undefined, found: Date | undefined): boolean {
  return dateOf(declared)?.getTime() === found?.getTime();
}
