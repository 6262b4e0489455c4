"""From annotated documents to a checkpoint."""
