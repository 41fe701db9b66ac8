"""How fast the platform is, as ratios to references that must give equal figures: docs/performance.md.

Belongs here: what is delivered to it, what is run and measured, the references, and the page made from the outcome.
Does not belong here: any figure that the platform publishes. The platform is run as `ketenzicht`, the command that
its users pay for; nothing of `orchestration` is imported.
"""
