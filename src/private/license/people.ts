import { Stack } from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';

/**
 * A message to a topic, for people: a subject for mails, and for what is subscribed by HTTPS the form that Amazon Q Developer in chat applications shows.
 *
 * @param scope   in whose stack
 * @param subject what it is about
 * @param text    what it says
 *
 * @see https://docs.aws.amazon.com/sns/latest/api/API_Publish.html
 */
export function messageForPeople(scope: IConstruct, subject: string, text: string): { readonly [parameter: string]: string } {
  const stack = Stack.of(scope);
  return {
    Subject: inSubject(subject),
    MessageStructure: 'json',
    Message: stack.toJsonString({ default: text, https: stack.toJsonString(chatMessage(subject, text)) }),
  };
}

/**
 * A message as Amazon Q Developer in chat applications shows it.
 *
 * @see https://docs.aws.amazon.com/chatbot/latest/adminguide/custom-notifs.html
 */
export function chatMessage(title: string, description: string): object {
  return { version: '1.0', source: 'custom', content: { textType: 'client-markdown', title, description } };
}

/** Amazon SNS takes less than 100 characters of ASCII. */
function inSubject(text: string): string {
  return text.replace(/[^ -~]/g, '?').slice(0, 99);
}
