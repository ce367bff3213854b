/*
 * Types are checked by `tsc --noEmit -p test/tsconfig.json`; nothing here runs.
 */
import type * as library from '../../src';
import {
  Ec2BillingProduct, InstanceMatch, InstancePlatform, LicenseAssetRule, ProductInformation, RdsDb2EngineEdition, RdsOracleEngineEdition,
} from '../../src';

type Library = typeof library & typeof library.patterns;

/** All classes of the library, by their names; of mixins one is taken where any is wanted. */
type Classes = {
  [K in keyof Library as Library[K] extends { prototype: object } ? K : never]: Library[K] extends { prototype: infer T } ? T : never
};

/** `'A for B'`, for all that could be taken for something else. */
type Confusable = {
  [A in keyof Classes]: {
    [B in Exclude<keyof Classes, A>]: Classes[A] extends Classes[B] ? `${A & string} for ${B & string}` : never
  }[Exclude<keyof Classes, A>]
}[keyof Classes];

type None<T extends never> = T;

/** None of the classes can be taken for another: a compiler that compares members alone would let it pass. */
export type NoneIsConfusable = None<Confusable>;

export const INSTANCES = LicenseAssetRule.instancesMatchingAll([
  InstanceMatch.platform([InstancePlatform.WINDOWS]),
  InstanceMatch.ec2BillingProduct([Ec2BillingProduct.WINDOWS_BYOL]),
  // @ts-expect-error a billing product is not a platform
  InstanceMatch.platform([Ec2BillingProduct.RHEL]),
  // @ts-expect-error a platform is not a billing product
  InstanceMatch.ec2BillingProduct([InstancePlatform.LINUX]),
]);

export const PRODUCTS = [
  ProductInformation.rdsDb2({ engineEdition: RdsDb2EngineEdition.SE }),
  // @ts-expect-error an edition of Oracle is not one of Db2
  ProductInformation.rdsDb2({ engineEdition: RdsOracleEngineEdition.SE2 }),
  // @ts-expect-error values are made by the class
  ProductInformation.rdsDb2({ engineEdition: { value: 'db2-se' } }),
];
