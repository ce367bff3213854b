"""The outputs of CloudFormation's stacks."""

from __future__ import annotations

from typing import Any


class _NoResources(list[Any]):
    """The changes of a change set that changes no resource, and yet something."""

    def __bool__(self) -> bool:
        return True


def see_changes_of_outputs() -> None:
    """A change set changes something, too, if it changes outputs alone."""
    from ministack.services.cloudformation import changesets

    resolve, diff = changesets._resolve_props_for_diff, changesets._diff_resources

    def resolve_props_for_diff(template: dict[str, Any], params: Any, stack_name: str, stack_id: str) -> dict[str, Any]:
        outputs = {**template, "Resources": {"Outputs": {"Properties": template.get("Outputs") or {}}}} if template else {}
        resolved = resolve(outputs, params, stack_name, stack_id).get("Resources", {}).get("Outputs", {}).get("Properties", {})
        return {**resolve(template, params, stack_name, stack_id), "Outputs": resolved}

    def diff_resources(old: dict[str, Any], new: dict[str, Any], *more: Any, **named: Any) -> list[Any]:
        changes: list[Any] = diff(old, new, *more, **named)
        return _NoResources() if not changes and old.get("Outputs") != new.get("Outputs") else changes

    changesets._resolve_props_for_diff = resolve_props_for_diff
    changesets._diff_resources = diff_resources


def guard_exports() -> None:
    """An export that another stack imports can neither go nor change, and two stacks export nothing of one name."""
    from ministack.services import cloudformation
    from ministack.services.cloudformation import stacks

    resolve = stacks._resolve_stack_outputs

    def resolve_stack_outputs(outputs: Any, conditions: Any, resources: Any, params: Any, mappings: Any, stack_name: str, stack_id: str) -> Any:
        resolved, exports = resolve(outputs, conditions, resources, params, mappings, stack_name, stack_id)
        for name, export in list(cloudformation._exports.items()):
            if export["StackId"] != stack_id:
                if name in exports:
                    raise ValueError(f"Export with name {name} is already exported by stack {export['StackId'].split('/')[1]}")
                continue
            if name in exports and exports[name]["Value"] == export["Value"]:
                continue
            importers = _importers(name, stack_name)
            if importers:
                raise ValueError(f"Export {name} cannot be {'updated' if name in exports else 'deleted'} as it is in use by {', '.join(importers)}")
            if name not in exports:
                cloudformation._exports.pop(name, None)
        return resolved, exports

    stacks._resolve_stack_outputs = resolve_stack_outputs


def _importers(export: str, exporting_stack: str) -> list[str]:
    from ministack.services import cloudformation
    from ministack.services.cloudformation import handlers

    return [name for name, stack in cloudformation._stacks.items()
            if name != exporting_stack and not stack.get("StackStatus", "").startswith("DELETE_COMPLETE")
            and export in handlers._imported_export_names(stack, name)]
