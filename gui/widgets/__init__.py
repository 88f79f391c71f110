"""Small parts that know values, not the backend."""
