"""Pure decisions, below the models: they read what they are handed, ask no database and write
nothing."""
