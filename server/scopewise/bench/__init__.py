"""The product's own measurements: ratios, taken side by side in one run."""
