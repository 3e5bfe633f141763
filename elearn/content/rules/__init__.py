"""What a content file must be."""
