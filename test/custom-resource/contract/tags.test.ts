import { CREATE_TOKEN, DISASSOCIATE_ON_DELETE, STACK_ID, UNANSWERED } from '../../../src/custom-resource/contract/tags';

test('the tags are named as on the resources that earlier versions have made', () => {
  expect({ CREATE_TOKEN, DISASSOCIATE_ON_DELETE, STACK_ID, UNANSWERED }).toEqual({
    CREATE_TOKEN: 'cdk-license-manager:create-token',
    DISASSOCIATE_ON_DELETE: { Key: 'cdk-license-manager:disassociate-resources-on-delete', Value: 'true' },
    STACK_ID: 'cdk-license-manager:stack-id',
    UNANSWERED: 'cdk-license-manager:unanswered',
  });
});
