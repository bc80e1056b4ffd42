"""The worker's jobs. Each module registers its tasks when the worker starts (settings name this
package); like every door, a job calls actions and keeps no rule of its own."""

from annotations.jobs import heads, housekeeping, rescue, webhooks

__all__ = ["heads", "housekeeping", "rescue", "webhooks"]
