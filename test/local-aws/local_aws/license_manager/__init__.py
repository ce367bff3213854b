"""License Manager: license configurations, their associations, usage and tags."""
