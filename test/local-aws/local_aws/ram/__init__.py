"""AWS RAM, as far as sharing self-managed licenses needs it."""
