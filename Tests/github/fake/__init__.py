"""A GitHub that stands on this machine: the REST operations of the schema file, git over HTTP, and faults on demand."""
