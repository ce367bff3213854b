"""The only place that reaches into ministack and hypercorn.

ministack is extended from outside and none of its files are changed. Some of the names that are used here are not part of its documented
interface, so its version is pinned, and `missing()` tells which of them a version does not have.
"""

from .cloudformation import (
    add_cloudformation_type,
    around_custom_resources,
    install_response_host,
    refuse_unrecognized_types,
    refuse_updates,
    see_operations_in_progress,
)
from .connections import cut_connection, install_connections, is_given_up
from .ec2 import (
    add_ec2_actions,
    around_run_instances,
    ec2_tags,
    find_instance,
    image_exists,
    image_owner,
    instance_ids,
    run_instance,
    security_group_exists,
    set_ec2_tags,
    set_ec2_tags_from_request,
    terminate_instance,
)
from .functions import install_functions
from .iam import ResourceArns, add_resource_tags, declare_tagging, delete_role_policy, install_iam, put_role_policy
from .kms import find_key
from .names import NAMES, missing
from .outputs import guard_exports, see_changes_of_outputs
from .requests import (
    ServiceHandler,
    add_service,
    current_scope,
    error_response,
    identify,
    in_scope,
    ministack_app,
    reset_ministack,
    scope_of_request,
    signature_error,
    wrap_service,
)
from .secrets import (
    create_secret,
    find_secret,
    install_secrets,
    key_tags,
    purge_secret,
    random_password,
    secret_ids,
    secret_string,
    update_secret,
)

__all__ = [
    "NAMES",
    "ResourceArns",
    "ServiceHandler",
    "add_cloudformation_type",
    "add_ec2_actions",
    "add_resource_tags",
    "add_service",
    "around_custom_resources",
    "around_run_instances",
    "create_secret",
    "current_scope",
    "cut_connection",
    "declare_tagging",
    "delete_role_policy",
    "ec2_tags",
    "error_response",
    "find_instance",
    "find_key",
    "find_secret",
    "guard_exports",
    "identify",
    "image_exists",
    "image_owner",
    "in_scope",
    "install_connections",
    "install_functions",
    "install_iam",
    "install_response_host",
    "install_secrets",
    "instance_ids",
    "is_given_up",
    "key_tags",
    "ministack_app",
    "missing",
    "purge_secret",
    "put_role_policy",
    "random_password",
    "refuse_unrecognized_types",
    "refuse_updates",
    "reset_ministack",
    "run_instance",
    "scope_of_request",
    "secret_ids",
    "secret_string",
    "security_group_exists",
    "see_changes_of_outputs",
    "see_operations_in_progress",
    "set_ec2_tags",
    "set_ec2_tags_from_request",
    "signature_error",
    "terminate_instance",
    "update_secret",
    "wrap_service",
]
