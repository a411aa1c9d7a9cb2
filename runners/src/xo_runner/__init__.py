"""Carries out one attempt of an AutomationRun. See runners/contract.md for what goes in and what comes out."""
