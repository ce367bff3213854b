"""The metrics of Linux subscriptions: how many instances of a subscription run, as CloudWatch has it in the home Regions.

License Manager puts a datum every hour; here it is one at each housekeeping. The namespace is the one that is seen in practice, and that the
organization's metric is in it and has the Region as well is a guess: the user guide has another namespace, and the subscription alone.
"""

from __future__ import annotations

from collections import Counter

from .. import hooks
from ..organizations.store import organization_of
from ..scope import Scope
from ..settings import settings_of_account
from .discovery import Discovery, discovery_of, is_done

_NAMESPACE = "AWS/LicenseManager/LinuxSubscriptions"


def publish(scope: Scope) -> None:
    """Of the Regions that discovery looks into, as long as it does."""
    discovery = discovery_of(scope)
    if not (discovery.enabled and is_done(discovery)):
        return
    for region in discovery.home_regions:
        with hooks.in_scope(Scope(scope.account, region)):
            _record("RunningInstancesCount", _running(discovery, scope.account))
            organization = organization_of(scope.account) if discovery.organization else None
            if organization is not None:
                _record("AggregateRunningInstancesCount", _running(discovery, *organization.accounts))


def _running(discovery: Discovery, *accounts: str) -> Counter[tuple[str, str]]:
    """Subscription and Region -> the instances that run."""
    found: Counter[tuple[str, str]] = Counter()
    for account in accounts:
        for subscription, regions in settings_of_account(account).linuxInstances.items():
            for region, count in regions.items():
                if region in (discovery.source_regions or []):
                    found[subscription, region] += count
    return found


def _record(metric: str, running: Counter[tuple[str, str]]) -> None:
    totals: Counter[str] = Counter()
    for (subscription, region), count in running.items():
        totals[subscription] += count
        hooks.record_metric(_NAMESPACE, metric, count, {"SubscriptionName": subscription, "Region": region})
    for subscription, count in totals.items():
        hooks.record_metric(_NAMESPACE, metric, count, {"SubscriptionName": subscription})
