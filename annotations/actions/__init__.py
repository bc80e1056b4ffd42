"""Every write: one function a verb. Each runs in a transaction, takes its lock, asks whether the
actor may, applies the rule, saves, and writes the event. Actions take ids, so that the lock is
taken inside; they raise the refusals of `annotations.rules.refusals`."""
