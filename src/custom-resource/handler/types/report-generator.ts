import type {
  CreateLicenseManagerReportGeneratorRequest, ReportContext, ReportFrequencyType, ReportGenerator, ReportType,
} from '@aws-sdk/client-license-manager';
import type { ReportContextProperties, ReportFrequencyProperties, ReportGeneratorProperties } from '../../contract/properties';
import { isReportGeneratorArn, ownerOf } from '../arn';
import type { ManagedType, Subject } from '../managed-type';
import {
  checkTags, differenceOfTags, isCreatedWith, isMissing, ownTags, remainsOf, sameMembers, TAGS, type TagDifference, tokenOfRemains, writeTags,
} from '../owned';
import { date, integer, list, object, optional, text } from '../shape';
import { sleep } from '../sleep';

/** The most characters that License Manager takes. */
const CLIENT_TOKEN_LENGTH = 36;

const READ_ATTEMPTS = 3;
/** Between them, in milliseconds. */
const SETTLING = 2_000;

type Properties = ReportGeneratorProperties;

type Change =
  | { readonly kind: 'create' }
  | { readonly kind: 'delete'; readonly arn: string }
  | { readonly kind: 'update'; readonly arn: string; readonly update: boolean; readonly tags?: TagDifference };

/**
 * A usage report, for Regions that do not have its CloudFormation type. Everything of it changes in place.
 */
export const reportGenerator: ManagedType<Properties, ReportGenerator, Change> = {
  properties: object<Properties>({
    ReportGeneratorName: text(),
    Description: optional(text()),
    ReportType: list(text(['LicenseConfigurationSummaryReport', 'LicenseConfigurationUsageReport', 'LicenseAssetGroupUsageReport'])),
    ReportContext: object<ReportContextProperties>({
      LicenseConfigurationArns: optional(list(text())),
      LicenseAssetGroupArns: optional(list(text())),
      ReportStartDate: optional(date),
      ReportEndDate: optional(date),
    }),
    ReportFrequency: object<ReportFrequencyProperties>({ Period: text(['DAY', 'WEEK', 'MONTH', 'ONE_TIME']), Value: integer }),
    Tags: optional(TAGS),
  }),

  check: ({ Tags }) => checkTags(Tags),

  identify: (_properties, state) => state?.LicenseManagerReportGeneratorArn,

  identifyRemains: ({ token }) => remainsOf(token),

  recognizes: (physicalId) => isReportGeneratorArn(physicalId) || tokenOfRemains(physicalId) !== undefined,

  async read(subject) {
    const { physicalId } = subject;
    const remains = tokenOfRemains(physicalId);
    if (remains !== undefined) {
      return findCreated(subject, remains);
    }
    // What a create has left needs not be looked for before it is repeated: License Manager knows it by its client token.
    return physicalId === undefined ? undefined : find(subject, physicalId);
  },

  compare({ properties, oldProperties }, state) {
    if (!properties) {
      return state && { kind: 'delete', arn: state.LicenseManagerReportGeneratorArn! };
    }
    if (!state) {
      return { kind: 'create' };
    }
    const update = differs(properties, state);
    const tags = differenceOfTags(properties.Tags, state.Tags, oldProperties);
    return update || tags ? { kind: 'update', arn: state.LicenseManagerReportGeneratorArn!, update, tags } : undefined;
  },

  async write(subject, change) {
    const { licenseManager, properties } = subject;
    switch (change.kind) {
      case 'create':
        return licenseManager.createReportGenerator({ ...request(subject), Tags: [...properties!.Tags ?? [], ...ownTags(subject)] });
      case 'delete':
        return licenseManager.deleteReportGenerator(change.arn);
      case 'update':
        if (change.update) {
          await licenseManager.updateReportGenerator({ ...request(subject), LicenseManagerReportGeneratorArn: change.arn });
        }
        await writeTags(licenseManager, change.arn, change.tags);
    }
    return undefined;
  },

  // The time and the place are License Manager's, which may need a moment until it finds what it has just made.
  async readBack(subject, arn) {
    for (let attempt = 1; ; attempt++) {
      const found = await find(subject, arn);
      if (found || attempt === READ_ATTEMPTS || subject.remaining() <= 0) {
        return found;
      }
      await sleep(SETTLING);
    }
  },

  attributes: (arn, _subject, state) => ({
    Arn: arn,
    ...(state?.CreateTime ? { CreateTime: state.CreateTime } : {}),
    ReportCreatorAccount: state?.ReportCreatorAccount ?? ownerOf(arn),
    ...locationOf(state),
  }),
};

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

function request({ properties, token }: Subject<Properties>): CreateLicenseManagerReportGeneratorRequest {
  const { ReportGeneratorName, Description, ReportType: types, ReportContext: context, ReportFrequency: { Period, Value } } = properties!;
  return {
    ReportGeneratorName,
    // Left out of an update it would stay.
    Description: Description ?? '',
    Type: types as ReportType[],
    ReportContext: {
      licenseConfigurationArns: context.LicenseConfigurationArns,
      licenseAssetGroupArns: context.LicenseAssetGroupArns,
      reportStartDate: context.ReportStartDate === undefined ? undefined : new Date(context.ReportStartDate),
      reportEndDate: context.ReportEndDate === undefined ? undefined : new Date(context.ReportEndDate),
    },
    ReportFrequency: { period: Period as ReportFrequencyType, value: Value },
    ClientToken: token.slice(0, CLIENT_TOKEN_LENGTH),
  };
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
  return (declared === undefined ? undefined : new Date(declared).getTime()) === found?.getTime();
}

async function find({ licenseManager }: Subject<Properties>, arn: string): Promise<ReportGenerator | undefined> {
  try {
    return await licenseManager.reportGenerator(arn);
  } catch (error) {
    if (!isMissing(error)) {
      throw error;
    }
    return undefined;
  }
}

/** The report that a create with this token has left. */
async function findCreated(subject: Subject<Properties>, token: string): Promise<ReportGenerator | undefined> {
  for await (const { LicenseManagerReportGeneratorArn: arn } of subject.licenseManager.reportGenerators()) {
    // The list may be without tags.
    const found = await find(subject, arn!);
    if (isCreatedWith(token, found?.Tags)) {
      return found;
    }
  }
  return undefined;
}
