"""Keys and encryption primitives. Import ``upstander.vault.keys`` (functions) and ``upstander.vault.fields`` (model field)."""
