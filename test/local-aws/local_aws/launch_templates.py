"""Launches from a launch template: what they take of it, and what policies are asked for."""

from __future__ import annotations

import re
from typing import Any

from . import hooks
from .ec2_hosts import request_value
from .errors import ServiceError


def _data(parameters: dict[str, Any]) -> tuple[str, dict[str, Any]] | None:
    """The id of the launch template that a request names, and what its version has."""
    template_id, name = (request_value(parameters, f"LaunchTemplate.LaunchTemplate{part}") for part in ("Id", "Name"))
    if template_id is None and name is None:
        return None
    found = hooks.launch_template(template_id, name)
    if found is None:
        raise ServiceError("InvalidLaunchTemplateId.NotFound", f"The specified launch template, {template_id or name}, does not exist.")
    wanted = request_value(parameters, "LaunchTemplate.Version") or "$Default"
    number = {"$Default": found["DefaultVersionNumber"], "$Latest": found["LatestVersionNumber"]}.get(wanted, wanted)
    version = next((each for each in found["Versions"] if str(each["VersionNumber"]) == str(number)), None)
    if version is None:
        raise ServiceError("InvalidLaunchTemplateId.VersionNotFound", f"Could not find the specified version {wanted} for the launch template.")
    return found["LaunchTemplateId"], version["LaunchTemplateData"]


def completed(parameters: dict[str, Any]) -> dict[str, Any]:
    """The parameters of a launch, with those that it takes of its template: what the request has, takes the place of what the template has.

    A template that CloudFormation makes has all that it was given; of one that EC2 is asked to make, ministack keeps no licenses.
    """
    found = _data(parameters)
    if found is None:
        return parameters
    _, data = found
    taken = {name: data[name] for name in ("ImageId", "InstanceType") if name in data}
    taken.update({f"Placement.{name}": value for name, value in data.get("Placement", {}).items()})
    if not any(re.match(r"LicenseSpecification\.", name) for name in parameters):
        taken.update({f"LicenseSpecification.{index}.LicenseConfigurationArn": each["LicenseConfigurationArn"]
                      for index, each in enumerate(data.get("LicenseSpecifications", []), 1)})
    return {**{name: [str(value)] for name, value in taken.items()}, **parameters}


def arns(parameters: dict[str, Any], region: str) -> list[str]:
    """What IAM is asked for beside the instance: the AMI, the launch template and the licenses of that."""
    try:
        all_of_it, found = completed(parameters), _data(parameters)
    except ServiceError:
        return []  # It is refused anyway.
    scope = hooks.current_scope()
    image = request_value(all_of_it, "ImageId")
    asked = [f"arn:{scope.partition}:ec2:{region}::image/{image}"] if image else []
    if found is not None:
        asked.append(scope.arn("ec2", f"launch-template/{found[0]}"))
    return asked + [value[0] for name, value in all_of_it.items() if name.startswith("LicenseSpecification.") and name not in parameters]


def condition_keys(parameters: dict[str, Any], arn: str) -> dict[str, Any]:
    """Those of one resource of a launch, and no others (service authorization reference). Licenses have none."""
    try:
        all_of_it, found = completed(parameters), _data(parameters)
    except ServiceError:
        return {}
    kind = arn.split(":", 5)[-1].partition("/")[0]
    if kind not in ("image", "instance", "launch-template"):
        return {}
    template = {} if found is None else {"ec2:LaunchTemplate": hooks.current_scope().arn("ec2", f"launch-template/{found[0]}")}
    if kind == "image":
        is_of_template = str(found is not None and "ImageId" not in parameters).lower()
        return {**template, "ec2:ImageID": request_value(all_of_it, "ImageId"), "ec2:IsLaunchTemplateResource": is_of_template}
    if kind == "instance":
        on_host = any(request_value(all_of_it, f"Placement.{name}") for name in ("HostId", "HostResourceGroupArn"))
        tenancy = request_value(all_of_it, "Placement.Tenancy") or ("host" if on_host else "default")
        tags = _tags(parameters)
        of_tags = {"aws:TagKeys": list(tags), **{f"aws:RequestTag/{key}": value for key, value in tags.items()}} if tags else {}
        return {**template, **of_tags, "ec2:InstanceType": request_value(all_of_it, "InstanceType") or "m1.small", "ec2:Tenancy": tenancy}
    return template


def _tags(parameters: dict[str, Any]) -> dict[str, str]:
    """Those that a launch gives to its instances, of the request and of the template."""
    found = _data(parameters)
    tags = {tag["Key"]: tag["Value"] for each in (found[1] if found else {}).get("TagSpecifications", []) if each.get("ResourceType") == "instance"
            for tag in each.get("Tags", [])}
    for name in parameters:
        match = re.fullmatch(r"(TagSpecification\.\d+)\.Tag\.(\d+)\.Key", name)
        if match and request_value(parameters, f"{match[1]}.ResourceType") == "instance":
            tags[request_value(parameters, name) or ""] = request_value(parameters, f"{match[1]}.Tag.{match[2]}.Value") or ""
    return tags
