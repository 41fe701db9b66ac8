"""What the intermediate tables promise (docs/architecture.md): keys, nulls, and what the step itself could break."""
