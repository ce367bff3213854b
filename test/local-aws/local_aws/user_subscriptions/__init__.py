"""User-based subscriptions of License Manager, as far as license server endpoints go."""
