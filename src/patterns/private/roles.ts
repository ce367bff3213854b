import { Stack } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { LicenseManagerFeature, ServiceLinkedRole } from '../../settings/service-linked-role';

/**
 * The service-linked role of a feature: that of the stack, if there is one by now. A stack has each once, and several patterns may be in it.
 *
 * Which of them it belongs to, does not matter: in the template it is known by what it is, and not by where it is declared.
 */
export function serviceLinkedRoleOf(scope: Construct, feature = LicenseManagerFeature.CORE): ServiceLinkedRole {
  const stack = Stack.of(scope);
  const found = stack.node.findAll().find((it): it is ServiceLinkedRole =>
    ServiceLinkedRole.isServiceLinkedRole(it) && it.feature === feature && Stack.of(it) === stack);
  return found ?? new ServiceLinkedRole(scope, 'Role', { feature });
}
