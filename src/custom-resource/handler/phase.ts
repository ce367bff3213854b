/*
 * User-based subscriptions have words for their states that nobody documents, except for SUBSCRIBED: what they mean is told by their form. The names of their
 * events, such as "User Unsubscription Failed", have the same forms.
 *
 * https://docs.aws.amazon.com/eventbridge/latest/ref/events-ref-license-manager-user-subscriptions.html
 */

/** Where something is. */
export enum Phase {
  /** The service is at work. */
  UNDER_WAY,
  /** It has not come about. */
  FAILED,
  /** It is there: also what could not be ended, or changed. */
  THERE,
  /** It is no more. */
  ENDED,
}

/** What is being ended, or was. */
const END = /^(UNSUBSCRI|DISASSOCIAT|DEREGIST|UNREGIST|DELET|REMOV|TERMINAT|CANCEL|EXPIR|END(ED|ING)$|INACTIVE)/;
const CHANGE = /^(UPDAT|CONFIGURATION|MODIF|CHANG)/;
const AT_WORK = /(ING|PENDING|PROGRESS|REQUESTED|QUEUED|SUBMITTED|ACCEPTED)$/;
/** Words of that form that the service is known to have, or is as good as sure to. */
const SURELY_AT_WORK = /(SUBSCRIB|ASSOCIAT|REGISTER|CONFIGUR|UPDAT|PEND|CREAT|DELET|PROVISION|PROCESS|ACTIVAT|VERIFY|VALIDAT|LAUNCH|JOIN)ING$|PROGRESS$/;

/** How long a word that only looks like work is taken for it, in milliseconds: it may be a state for good. */
const PATIENCE = 600_000;

/**
 * What a word means.
 *
 * @param status  the word
 * @param started when the request came
 */
export function phaseOf(status: string | undefined, started: Date): Phase {
  const word = (status ?? '').trim().toUpperCase().replace(/[^A-Z]+/g, '_');
  if (/FAIL|ERROR/.test(word)) {
    return END.test(word) || CHANGE.test(word) ? Phase.THERE : Phase.FAILED;
  }
  if (AT_WORK.test(word)) {
    return SURELY_AT_WORK.test(word) || Date.now() - started.getTime() < PATIENCE ? Phase.UNDER_WAY : Phase.THERE;
  }
  return END.test(word) ? Phase.ENDED : Phase.THERE;
}

/** Whether something that was asked for has failed, whatever is left of it. */
export function hasFailed(status: string | undefined): boolean {
  return /FAIL|ERROR/i.test(status ?? '');
}
