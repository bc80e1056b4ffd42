"""Django's PostgreSQL backend for values that travel beside a statement."""
