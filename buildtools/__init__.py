"""What builds the parts of the package that are not in the source tree: the gazetteer file and the page's assets."""
