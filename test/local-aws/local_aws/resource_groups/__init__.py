"""AWS Resource Groups, as far as host resource groups need it. Groups with a resource query are not modelled."""
