"""The look of every page: layouts, components, icons, forms, dates in words. No tables, no policy."""
