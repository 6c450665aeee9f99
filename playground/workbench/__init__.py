"""What every tab stands on: Page, parameter form, inspector, filter chips, describe(error)."""
