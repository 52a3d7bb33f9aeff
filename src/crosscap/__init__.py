"""Image captioning in languages that have no image-caption data."""
