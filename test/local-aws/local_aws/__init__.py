"""A local AWS with License Manager: ministack, extended from outside.

See docs/local-aws.md for what it is and how to use it.
"""
