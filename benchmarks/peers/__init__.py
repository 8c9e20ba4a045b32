"""What "upstander conform" is measured against."""
