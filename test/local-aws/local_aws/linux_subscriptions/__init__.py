"""Linux subscriptions of License Manager, as far as subscription providers go."""
