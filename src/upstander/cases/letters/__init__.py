"""Letters to families: offered where the policy has one, filled from the record, stopped where they would say too much."""
