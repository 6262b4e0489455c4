"""The catalogue of weapons: models and generic words with their classes, in `weapons.tsv`, and its index in `table`."""
