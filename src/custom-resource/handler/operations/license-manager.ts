import {
  AcceptGrantCommand, CreateGrantVersionCommand, CreateLicenseConfigurationCommand, CreateLicenseManagerReportGeneratorCommand, CreateTokenCommand,
  DeleteLicenseConfigurationCommand, DeleteLicenseManagerReportGeneratorCommand, DeleteTokenCommand, GetLicenseConfigurationCommand,
  GetLicenseManagerReportGeneratorCommand, GetServiceSettingsCommand, ListAssociationsForLicenseConfigurationCommand,
  ListFailuresForLicenseConfigurationOperationsCommand, ListLicenseAssetRulesetsCommand, ListLicenseConfigurationsCommand,
  ListLicenseManagerReportGeneratorsCommand, ListLicenseSpecificationsForResourceCommand, ListReceivedGrantsCommand,
  ListTagsForResourceCommand, ListTokensCommand, RejectGrantCommand, TagResourceCommand, UntagResourceCommand, UpdateLicenseConfigurationCommand,
  UpdateLicenseManagerReportGeneratorCommand, UpdateLicenseSpecificationsForResourceCommand, UpdateServiceSettingsCommand,
} from '@aws-sdk/client-license-manager';
import { command, listing } from '../clients/operation';

/*
 * The operations of License Manager. The SDK has no paginators for most of the lists.
 */

/** It takes no client token: the caller has to look for what a call without an answer has left. */
export const createLicenseConfiguration = command('CreateLicenseConfiguration', CreateLicenseConfigurationCommand, {
  about: ({ Name }) => `'${Name}'`, once: true,
});
export const getLicenseConfiguration = command('GetLicenseConfiguration', GetLicenseConfigurationCommand, {
  about: ({ LicenseConfigurationArn }) => LicenseConfigurationArn!,
});
export const updateLicenseConfiguration = command('UpdateLicenseConfiguration', UpdateLicenseConfigurationCommand, {
  about: ({ LicenseConfigurationArn }) => LicenseConfigurationArn!,
});
export const deleteLicenseConfiguration = command('DeleteLicenseConfiguration', DeleteLicenseConfigurationCommand, {
  about: ({ LicenseConfigurationArn }) => LicenseConfigurationArn!,
});
export const listLicenseConfigurations = listing('ListLicenseConfigurations', ListLicenseConfigurationsCommand,
  ({ LicenseConfigurations }) => LicenseConfigurations);

/** The licenses of a resource. */
export const listLicenseSpecificationsForResource = listing('ListLicenseSpecificationsForResource', ListLicenseSpecificationsForResourceCommand,
  ({ LicenseSpecifications }) => LicenseSpecifications, ({ ResourceArn }) => ResourceArn!);
export const updateLicenseSpecificationsForResource = command('UpdateLicenseSpecificationsForResource', UpdateLicenseSpecificationsForResourceCommand, {
  about: ({ ResourceArn }) => ResourceArn!,
});
/** The resources of a license. */
export const listAssociationsForLicenseConfiguration = listing('ListAssociationsForLicenseConfiguration', ListAssociationsForLicenseConfigurationCommand,
  ({ LicenseConfigurationAssociations }) => LicenseConfigurationAssociations, ({ LicenseConfigurationArn }) => LicenseConfigurationArn!);
/** What failed after License Manager had answered. */
export const listFailures = listing('ListFailuresForLicenseConfigurationOperations', ListFailuresForLicenseConfigurationOperationsCommand,
  ({ LicenseOperationFailureList }) => LicenseOperationFailureList, ({ LicenseConfigurationArn }) => LicenseConfigurationArn!);

export const createReportGenerator = command('CreateLicenseManagerReportGenerator', CreateLicenseManagerReportGeneratorCommand, {
  about: ({ ReportGeneratorName }) => `'${ReportGeneratorName}'`,
});
export const getReportGenerator = command('GetLicenseManagerReportGenerator', GetLicenseManagerReportGeneratorCommand, {
  about: ({ LicenseManagerReportGeneratorArn }) => LicenseManagerReportGeneratorArn!,
});
export const updateReportGenerator = command('UpdateLicenseManagerReportGenerator', UpdateLicenseManagerReportGeneratorCommand, {
  about: ({ LicenseManagerReportGeneratorArn }) => LicenseManagerReportGeneratorArn!,
});
export const deleteReportGenerator = command('DeleteLicenseManagerReportGenerator', DeleteLicenseManagerReportGeneratorCommand, {
  about: ({ LicenseManagerReportGeneratorArn }) => LicenseManagerReportGeneratorArn!,
});
export const listReportGenerators = listing('ListLicenseManagerReportGenerators', ListLicenseManagerReportGeneratorsCommand,
  ({ ReportGenerators }) => ReportGenerators);

export const listLicenseAssetRulesets = listing('ListLicenseAssetRulesets', ListLicenseAssetRulesetsCommand,
  ({ LicenseAssetRulesets }) => LicenseAssetRulesets);

export const listReceivedGrants = listing('ListReceivedGrants', ListReceivedGrantsCommand,
  ({ Grants }) => Grants, ({ GrantArns }) => GrantArns?.join(', ') ?? 'the account');
export const acceptGrant = command('AcceptGrant', AcceptGrantCommand, { about: ({ GrantArn }) => GrantArn! });
export const rejectGrant = command('RejectGrant', RejectGrantCommand, { about: ({ GrantArn }) => GrantArn! });
export const createGrantVersion = command('CreateGrantVersion', CreateGrantVersionCommand, { about: ({ GrantArn }) => GrantArn! });

/** Its answer has the secret once: a repetition with the same client token tells the id alone. */
export const createToken = command('CreateToken', CreateTokenCommand, { about: ({ LicenseArn }) => LicenseArn!, secrets: ({ Token }) => [Token] });
export const deleteToken = command('DeleteToken', DeleteTokenCommand, { about: ({ TokenId }) => TokenId! });
export const listTokens = listing('ListTokens', ListTokensCommand, ({ Tokens }) => Tokens);

export const listTagsForResource = command('ListTagsForResource', ListTagsForResourceCommand, { about: ({ ResourceArn }) => ResourceArn! });
export const tagResource = command('TagResource', TagResourceCommand, { about: ({ ResourceArn }) => ResourceArn! });
export const untagResource = command('UntagResource', UntagResourceCommand, { about: ({ ResourceArn }) => ResourceArn! });

export const getServiceSettings = command('GetServiceSettings', GetServiceSettingsCommand, { about: () => 'the account' });
export const updateServiceSettings = command('UpdateServiceSettings', UpdateServiceSettingsCommand, { about: () => 'the account' });
