import { Annotations } from 'aws-cdk-lib';
import { CfnLaunchTemplate } from 'aws-cdk-lib/aws-ec2';
import type { ILaunchTemplateRef } from 'aws-cdk-lib/aws-ec2';
import type { ILicenseConfigurationRef } from 'aws-cdk-lib/aws-licensemanager';
import type { IConstruct } from 'constructs';
import { resourceBehind } from '../private/identity/reference';
import { missingLicenses, renderedTarget } from '../private/license/launch';

/**
 * Says of launch templates that the app makes, and by which what is governed may be launched, that they have none of the licenses, when the app is complete: a
 * mixin may come until then.
 */
export function expectLicenses(scope: IConstruct, templates: readonly ILaunchTemplateRef[], licenses: readonly ILicenseConfigurationRef[]): void {
  scope.node.addValidation({
    validate: () => {
      for (const template of templates) {
        const resource = resourceBehind(template, CfnLaunchTemplate.isCfnLaunchTemplate);
        if (resource && hasNone(resource, licenses)) {
          Annotations.of(scope).addWarningV2('cdk-license-manager:launchTemplateWithoutLicense',
            `Launch template '${template.node.path}' is in launchTemplates, so that what is governed may be launched from it, and it has none of the licenses. Give it `
            + 'one (mixins.LaunchTemplateLicenses), or leave it out.');
        }
      }
      return [];
    },
  });
}

/** Whether a template has none of the licenses, as far as all of its own are known. */
function hasNone(template: CfnLaunchTemplate, licenses: readonly ILicenseConfigurationRef[]): boolean {
  const lists = renderedTarget(template).licenses;
  const isKnown = lists.every(list => list === undefined || Array.isArray(list) && list.every(arn => typeof arn === 'string' || arn?.['Fn::GetAtt'] !== undefined));
  return isKnown && missingLicenses(template, licenses, lists).length === licenses.length;
}
