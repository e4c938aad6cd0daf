"""A second implementation of the theorems that assay checks: Python, 60 digits and more, no code shared with the program."""
