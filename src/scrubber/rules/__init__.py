"""Rules as data: the language, the loader, the model."""
