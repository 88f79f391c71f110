"""How a model is trained: requests, trainers, the child process and its supervisor."""
