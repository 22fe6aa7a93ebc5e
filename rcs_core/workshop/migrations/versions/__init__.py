"""One file a version of the store; a version that has been used is never edited again."""
