"""Help for tests and benchmarks that need more than Python."""
