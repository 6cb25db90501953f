"""What numbers and statements of a record mean: ISBN, classes, extent, labels of copies."""
