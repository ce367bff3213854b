/*
 * What words mean that nobody documents: those that are known, and whatever else has their form.
 */
import { hasFailed, Phase, phaseOf } from '../../../src/custom-resource/handler/phase';

const A_MOMENT_AGO = new Date(Date.now() - 60_000);
const LONG_AGO = new Date(Date.now() - 660_000);

test.each([
  [Phase.UNDER_WAY, ['SUBSCRIBING', 'Unsubscribing', 'ASSOCIATING', 'DISASSOCIATING', 'Configuring', 'CONFIGURING', 'REGISTERING', 'DEREGISTERING', 'UPDATING',
    'PENDING', 'REGISTRATION_PENDING', 'Being configured - pending', 'DELETING', 'Removal in progress', 'UPDATE_IN_PROGRESS', ' provisioning ']],
  [Phase.FAILED, ['SUBSCRIPTION_FAILED', 'ASSOCIATION_FAILED', 'REGISTRATION_FAILED', 'Failed', 'ERROR', 'Subscription error']],
  [Phase.THERE, ['SUBSCRIBED', 'ASSOCIATED', 'REGISTERED', 'Active', 'ENABLED', 'Ready for use', '', undefined,
    // What could not be ended or changed.
    'UNSUBSCRIPTION_FAILED', 'User Unsubscription Failed'.slice(5), 'DISASSOCIATION_FAILED', 'DEREGISTRATION_FAILED', 'UPDATE_FAILED', 'CONFIGURATION_FAILED',
    'MODIFICATION_ERROR', 'ENDORSED']],
  [Phase.ENDED, ['UNSUBSCRIBED', 'DISASSOCIATED', 'DEREGISTERED', 'UNREGISTERED', 'Deleted', 'REMOVED', 'TERMINATED', 'CANCELLED', 'EXPIRED', 'ENDED', 'INACTIVE']],
])('phase %i has its words, whoever has begun when', (phase, words) => {
  for (const started of [A_MOMENT_AGO, LONG_AGO]) {
    expect(words.filter(word => phaseOf(word, started) !== phase)).toEqual([]);
  }
});

test.each(['STANDING', 'Billing', 'REQUESTED', 'QUEUED', 'SUBMITTED', 'ACCEPTED'])('%s looks like work for a while only', (word) => {
  expect(phaseOf(word, A_MOMENT_AGO)).toBe(Phase.UNDER_WAY);
  expect(phaseOf(word, LONG_AGO)).toBe(Phase.THERE);
});

test('what has failed is told, whatever is left', () => {
  expect(['SUBSCRIPTION_FAILED', 'Unsubscription failed', 'error'].map(hasFailed)).toEqual([true, true, true]);
  expect(['SUBSCRIBED', 'UNSUBSCRIBING', undefined].map(hasFailed)).toEqual([false, false, false]);
});
