"""The operations, by what they are about. Importing this registers them all."""

from . import actions, apps, checks, code, home, hooks, issues, pulls

__all__ = ["actions", "apps", "checks", "code", "home", "hooks", "issues", "pulls"]
