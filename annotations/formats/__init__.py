"""Other notations for documents, one file each, both ways."""
