"""Whether a difference between two systems could be chance: resampling of the images that they were scored on."""
