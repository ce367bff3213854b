"""Every name of ministack's and hypercorn's that the local AWS holds on to."""

from __future__ import annotations

import importlib

# Module and attribute, as used in this package.
NAMES: tuple[tuple[str, str], ...] = (
    ("ministack.app", "app"),
    ("ministack.app", "AUTH"),
    ("ministack.app", "SERVICE_HANDLERS"),
    ("ministack.app", "_reset_all_state"),
    ("ministack.app", "_routing_params"),
    ("ministack.app", "_request_account_scope"),
    ("ministack.core.iam_actions", "SERVICE_TO_IAM_NAMESPACE"),
    ("ministack.core.iam_actions", "_BOTOCORE_SERVICE_MAP"),
    ("ministack.core.iam_actions", "access_denied_response"),
    ("ministack.core.iam_actions", "extract_iam_action"),
    ("ministack.core.iam_actions", "extract_resource_arn"),
    ("ministack.core.iam_actions", "identity_denial_message"),
    ("ministack.core.iam_actions", "verified_access_resource_arns"),
    ("ministack.core.iam_evaluator", "enforce"),
    ("ministack.core.responses", "_request_account_id"),
    ("ministack.core.responses", "get_account_id"),
    ("ministack.core.responses", "get_region"),
    ("ministack.core.responses", "request_scope"),
    ("ministack.core.responses", "set_request_account_id"),
    ("ministack.core.router", "SERVICE_PATTERNS"),
    ("ministack.core.router", "detect_service"),
    ("ministack.core.router", "extract_access_key_id"),
    ("ministack.core.router", "extract_region"),
    ("ministack.services.cloudformation.changesets", "_IMPORT_LOOKUPS"),
    ("ministack.services.cloudformation.changesets", "validate_template_support"),
    ("ministack.services.cloudformation.custom_resource", "_HOST"),
    ("ministack.services.cloudformation.custom_resource", "deliver_response"),
    ("ministack.services.cloudformation.custom_resource", "invoke_custom_resource"),
    ("ministack.services.cloudformation.handlers", "_roll_back_operation"),
    ("ministack.services.cloudformation.handlers", "validate_template_support"),
    ("ministack.services.cloudformation.provisioners", "_REPLACING_PROPERTIES"),
    ("ministack.services.cloudformation.provisioners", "_RESOURCE_HANDLERS"),
    ("ministack.services.cloudformation.provisioners", "_STACK_TAG_PROPERTY"),
    ("ministack.services.cloudformation.stacks", "_roll_back_operation"),
    ("ministack.services.ec2", "_ACTION_MAP"),
    ("ministack.services.ec2", "_STUB_AMIS"),
    ("ministack.services.ec2", "_ensure_defaults_initialized"),
    ("ministack.services.ec2", "_error"),
    ("ministack.services.ec2", "_images"),
    ("ministack.services.ec2", "_instances"),
    ("ministack.services.ec2", "_security_groups"),
    ("ministack.services.ec2", "_parse_tag_specs"),
    ("ministack.services.ec2", "_tags"),
    ("ministack.services.ec2", "_xml"),
    ("ministack.services.iam", "_delete_role_policy"),
    ("ministack.services.iam", "_put_role_policy"),
    ("ministack.services.kms", "_resolve_key"),
    ("ministack.services.secretsmanager", "_create_secret"),
    ("ministack.services.secretsmanager", "_get_random_password"),
    ("ministack.services.secretsmanager", "_purge_secret"),
    ("ministack.services.secretsmanager", "_resolve"),
    ("ministack.services.secretsmanager", "_secrets"),
    ("ministack.services.secretsmanager", "_update_secret"),
    ("ministack.services.secretsmanager", "resolve_secret_string"),
    ("ministack.services.tagging", "_RESOURCE_TAG_COLLECTORS"),
    ("hypercorn.asyncio.tcp_server", "TCPServer"),
)


def missing() -> list[str]:
    """The names that this version of ministack or hypercorn does not have."""
    return [f"{module}.{name}" for module, name in NAMES if not hasattr(importlib.import_module(module), name)]
