"""How good a model is: the scores of the annotation guide's section 5."""
