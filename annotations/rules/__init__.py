"""What is true without a database: pure functions and tables over plain values."""
