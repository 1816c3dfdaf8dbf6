"""The parts of `test_random_actions`: a window that obeys, the model, and the store as others see it."""
