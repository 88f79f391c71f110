"""One page a file: composes widgets and models, holds no rule."""
