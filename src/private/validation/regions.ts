import { Annotations, Token } from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';
import { REGION } from './format';
import { checkLength, isKnown, lit } from './validation';
import { onceEach } from '../finding/doubles';

/**
 * The Regions of a list, each once. Refuses what the API has no room for, and warns of what does not look like the name of a Region: which there are, AWS
 * decides, and no list of them here would be complete.
 *
 * @param scope    who was given the list
 * @param property the list, as the user writes it
 * @param regions  the list
 */
export function regionsOf(scope: IConstruct, property: string, regions: string[]): string[] {
  if (Token.isUnresolved(regions)) {
    return regions;
  }
  regions.forEach((region, index) => {
    const name = `${property}[${index}]`;
    checkLength(scope, lit`RegionLength`, { property: name, value: region, minimum: 1, maximum: 100, wayOut: 'Correct it.' });
    warnOfRegion(scope, name, region);
  });
  return onceEach(scope, property, regions, region => isKnown(region) ? region : undefined, region => region);
}

/**
 * Warns of a text that has not the form of the name of a Region.
 */
export function warnOfRegion(scope: IConstruct, property: string, region: string | undefined): void {
  if (isKnown(region) && !REGION.test(region)) {
    Annotations.of(scope).addWarningV2('cdk-license-manager:noNameOfRegion',
      `${property} is '${region}', which has not the form of the name of a Region: nothing is found there. Write it as 'aws ec2 describe-regions' shows it.`);
  }
}
