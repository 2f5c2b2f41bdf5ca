"""Training: recipes, data loading, augmentation, export. Needs the extra `train` (torch)."""
