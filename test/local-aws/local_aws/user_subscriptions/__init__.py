"""User-based subscriptions of License Manager."""
