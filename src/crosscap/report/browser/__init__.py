"""Every test image of a target language, to be sorted, searched and compared inside the report's page."""
