"""What numbers and statements of a record mean: ISBN, classes, labels of copies."""
