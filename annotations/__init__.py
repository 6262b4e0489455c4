"""What a labelled document is: types, labels, file formats, corpus."""
